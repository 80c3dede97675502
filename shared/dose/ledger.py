"""The ledger: a hash chain of records, and what they add up to.

``fold`` takes the state before a record to the state after it, in time and memory that do not grow
with the history. Device, phone and cloud run the same fold over the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from shared.dose.totals import Amount, Windows
from shared.stimulation.schedule import SLICE_US_MAX
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from shared.wire.records import Record, RecordType

OPEN_HOLDS_MAX = 8
"""Holds that are kept one by one; further ones lock no harder (R21)."""


class LedgerError(ValueError):
    """A record that does not follow the one before; ``number`` is where the chain breaks."""

    code = "ledger"

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"record {number}: {problem}")
        self.number = number
        self.problem = problem


@dataclass(frozen=True)
class OpenSession:
    """A session that has not been closed."""

    session_id: bytes
    prescription_hash: bytes
    planned_pulses: int
    planned_trains: int
    charged_pulses: int = 0
    trains_begun: int = 0
    counted: bool = False
    reserved: records.SliceReservedBody | None = None


@dataclass(frozen=True)
class ClosedSession:
    """What a session came to."""

    session_id: bytes
    prescription_hash: bytes
    planned_pulses: int
    charged_pulses: int
    completed: bool
    cause: records.CloseCause
    closed_wall_ms: int | None


@dataclass(frozen=True)
class OpenHold:
    """A hold in force."""

    hold_id: bytes
    kind: HoldKind
    source: int
    reason: str
    number: int
    record_number: int


@dataclass(frozen=True)
class LedgerState:
    """Everything that the lock needs of the past; bounded however long the history.

    Proven instants are milliseconds of proven elapsed time since provisioning (R5).
    """

    number: int = 0
    hash: bytes = b""
    boot_count: int = 0
    boot_base_ms: int = 0
    proven_ms: int = 0
    patient_id: bytes | None = None
    app_key_id: bytes | None = None
    enrolment_number: int = 0
    windows: Windows = field(default_factory=Windows)
    last_pulse_ms: int | None = None
    serial: int = 0
    prescription_hash: bytes | None = None
    course_id: bytes | None = None
    course: Amount = Amount(0, 0)
    total_pulses: int = 0
    sessions_completed: int = 0
    sessions_partial: int = 0
    session: OpenSession | None = None
    last_session: ClosedSession | None = None
    holds: tuple[OpenHold, ...] = ()
    newest_hold: int = 0
    clearance: records.ClearanceBody | None = None
    gate_outcome: GateOutcome | None = None
    gate_proven_ms: int = 0
    gate_wall_ms: int | None = None
    postponed_until_ms: int | None = None
    counter: int = 0
    fault: str | None = None

    def proven_at(self, uptime_ms: int) -> int:
        """Return proven elapsed time at an uptime of the present boot."""
        return self.boot_base_ms + uptime_ms


def genesis(device_id: bytes, epoch: bytes) -> LedgerState:
    """Return the state before record 1; its hash is over device and random epoch."""
    return LedgerState(hash=hashlib.sha256(b"circlet/ledger/v1" + device_id + epoch).digest())


def chain_hash(previous: bytes, data: bytes) -> bytes:
    """Return h(n) from h(n-1) and the bytes of record n."""
    return hashlib.sha256(previous + data).digest()


def take(state: LedgerState, data: bytes) -> LedgerState:
    """Return the state after the record in ``data``.

    Raise WireError for bytes that are no record, LedgerError for one that does not follow.
    """
    record = records.decode_record(data)
    _check_order(state, record)
    after = fold(state, record)
    return replace(after, number=record.number, hash=chain_hash(state.hash, data))


def _check_order(state: LedgerState, record: Record) -> None:
    if record.number != state.number + 1:
        raise LedgerError(record.number, f"follows {state.number}")
    if record.number == 1 and record.type is not RecordType.PROVISIONED:
        raise LedgerError(1, "is not `provisioned`")
    if isinstance(record.body, records.BootBody) and record.body.proven_ms < state.proven_ms:
        raise LedgerError(record.number, "goes back in time")
    if record.boot_count < state.boot_count:
        raise LedgerError(record.number, "is of an earlier boot")
    if record.boot_count > state.boot_count and record.type is not RecordType.BOOT:
        if record.number != 1:
            raise LedgerError(record.number, "is of a boot that has no record")
    elif record.type is not RecordType.BOOT and state.proven_at(record.uptime_ms) < state.proven_ms:
        raise LedgerError(record.number, "goes back in time")


def fold(state: LedgerState, record: Record) -> LedgerState:
    """Return what the state becomes by one record (numbers and hashes are ``take``'s)."""
    state = replace(
        state, boot_count=record.boot_count, proven_ms=state.proven_at(record.uptime_ms)
    )
    step = _STEPS.get(record.type)
    return state if step is None else step(state, record, record.body)


def _boot(state: LedgerState, record: Record, body: records.BootBody) -> LedgerState:
    return replace(state, boot_base_ms=body.proven_ms - record.uptime_ms, proven_ms=body.proven_ms)


def _provisioned(state: LedgerState, _record: Record, body: records.ProvisionedBody) -> LedgerState:
    return replace(state, patient_id=body.patient_id, counter=state.counter + 1)


def _app_authorized(
    state: LedgerState, _record: Record, body: records.AppAuthorizedBody
) -> LedgerState:
    return replace(state, app_key_id=body.key_id, enrolment_number=body.number)


def _installed(
    state: LedgerState, _record: Record, body: records.PrescriptionInstalledBody
) -> LedgerState:
    course = state.course if body.course_id == state.course_id else Amount(0, 0)
    return replace(
        state,
        serial=body.serial,
        prescription_hash=body.prescription_hash,
        course_id=body.course_id,
        course=course,
    )


def _clearance(state: LedgerState, _record: Record, body: records.ClearanceBody) -> LedgerState:
    return replace(state, clearance=body)


def _gate(state: LedgerState, record: Record, body: records.GateAnswersBody) -> LedgerState:
    until = state.postponed_until_ms
    if body.outcome is GateOutcome.POSTPONE:
        until = max(until or 0, state.proven_ms + body.postpone_s * 1000)
    return replace(
        state,
        gate_outcome=body.outcome,
        gate_proven_ms=state.proven_ms,
        gate_wall_ms=record.clock_ms,
        postponed_until_ms=until,
    )


def _opened(state: LedgerState, _record: Record, body: records.SessionOpenedBody) -> LedgerState:
    opened = OpenSession(
        body.session_id, body.prescription_hash, body.planned_pulses, body.planned_trains
    )
    return replace(state, session=opened)


def _reserved(state: LedgerState, _record: Record, body: records.SliceReservedBody) -> LedgerState:
    session = state.session
    if session is None:
        raise LedgerError(state.number + 1, "reserves pulses outside a session")
    amount = Amount(body.pulses, 0 if session.counted else 1)
    return replace(
        state,
        windows=state.windows.charge(state.proven_ms, amount),
        course=Amount(state.course.pulses + amount.pulses, state.course.sessions + amount.sessions),
        total_pulses=state.total_pulses + body.pulses,
        last_pulse_ms=state.proven_ms,
        counter=body.counter + 1,
        session=replace(
            session,
            charged_pulses=session.charged_pulses + body.pulses,
            trains_begun=body.train,
            counted=True,
            reserved=body,
        ),
    )


def _slice_closed(
    state: LedgerState, _record: Record, body: records.SliceClosedBody
) -> LedgerState:
    session = state.session
    if session is None or session.reserved is None:
        raise LedgerError(state.number + 1, "closes a slice that was not reserved")
    charge = max(body.commanded, body.measured)
    released = session.reserved.pulses - charge
    return replace(
        state,
        windows=state.windows.release(Amount(released, 0), last_ms=body.last_pulse_proven_ms),
        course=Amount(state.course.pulses - released, state.course.sessions),
        total_pulses=state.total_pulses - released,
        last_pulse_ms=max(state.last_pulse_ms or 0, body.last_pulse_proven_ms),
        session=replace(
            session,
            charged_pulses=session.charged_pulses - released,
            reserved=None,
        ),
    )


def _closed(state: LedgerState, record: Record, body: records.SessionClosedBody) -> LedgerState:
    session = state.session
    if session is None or session.session_id != body.session_id:
        raise LedgerError(state.number + 1, "closes a session that is not open")
    nothing = session.charged_pulses == 0
    uncounted = Amount(0, 1) if nothing and session.counted else Amount(0, 0)
    closed = ClosedSession(
        session.session_id,
        session.prescription_hash,
        session.planned_pulses,
        session.charged_pulses,
        body.completed,
        body.cause,
        record.clock_ms,
    )
    partial = not body.completed and not nothing
    last_pulse_ms = _last_pulse_ms(state, session)
    return replace(
        state,
        session=None,
        last_pulse_ms=last_pulse_ms,
        last_session=closed,
        windows=state.windows.release(uncounted, last_ms=last_pulse_ms or 0),
        course=Amount(state.course.pulses, state.course.sessions - uncounted.sessions),
        sessions_completed=state.sessions_completed + int(body.completed),
        sessions_partial=state.sessions_partial + int(partial),
    )


def _last_pulse_ms(state: LedgerState, session: OpenSession) -> int | None:
    """A slice that nobody closed may have been fired to its end, a slice's length later (R4)."""
    if session.reserved is None or state.last_pulse_ms is None:
        return state.last_pulse_ms
    return state.last_pulse_ms + SLICE_US_MAX // 1000


def _hold(state: LedgerState, record: Record, body: records.HoldPlacedBody) -> LedgerState:
    hold = OpenHold(body.hold_id, body.kind, body.source, body.reason, body.number, record.number)
    by_cloud = body.source is HoldSource.CLOUD
    return replace(
        state,
        holds=(*state.holds, hold)[:OPEN_HOLDS_MAX],
        newest_hold=max(state.newest_hold, body.number if by_cloud else 0),
    )


def _fault(state: LedgerState, _record: Record, body: records.FaultBody) -> LedgerState:
    return replace(state, fault=body.code)


_STEPS: dict[RecordType, Any] = {
    RecordType.BOOT: _boot,
    RecordType.PROVISIONED: _provisioned,
    RecordType.APP_AUTHORIZED: _app_authorized,
    RecordType.PRESCRIPTION_INSTALLED: _installed,
    RecordType.CLEARANCE: _clearance,
    RecordType.GATE_ANSWERS: _gate,
    RecordType.SESSION_OPENED: _opened,
    RecordType.SLICE_RESERVED: _reserved,
    RecordType.SLICE_CLOSED: _slice_closed,
    RecordType.SESSION_CLOSED: _closed,
    RecordType.HOLD_PLACED: _hold,
    RecordType.FAULT: _fault,
}
