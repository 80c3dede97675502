"""The control point: one request, one answer, by one table.

A request is the CBOR list ``[request_id, operation, arguments]``, an answer
``[request_id, status, result]``; arguments and results are maps with small keys. Each operation's
authority and permitted states stand in ``AUTHORITY``: what changes anything is signed or carries
the session's MAC; reads, stop and pause need the authenticated link alone (R22).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.trust.session_key import MAC_BYTES
from shared.trust.statements import HASH_BYTES, ID_BYTES, NONCE_BYTES
from shared.wire import canonical, fields
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.operation_codes import (
    NONCE_LIFE_MS,
    Authority,
    BlobKind,
    NoncePurpose,
    Operation,
    StatusCode,
)
from shared.wire.outcomes import (
    Outcome,
    OutcomeResult,
    Refusal,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
    SessionArguments,
)
from shared.wire.record_types import PauseCause

__all__ = [
    "ENDS_A_PAUSE",
    "MAXIMUM_REQUEST_BYTES",
    "NONCE_LIFE_MS",
    "REPEATABLE",
    "TABLE",
    "Answer",
    "ArmResult",
    "Authority",
    "BlobKind",
    "HeadArguments",
    "HeadResult",
    "HelloResult",
    "NonceArguments",
    "NoncePurpose",
    "NonceResult",
    "Nothing",
    "Operation",
    "Outcome",
    "OutcomeResult",
    "PauseArguments",
    "Refusal",
    "Request",
    "RequestOutcome",
    "RequestOutcomeArguments",
    "RequestOutcomeResult",
    "Row",
    "SealedArguments",
    "SealedPercentArguments",
    "SessionArguments",
    "StatementArguments",
    "StatusCode",
    "UnknownOperation",
    "answer_id_of",
    "decode_answer",
    "decode_request",
    "encode_answer",
    "encode_request",
    "request_id_of",
]

MAXIMUM_REQUEST_BYTES = 1024


class UnknownOperation(WireError):
    """A request of an operation that this version does not have."""

    def __init__(self, code: int) -> None:
        super().__init__("operation", f"{code!r:.20} is unknown")


@dataclass(frozen=True)
class Nothing:
    """No arguments, or no result."""


@dataclass(frozen=True)
class NonceArguments:
    """Ask for a nonce."""

    purpose: NoncePurpose = wire(1)


@dataclass(frozen=True)
class NonceResult:
    """A nonce for one use."""

    nonce: bytes = wire(1, length=NONCE_BYTES)


@dataclass(frozen=True)
class HelloResult:
    """Who the device is and where it stands; ``nonce``-free, for the phone's orientation.

    ``first_number`` is the oldest record that it keeps; where that is not 1, ``before_first`` is
    the chain's hash before it (R28).
    """

    device_id: bytes = wire(1, length=ID_BYTES)
    protocol_version: int = wire(2)
    firmware: str = wire(3, maximum=16)
    state: int = wire(4)
    provisioned: bool = wire(5)
    epoch: bytes = wire(6, length=ID_BYTES)
    head_number: int = wire(7)
    serial: int = wire(8)
    clock_trusted: bool = wire(9)
    app_key_id: bytes | None = wire(10, length=ID_BYTES, default=None)
    initials: str | None = wire(11, maximum=8, default=None)
    coil: str = wire(12, maximum=32, default="figure-8")
    control_key_id: bytes | None = wire(13, length=ID_BYTES, default=None)
    first_number: int = wire(14, default=1)
    before_first: bytes | None = wire(15, length=HASH_BYTES, default=None)


@dataclass(frozen=True)
class StatementArguments:
    """A COSE_Sign1 and, where a certified key made it, its certificate."""

    statement: bytes = wire(1, minimum=1, maximum=700)
    certificate: bytes | None = wire(2, maximum=300, default=None)


@dataclass(frozen=True)
class ArmResult:
    """The device's signed answer (COSE_Sign1 of ArmAnswer)."""

    answer: bytes = wire(1, maximum=700)


@dataclass(frozen=True)
class SealedArguments:
    """A command under the session key."""

    counter: int = wire(1, minimum=1)
    mac: bytes = wire(2, length=MAC_BYTES)


@dataclass(frozen=True)
class SealedPercentArguments:
    """A command under the session key that names a percentage of maximum output; the MAC covers
    it."""

    counter: int = wire(1, minimum=1)
    mac: bytes = wire(2, length=MAC_BYTES)
    percent_mso: int = wire(3, minimum=1, maximum=100)


@dataclass(frozen=True)
class PauseArguments:
    """Why the app pauses; without a cause the person asked for it. Pulses end whatever it says."""

    cause: PauseCause | None = wire(1, default=None)


@dataclass(frozen=True)
class HeadArguments:
    """Ask for a signed ledger head over a nonce of the asker."""

    nonce: bytes = wire(1, length=NONCE_BYTES)


@dataclass(frozen=True)
class HeadResult:
    """COSE_Sign1 of LedgerHead by the device key."""

    head: bytes = wire(1, maximum=700)


@dataclass(frozen=True)
class Row:
    """One line of the operations' table."""

    authority: Authority
    arguments: type[Any]
    result: type[Any]


TABLE: dict[Operation, Row] = {
    Operation.HELLO: Row(Authority.LINK, Nothing, HelloResult),
    Operation.NONCE: Row(Authority.LINK, NonceArguments, NonceResult),
    Operation.PROVISION: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.AUTHORIZE_APP: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.SET_TIME: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.INSTALL: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.CLEARANCE: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.GATE_ANSWERS: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.ARM: Row(Authority.SIGNED, StatementArguments, ArmResult),
    Operation.OPEN_START_WINDOW: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.START: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.RESUME: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.PAUSE: Row(Authority.LINK, PauseArguments, Nothing),
    Operation.STOP: Row(Authority.LINK, Nothing, Nothing),
    Operation.CLOSE: Row(Authority.LINK, Nothing, Nothing),
    Operation.BEAT: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.STILL_HERE: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.PLACE_HOLD: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.HEAD: Row(Authority.LINK, HeadArguments, HeadResult),
    Operation.SESSION_OUTCOME: Row(Authority.LINK, SessionArguments, OutcomeResult),
    Operation.LOCATE: Row(Authority.LINK, Nothing, Nothing),
    Operation.LIFT_HOLD: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.TAKE_BACK: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.CONFIRM_HOLD: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.POSTPONE: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.REVOKE: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.ROTATE_ROOT: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.ACCEPT_CATALOGUE: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.TAKE_CONTROL: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.RELEASE_CONTROL: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.SUPERVISE: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.TRAINING_DONE: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.SIDE_EFFECT_ANSWERS: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.ATTEST_TIME: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.RECEIPT: Row(Authority.SIGNED, StatementArguments, Nothing),
    Operation.RESET: Row(Authority.SIGNED, Nothing, Nothing),
    Operation.RETIRE: Row(Authority.SIGNED, Nothing, HeadResult),
    Operation.SOFTEN: Row(Authority.SESSION_MAC, SealedPercentArguments, Nothing),
    Operation.TITRATE: Row(Authority.SESSION_MAC, SealedPercentArguments, Nothing),
    Operation.REPOSITIONED: Row(Authority.SESSION_MAC, SealedArguments, Nothing),
    Operation.PRACTICE: Row(Authority.LINK, Nothing, Nothing),
    Operation.SELF_TEST: Row(Authority.LINK, Nothing, Nothing),
    Operation.REQUEST_OUTCOME: Row(Authority.LINK, RequestOutcomeArguments, RequestOutcomeResult),
}


REPEATABLE = frozenset(
    {
        Operation.HELLO,
        Operation.NONCE,
        Operation.HEAD,
        Operation.SESSION_OUTCOME,
        Operation.REQUEST_OUTCOME,
        Operation.BEAT,
    }
)
"""Asked once more they do no harm, so a lost answer leaves no doubt: the device doesn't remember
them, and the next beat says what the last one said."""

ENDS_A_PAUSE = frozenset({Operation.RESUME, Operation.REPOSITIONED})
"""Their MAC covers the number of the pause that they end, as the status gives it."""


@dataclass(frozen=True)
class Request:
    """A decoded request."""

    request_id: int
    operation: Operation
    arguments: Any


@dataclass(frozen=True)
class Answer:
    """A decoded answer: ``result`` is the operation's result, or a Refusal."""

    request_id: int
    status: StatusCode
    result: Any


def encode_request(request: Request) -> bytes:
    """Return the request's bytes."""
    arguments = fields.to_map(request.arguments)
    return canonical.encode([request.request_id, int(request.operation), arguments])


def decode_request(data: bytes) -> Request:
    """Return the request; raise WireError for anything outside the table, UnknownOperation for
    a number that has no line in it."""
    if len(data) > MAXIMUM_REQUEST_BYTES:
        raise WireError("request", f"has more than {MAXIMUM_REQUEST_BYTES} bytes")
    request_id, code, arguments = _three(data)
    try:
        operation = Operation(code)
    except ValueError as problem:
        raise UnknownOperation(code) from problem
    return Request(request_id, operation, fields.from_map(TABLE[operation].arguments, arguments))


def request_id_of(data: bytes) -> int:
    """Return the id of a request that may be otherwise unreadable; 0 when it has none."""
    try:
        return _three(data)[0]
    except WireError:
        return 0


def encode_answer(answer: Answer) -> bytes:
    """Return the answer's bytes."""
    return canonical.encode([answer.request_id, int(answer.status), fields.to_map(answer.result)])


def decode_answer(data: bytes, operation: Operation) -> Answer:
    """Return the answer to a request of ``operation``."""
    request_id, code, result = _three(data)
    try:
        status = StatusCode(code)
    except ValueError as problem:
        raise WireError("status", f"{code!r:.20} is unknown") from problem
    kind = TABLE[operation].result if status is StatusCode.OK else Refusal
    return Answer(request_id, status, fields.from_map(kind, result))


def answer_id_of(data: bytes) -> int:
    """Return which request an answer belongs to."""
    return _three(data)[0]


def _three(data: bytes) -> tuple[int, Any, Any]:
    value = canonical.decode(data)
    if not isinstance(value, list) or len(value) != 3:
        raise WireError("message", "is not a list of three")
    if type(value[0]) is not int or not 0 <= value[0] < 2**32:
        raise WireError("request_id", "is not a number of 32 bits")
    if type(value[1]) is not int:
        raise WireError("code", "is not a number")
    return value[0], value[1], value[2]
