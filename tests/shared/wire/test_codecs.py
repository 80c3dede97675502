"""Every codec there and back, and nothing but a typed error for anything else."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import hashlib
import types
import typing
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dose import prescription as prescriptions
from shared.stimulation.pattern import Pattern
from shared.trust import sealing, sign1, statements
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire import blob_parts, canonical, fields, items, operations, racp, records, ticks
from shared.wire.errors import WireError
from shared.wire.operations import TABLE, Answer, Operation, Refusal, Request, StatusCode
from shared.wire.records import BODIES, MAXIMUM_RECORD_BYTES, Record, RecordType
from shared.wire.status import DeviceState, Status, Telemetry
from tests.shared.clinic import Clinic, itbs

BIG = 2**53 - 1
KEY = SoftwareKey.generate()
DATACLASSES: list[type[Any]] = [
    *BODIES.values(),
    *dict.fromkeys(row.arguments for row in TABLE.values()),
    *dict.fromkeys(row.result for row in TABLE.values()),
    *(
        kind
        for kind in vars(statements).values()
        if isinstance(kind, type) and hasattr(kind, "TYPE")
    ),
    Refusal,
    Status,
    Telemetry,
    Assertion,
    Pattern,
    items.SignedPrescription,
    items.SignedHold,
    items.SignedReceipt,
    items.CheckinBody,
    prescriptions.Threshold,
    prescriptions.Limits,
]


def scalar(hint: Any, limits: fields.Limits) -> st.SearchStrategy[Any]:
    """Return values of one field's type within its declared limits."""
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(limits.minimum, BIG if limits.maximum is None else limits.maximum)
    low, high = limits.minimum, 64 if limits.maximum is None else min(limits.maximum, 96)
    if limits.length is not None:
        low = high = limits.length
    if hint is str:
        return st.text("abc:Ä", min_size=low, max_size=high).filter(
            lambda text: len(text.encode()) <= high
        )
    return st.binary(min_size=low, max_size=high)


def values(hint: Any, limits: fields.Limits) -> st.SearchStrategy[Any]:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return st.none() | values(inner, limits)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        most = 4 if limits.maximum is None else min(limits.maximum, 4)
        item = values(inner, fields.Limits(0, 0, None, None))
        return st.lists(item, min_size=limits.minimum, max_size=most).map(tuple)
    if dataclasses.is_dataclass(hint):
        return instances(typing.cast(type[Any], hint))
    return scalar(hint, limits)


def instances(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Return instances of a dataclass with wire fields."""
    if kind is Pattern:
        return st.just(itbs().parts[0].pattern)
    hints = typing.get_type_hints(kind)
    return st.builds(
        kind,
        **{
            field.name: values(hints[field.name], field.metadata["wire"])
            for field in dataclasses.fields(kind)
        },
    )


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__name__)
def test_what_is_packed_comes_back(kind: type[Any]) -> None:
    @given(instances(kind))
    @settings(max_examples=25, deadline=None)
    def there_and_back(value: Any) -> None:
        data = fields.pack(value)
        assert fields.unpack(kind, data) == value
        assert fields.pack(fields.unpack(kind, data)) == data

    there_and_back()


@pytest.mark.parametrize("kind", list(BODIES), ids=lambda kind: kind.name.lower())
def test_a_record_comes_back_and_stays_within_128_bytes(kind: RecordType) -> None:
    numbers = st.integers(0, 2**31)

    @given(instances(BODIES[kind]), numbers, numbers, st.none() | st.integers(0, 2**42))
    @settings(max_examples=25, deadline=None)
    def there_and_back(body: Any, number: int, uptime_ms: int, clock_ms: int | None) -> None:
        record = Record(number, kind, 7, uptime_ms, clock_ms, body)
        data = records.encode_record(record)
        assert len(data) <= MAXIMUM_RECORD_BYTES
        assert records.decode_record(data) == record

    there_and_back()


@pytest.mark.parametrize("kind", sorted(set(RecordType) - set(BODIES)))
def test_a_reserved_type_is_read_empty_and_refused_with_a_body(kind: RecordType) -> None:
    record = Record(1, kind, 1, 1, None, None)
    assert records.decode_record(records.encode_record(record)) == record
    with pytest.raises(WireError):
        records.decode_record(canonical.encode([1, int(kind), 1, 1, None, {1: 1}]))


@pytest.mark.parametrize("operation", list(Operation), ids=lambda one: one.name.lower())
def test_a_request_and_its_answer_come_back(operation: Operation) -> None:
    row, ids = TABLE[operation], st.integers(0, 2**32 - 1)

    @given(ids, instances(row.arguments), instances(row.result), instances(Refusal))
    @settings(max_examples=10, deadline=None)
    def there_and_back(request_id: int, asked: Any, result: Any, refusal: Any) -> None:
        request = Request(request_id, operation, asked)
        data = operations.encode_request(request)
        assert operations.decode_request(data) == request
        assert operations.request_id_of(data) == request_id
        for status, said in ((StatusCode.OK, result), (StatusCode.LOCKED, refusal)):
            answer = Answer(request_id, status, said)
            data = operations.encode_answer(answer)
            assert operations.decode_answer(data, operation) == answer
            assert operations.answer_id_of(data) == request_id

    there_and_back()


def test_every_operation_has_one_line_in_the_table() -> None:
    assert set(TABLE) == set(Operation)


@given(st.sampled_from(racp.OpCode), st.integers(0, 2**32 - 1))
def test_a_record_access_request_comes_back(op_code: racp.OpCode, first: int) -> None:
    for request in (
        racp.Request(op_code, racp.Operator.FROM, first),
        racp.Request(op_code, racp.Operator.ALL),
        racp.Request(op_code),
    ):
        assert racp.decode_request(racp.encode_request(request)) == request


@given(st.sampled_from(racp.OpCode), st.sampled_from(racp.Result), st.integers(0, 2**32 - 1))
def test_a_record_access_response_comes_back(
    op_code: racp.OpCode, result: racp.Result, count: int
) -> None:
    for response in (
        racp.Response(op_code, result=result),
        racp.Response(racp.OpCode.COUNT, count=count),
    ):
        assert racp.decode_response(racp.encode_response(response)) == response


@given(st.integers(0, 2**60), st.integers(0, 2**60), st.integers(0, 2**60))
def test_a_tick_comes_back(number: int, elapsed_ms: int, wall_ms: int) -> None:
    tick = ticks.Tick(number, elapsed_ms, wall_ms)
    assert ticks.parse_tick(ticks.tick_line(tick)) == tick


# Bytes that nobody packed

VERIFYING_KEY = KEY.public_key
CLINIC = Clinic()
HOLD = sign1.sign(
    PlaceHold(bytes(16), HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1),
    audience=b"a",
    signer=KEY,
)

DECODERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "canonical": (canonical.decode, canonical.encode([1, {2: b"x", 3: "y"}, None, True, -5])),
    "record": (
        records.decode_record,
        records.encode_record(
            Record(3, RecordType.SLICE_CLOSED, 1, 9, 9, records.SliceClosedBody(1, 1, 30, 30, 9))
        ),
    ),
    "request": (
        operations.decode_request,
        operations.encode_request(
            Request(5, Operation.NONCE, operations.NonceArguments(operations.NoncePurpose.ARM))
        ),
    ),
    "request id": (
        operations.request_id_of,
        operations.encode_request(Request(5, Operation.STOP, operations.Nothing())),
    ),
    "answer": (
        lambda data: operations.decode_answer(data, Operation.HEAD),
        operations.encode_answer(Answer(5, StatusCode.LOCKED, Refusal("locked", (1, 2)))),
    ),
    "status": (
        lambda data: fields.unpack(Status, data),
        fields.pack(
            Status(
                state=DeviceState.IDLE,
                proven_ms=1,
                reasons=(),
                head_number=1,
                battery_percent=1,
                coil_temperature_c=1,
                contact=True,
                position_ok=True,
                clock_trusted=True,
            )
        ),
    ),
    "prescription": (prescriptions.from_bytes, prescriptions.to_bytes(itbs())),
    "signed prescription": (
        lambda data: fields.unpack(items.SignedPrescription, data),
        CLINIC.prescribe(itbs()),
    ),
    "racp request": (
        racp.decode_request,
        racp.encode_request(racp.Request(racp.OpCode.REPORT, racp.Operator.FROM, 9)),
    ),
    "racp response": (
        racp.decode_response,
        racp.encode_response(racp.Response(racp.OpCode.COUNT, count=9)),
    ),
    "blob head": (
        blob_parts.decode_head,
        blob_parts.stream_of(operations.BlobKind.TRANSFER, b"x", offset=None),
    ),
    "blob word": (
        blob_parts.decode_word,
        blob_parts.encode_word(blob_parts.Word(1, blob_parts.Verdict.GO_ON, 300)),
    ),
    "blob part": (blob_parts.read_part, b"\0x"),
    "tick": (ticks.parse_tick, ticks.tick_line(ticks.Tick(1, 2, 3))),
    "line": (ticks.parse_line, ticks.join_line("phone", acks=True)),
    "envelope": (sign1.peek, HOLD),
    "statement": (
        lambda data: sign1.verify(PlaceHold, data, audience=b"a", key=VERIFYING_KEY),
        HOLD,
    ),
    "sealed": (
        lambda data: sealing.open_sealed(data, key=KEY, context=b"c"),
        sealing.seal(b"plain", to=KEY.public_key, context=b"c"),
    ),
    "public key": (PublicKey, KEY.public_key.data),
    "private key": (SoftwareKey.from_pem, KEY.to_pem()),
}


@pytest.mark.parametrize("name", list(DECODERS))
def test_arbitrary_bytes_raise_a_typed_error_or_nothing(name: str) -> None:
    decode, _ = DECODERS[name]

    @given(st.binary(max_size=120) | st.builds(cbor2.dumps, junk()))
    @settings(max_examples=120, deadline=None)
    def feed(data: bytes) -> None:
        decodes_or_refuses(decode, data)

    feed()


@pytest.mark.parametrize("name", list(DECODERS))
def test_valid_bytes_with_a_change_raise_a_typed_error_or_nothing(name: str) -> None:
    decode, valid = DECODERS[name]
    decode(valid)

    @given(st.data())
    @settings(max_examples=120, deadline=None)
    def feed(data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(valid) - 1))
        way = data.draw(st.sampled_from(["flip", "cut", "insert", "drop"]))
        byte = bytes([data.draw(st.integers(0, 255))])
        changed = {
            "flip": valid[:place] + byte + valid[place + 1 :],
            "cut": valid[:place],
            "insert": valid[:place] + byte + valid[place:],
            "drop": valid[:place] + valid[place + 1 :],
        }[way]
        decodes_or_refuses(decode, changed)

    feed()


def decodes_or_refuses(decode: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(WireError, TrustError):
        decode(data)


def junk() -> st.SearchStrategy[Any]:
    """Return CBOR values of every kind, tags with library magic among them."""
    leaves = (
        st.integers(-(2**70), 2**70)
        | st.binary(max_size=8)
        | st.text(max_size=8)
        | st.booleans()
        | st.none()
        | st.floats()
    )
    tags = st.sampled_from([0, 1, 2, 3, 4, 5, 18, 28, 29, 30, 35, 36, 37, 100, 258, 260, 261])
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=6)
            | st.dictionaries(st.integers(-3, 30) | st.text(max_size=2), inner, max_size=5)
            | st.builds(cbor2.CBORTag, tags, inner)
        ),
        max_leaves=12,
    )


@pytest.mark.parametrize(
    "data",
    [
        "c5821a7fffffff01",
        "c4823b7fffffffffffffff01",
        "9b7fffffffffffffff",
        "5b7fffffffffffffff",
        "d81c81d81d00",
    ],
    ids=["big float", "big decimal", "long list", "long bytes", "a list that holds itself"],
)
def test_what_makes_the_library_stumble_is_refused(data: str) -> None:
    with pytest.raises(WireError):
        canonical.decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "data",
    [
        "1800",
        "190001",
        "5f4100ff",
        "9f01ff",
        "bf0102ff",
        "a202010101",
        "a201010102",
        "f90000",
        "fb3ff0000000000000",
        "f7",
        "c000",
        "a1616101",
        "a12001",
        "0000",
        "",
        "1bffffffffffffffff00",
    ],
)
def test_any_second_spelling_is_refused(data: str) -> None:
    with pytest.raises(WireError):
        canonical.decode(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["83 01 f5 a0", "83 01 f4 a0"])
def test_true_is_no_number(data: str) -> None:
    """Python would take True for 1, and a request would have two spellings."""
    with pytest.raises(WireError):
        operations.decode_request(bytes.fromhex(data))
    with pytest.raises(WireError):
        operations.decode_answer(bytes.fromhex(data), Operation.STOP)
    with pytest.raises(WireError):
        records.decode_record(canonical.encode([1, True, 1, 1, None, {}]))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(WireError, match="unknown key 9"):
        fields.from_map(operations.NonceArguments, {1: 1, 9: 0})


def test_a_missing_key_and_a_wrong_type_are_named() -> None:
    with pytest.raises(WireError, match=r"NonceArguments\.purpose"):
        fields.from_map(operations.NonceArguments, {})
    with pytest.raises(WireError, match="digest"):
        fields.from_map(operations.RequestOutcomeArguments, {1: 1, 2: "text", 3: 1, 4: 1})


def test_the_record_access_control_point_has_one_spelling() -> None:
    count = bytearray(racp.encode_response(racp.Response(racp.OpCode.COUNT, count=1)))
    count[1] = 1
    with pytest.raises(WireError):
        racp.decode_response(bytes(count))


def test_ids_of_items_say_what_they_are() -> None:
    digest = hashlib.sha256(b"").digest()[:16]
    made = {
        items.record_id(digest, digest, 1),
        items.record_id(digest, digest, 2),
        items.head_id(digest, digest, 1, digest),
        items.session_log_id(digest),
    }
    assert len(made) == 4
