"""Examples of talk that needs no signature: frames, hello, nonce, blobs, status."""

from __future__ import annotations

import hashlib

from scripts.protocol_examples.cast import APP, DEVICE_ID, EPOCH, NONCE, NOW_S, SESSION_ID
from scripts.protocol_examples.page import answer, block, cbor, plain, request
from shared.dose.reasons import ReasonCode
from shared.wire import fields, operations, racp
from shared.wire.blob_parts import (
    HEAD_BYTES,
    Verdict,
    Word,
    encode_word,
    parts,
    stream_of,
)
from shared.wire.framing import frames
from shared.wire.operations import (
    Answer,
    BlobKind,
    HelloResult,
    NonceArguments,
    NoncePurpose,
    NonceResult,
    Nothing,
    Operation,
    Refusal,
    Request,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import SessionKind
from shared.wire.status import DeviceState, ReasonWire, Status, Telemetry

SHORTEST_VALUE_BYTES = 20
"""What an ATT MTU of 23 leaves."""

BLOB = b"the bytes of a blob"
FIRST_PART_BYTES = 11
"""So many bytes of it come before the loss."""


def framed() -> str:
    """A message cut at the shortest MTU."""
    message = operations.encode_request(
        Request(1, Operation.REQUEST_OUTCOME, RequestOutcomeArguments(7, bytes(32), 3, 41))
    )
    cut = list(frames(message, SHORTEST_VALUE_BYTES))
    named = [plain(f"frame-{number}", each, _words(each)) for number, each in enumerate(cut)]
    short = operations.encode_request(Request(2, Operation.STOP, Nothing()))
    whole = next(frames(short, SHORTEST_VALUE_BYTES))
    return block(
        "frames",
        plain("message", message, f"{len(message)} bytes, at an MTU of 23"),
        *named,
        plain("short-message", short, "STOP"),
        plain("short-frame", whole, "number 0, kind 0 (whole), the message"),
    )


def _words(frame: bytes) -> str:
    number, kind = divmod(frame[0], 4)
    names = ("whole", "first, then the length in two bytes", "more", "last")
    return f"number {number}, kind {kind}: {names[kind]}"


def hello() -> str:
    """Who the band is."""
    result = HelloResult(
        device_id=DEVICE_ID,
        protocol_version=1,
        firmware="1.0.0-demo",
        state=int(DeviceState.IDLE),
        provisioned=True,
        epoch=EPOCH,
        head_number=12,
        serial=1,
        clock_trusted=True,
        app_key_id=APP.public_key.key_id,
        initials="T.P.",
        control_key_id=APP.public_key.key_id,
    )
    return block(
        "hello",
        request("request", Request(1, Operation.HELLO, Nothing())),
        answer("answer", Answer(1, StatusCode.OK, result), Operation.HELLO),
    )


def nonce() -> str:
    """A nonce, and a refusal with lock reasons."""
    reasons = (int(ReasonCode.SCREENING_NEEDED), int(ReasonCode.BATTERY))
    return block(
        "nonce",
        request("request", Request(2, Operation.NONCE, NonceArguments(NoncePurpose.ARM))),
        answer("answer", Answer(2, StatusCode.OK, NonceResult(NONCE)), Operation.NONCE),
        answer(
            "refused",
            Answer(3, StatusCode.LOCKED, Refusal("locked", reasons)),
            Operation.ARM,
        ),
    )


def blob() -> str:
    """A blob in parts; and how one goes on after a loss."""
    stream = stream_of(BlobKind.TRANSFER, BLOB, stream=1)
    sent = [
        plain(f"part-{number}", part, f"number {number}, then bytes of the stream")
        for number, part in enumerate(parts(stream, SHORTEST_VALUE_BYTES))
    ]
    held = FIRST_PART_BYTES
    whole = encode_word(Word(1, Verdict.WHOLE, len(BLOB)))
    go_on = encode_word(Word(2, Verdict.GO_ON, held))
    return block(
        "blob",
        plain("bytes", BLOB, "the blob, a TRANSFER"),
        plain("head", stream[:HEAD_BYTES], "stream 1, kind, size, offset 0, SHA-256"),
        plain("stream", stream, "the head, then the bytes"),
        *sent,
        plain("whole", whole, f"the band's word: stream 1, WHOLE, {len(BLOB)} bytes"),
        plain(
            "question",
            stream_of(BlobKind.TRANSFER, BLOB, stream=2, offset=None),
            "after a loss, stream 2 asks what is held",
        ),
        plain("go-on", go_on, f"the band's word: stream 2, GO_ON, {held} bytes"),
        plain(
            "rest",
            stream_of(BlobKind.TRANSFER, BLOB, stream=3, offset=held),
            f"stream 3, from byte {held} on",
        ),
    )


def outcome() -> str:
    """A request whose answer was lost, and what became of it."""
    lost = Request(7, Operation.PLACE_HOLD, StatementArguments(b"a hold"))
    digest = hashlib.sha256(operations.encode_request(lost)).digest()
    asked = RequestOutcomeArguments(7, digest, boot_count=3, requests_taken=41)
    operation = Operation.REQUEST_OUTCOME
    refused = RequestOutcomeResult(
        RequestOutcome.REFUSED, StatusCode.NOT_TRUSTED, Refusal("trust_signature")
    )
    results = {"done": RequestOutcomeResult(RequestOutcome.CARRIED_OUT), "refused": refused}
    answers = [
        answer(name, Answer(8, StatusCode.OK, result), operation)
        for name, result in results.items()
    ]
    return block("outcome", request("request", Request(8, operation, asked)), *answers)


def record_access() -> str:
    """Everything that is written to the Record Access Control Point, and what it answers."""
    asked = {
        "report-all": racp.Request(racp.OpCode.REPORT, racp.Operator.ALL),
        "report-from-513": racp.Request(racp.OpCode.REPORT, racp.Operator.FROM, 513),
        "count-all": racp.Request(racp.OpCode.COUNT, racp.Operator.ALL),
        "abort": racp.Request(racp.OpCode.ABORT),
    }
    given = {
        "counted-600": racp.Response(racp.OpCode.COUNT, count=600),
        "reported": racp.Response(racp.OpCode.REPORT, result=racp.Result.SUCCESS),
        "no-records": racp.Response(racp.OpCode.REPORT, result=racp.Result.NO_RECORDS),
        "aborted": racp.Response(racp.OpCode.ABORT, result=racp.Result.SUCCESS),
    }
    requests = [plain(name, racp.encode_request(each), "written") for name, each in asked.items()]
    answers = [plain(name, racp.encode_response(each), "indicated") for name, each in given.items()]
    return block("record-access", *requests, *answers)


def status() -> str:
    """The status of a locked band, that of a session, and a sample of telemetry."""
    locked = Status(
        state=DeviceState.IDLE,
        proven_ms=7_200_000,
        reasons=(
            ReasonWire(int(ReasonCode.SESSION_INTERVAL), 21_600_000),
            ReasonWire(int(ReasonCode.SCREENING_NEEDED)),
        ),
        head_number=12,
        battery_percent=80,
        coil_temperature_c=24,
        contact=True,
        position_ok=True,
        clock_trusted=True,
        serial=1,
        clock_ms=NOW_S * 1000,
    )
    running = Status(
        state=DeviceState.STIMULATING,
        proven_ms=7_260_000,
        reasons=(),
        head_number=15,
        battery_percent=79,
        coil_temperature_c=27,
        contact=True,
        position_ok=True,
        clock_trusted=True,
        session_id=SESSION_ID,
        train=2,
        trains=20,
        charged_pulses=60,
        planned_pulses=600,
        left_ms=180_000,
        serial=1,
        firing=True,
        session_kind=int(SessionKind.TREATMENT),
        part=0,
        percent_mso=62,
    )
    sample = Telemetry(60_000, 27, 79, True, True, 60)
    return block(
        "status",
        cbor("idle", fields.pack(locked), Status, "read, or notified"),
        cbor("session", fields.pack(running), Status, "in the second train"),
        cbor("telemetry", fields.pack(sample), Telemetry, "one sample"),
    )
