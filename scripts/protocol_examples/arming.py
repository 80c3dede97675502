"""The example of an armed session: two signed messages, the key that both make, a beat."""

from __future__ import annotations

import hashlib
import hmac

from scripts.protocol_examples import annotated
from scripts.protocol_examples.annotated import Part, Signed
from scripts.protocol_examples.cast import (
    APP,
    APP_EPHEMERAL,
    DEVICE,
    DEVICE_EPHEMERAL,
    DEVICE_ID,
    NONCE,
    PATIENT_ID,
    SESSION_ID,
)
from scripts.protocol_examples.page import Value, answer, block, cbor, plain, request
from scripts.vectors.keys import TestKey
from shared.dose import prescription as prescriptions
from shared.trust import session_key, sign1
from shared.trust.statements import Arm, ArmAnswer
from shared.wire import canonical
from shared.wire.operations import (
    Answer,
    ArmResult,
    Nothing,
    Operation,
    Request,
    SealedArguments,
    StatementArguments,
    StatusCode,
)
from tests.shared.clinic import itbs

ARMED_FOR_MS = 120_000
PAUSES = 1
"""How many pauses the status tells of where the example goes on."""


def message() -> bytes:
    """The app's signed request to arm."""
    named = prescriptions.hash_of(prescriptions.to_bytes(itbs()))
    asked = Arm(NONCE, SESSION_ID, PATIENT_ID, named, APP_EPHEMERAL.public_key.data)
    return sign1.sign(asked, audience=DEVICE_ID, signer=APP)


def reply() -> bytes:
    """The band's signed answer."""
    said = ArmAnswer(
        sign1.name_of(message()), SESSION_ID, DEVICE_EPHEMERAL.public_key.data, ARMED_FOR_MS
    )
    return sign1.sign(said, audience=APP.public_key.key_id, signer=DEVICE)


def key() -> bytes:
    """The session's key."""
    return session_key.derive(APP_EPHEMERAL, DEVICE_EPHEMERAL.public_key, message(), reply())


def arming() -> str:
    """The whole agreement, step by step."""
    asked, given = message(), reply()
    z = APP_EPHEMERAL.agree(DEVICE_EPHEMERAL.public_key)
    info = b"circlet/session/v1" + hashlib.sha256(asked).digest() + hashlib.sha256(given).digest()
    return block(
        "arming",
        *_keys(),
        request(
            "request",
            Request(16, Operation.ARM, StatementArguments(asked)),
            {"statement": Signed(Arm)},
        ),
        _to_be_signed(asked),
        answer(
            "answer",
            Answer(16, StatusCode.OK, ArmResult(given)),
            Operation.ARM,
            {"answer": Signed(ArmAnswer)},
        ),
        plain("arm-hash", hashlib.sha256(asked).digest(), "SHA-256 of the statement"),
        plain("answer-hash", hashlib.sha256(given).digest(), "SHA-256 of the answer"),
        plain("z", z, "x of the shared point"),
        plain("prk", hmac.digest(bytes(32), z, "sha256"), "HMAC-SHA-256(32 zero bytes, z)"),
        plain("info", info, "circlet/session/v1, both hashes"),
        plain("key", key(), "HMAC-SHA-256(prk, info || 01)"),
    )


def beat() -> str:
    """The first command under the key, and a resumption that names its pause."""
    writer = session_key.CommandWriter(key(), SESSION_ID)
    beaten = writer.seal(int(Operation.BEAT))
    resumed = writer.seal(int(Operation.RESUME), PAUSES)
    return block(
        "beat",
        _mac_input("beat-input", Operation.BEAT, beaten[0], 0),
        plain("beat-mac", beaten[1], "first 16 bytes of its HMAC-SHA-256"),
        request("beat-request", Request(17, Operation.BEAT, SealedArguments(*beaten))),
        answer("beat-answer", Answer(17, StatusCode.OK, Nothing()), Operation.BEAT),
        _mac_input("resume-input", Operation.RESUME, resumed[0], PAUSES),
        plain("resume-mac", resumed[1], "first 16 bytes of its HMAC-SHA-256"),
        request("resume-request", Request(18, Operation.RESUME, SealedArguments(*resumed))),
    )


def _keys() -> list[Value]:
    named: dict[str, tuple[TestKey, str]] = {
        "app-key": (APP, "of the TEST KEY `app key`"),
        "device-key": (DEVICE, "of the TEST KEY `device key`"),
        "app-ephemeral": (APP_EPHEMERAL, "of the TEST KEY `app's ephemeral key`"),
        "device-ephemeral": (DEVICE_EPHEMERAL, "of the TEST KEY `device's ephemeral key`"),
    }
    return [plain(name, each.public_key.data, words) for name, (each, words) in named.items()]


def _to_be_signed(envelope: bytes) -> Value:
    protected, _, payload, _ = canonical.decode(envelope[1:])
    parts = [Part("context"), Part("protected"), Part("external data"), Part("payload")]
    data = canonical.encode(["Signature1", protected, b"", payload])
    lines = annotated.annotated(data, Part("Sig_structure", parts))
    words = "what the app's signature is over"
    return Value("to-be-signed", (f"{'to-be-signed =':{annotated.WIDTH}} ; {words}", *lines))


def _mac_input(name: str, operation: Operation, counter: int, value: int) -> Value:
    parts = [Part("operation", Operation), Part("session_id"), Part("counter"), Part("value")]
    data = canonical.encode([int(operation), SESSION_ID, counter, value])
    return cbor(name, data, parts, "what the MAC is over")
