"""What records of time and authority do to the ledger's state: owner, apps, serials, holds,
revocations, gates (R5, R6, R15 to R26)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.dose.ledger_errors import LedgerError
from shared.dose.ledger_patients import turn_to_patient
from shared.dose.ledger_state import (
    APPS_MAX,
    OPEN_HOLDS_MAX,
    PAST_COURSES_MAX,
    REVOCATIONS_MAX,
    SUPERVISED_FOR_MS,
    Course,
    EnrolledApp,
    LedgerState,
    OpenHold,
    Revoked,
)
from shared.dose.prescription import OpeningBalance, PrescriptionKind
from shared.dose.totals import Amount
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from shared.wire.records import Record, RecordType

# Time


def _boot(state: LedgerState, record: Record, body: records.BootBody) -> LedgerState:
    return replace(
        state,
        boot_base_ms=body.proven_ms - record.uptime_ms,
        proven_ms=body.proven_ms,
        supervised_until_ms=None,
    )


def _time_attested(
    state: LedgerState, _record: Record, body: records.TimeAttestedBody
) -> LedgerState:
    return replace(
        state,
        boot_base_ms=state.boot_base_ms + body.gained_ms,
        proven_ms=state.proven_ms + body.gained_ms,
    )


# Owner and apps


def _provisioned(state: LedgerState, _record: Record, body: records.ProvisionedBody) -> LedgerState:
    """Another patient has windows and courses of their own; the same one goes on (R23)."""
    state = _without_owner(state)
    if body.another_clinic:
        state = _without_clinic(state)
    state = replace(state, counter=state.counter + 1, retired=False, patient_id=body.patient_id)
    if body.patient_id == state.last_patient_id:
        return state
    return turn_to_patient(state, body.patient_id)


def _without_owner(state: LedgerState) -> LedgerState:
    return replace(
        state,
        patient_id=None,
        apps=(),
        control_key_id=None,
        prescription_hash=None,
        ended=False,
        signer=b"",
        titration_hash=None,
        titration_signer=b"",
        clearance=None,
        gate_outcome=None,
        gates_confirmed=(),
        trained=None,
        supervised_until_ms=None,
    )


def _without_clinic(state: LedgerState) -> LedgerState:
    """Another clinic counts its holds, revocations and roots from 1, and accepts for itself."""
    return replace(
        state,
        newest_hold=0,
        revocations=(),
        newest_revocation=0,
        root_number=0,
        catalogue_accepted=None,
    )


def _reset(state: LedgerState, _record: Record, _body: records.ResetBody) -> LedgerState:
    return _without_owner(state)


def _retired(state: LedgerState, _record: Record, _body: records.RetiredBody) -> LedgerState:
    return replace(_without_owner(state), retired=True)


def _app_authorized(
    state: LedgerState, _record: Record, body: records.AppAuthorizedBody
) -> LedgerState:
    others = tuple(app for app in state.apps if app.key_id != body.key_id)
    newest = sorted((*others, EnrolledApp(body.key_id, body.number)), key=lambda app: app.number)
    return replace(state, apps=tuple(newest[-APPS_MAX:]), control_key_id=body.key_id)


def _control(state: LedgerState, _record: Record, body: records.ControlTakenBody) -> LedgerState:
    return replace(state, control_key_id=body.key_id)


def _root_rotated(
    state: LedgerState, _record: Record, body: records.RootRotatedBody
) -> LedgerState:
    return replace(state, root_number=body.number)


def _catalogue(
    state: LedgerState, _record: Record, body: records.CatalogueAcceptedBody
) -> LedgerState:
    return replace(state, catalogue_accepted=body.digest)


def _firmware(state: LedgerState, _record: Record, body: records.FirmwareBody) -> LedgerState:
    return replace(state, firmware_confirmed=body.confirmed)


# Prescriptions


def _installed(
    state: LedgerState, record: Record, body: records.PrescriptionInstalledBody
) -> LedgerState:
    adopted = body.prescription_hash in (state.prescription_hash, state.titration_hash)
    if body.serial < state.serial and not adopted:
        raise LedgerError(record.number, "installs an earlier serial")
    state = replace(state, serial=max(state.serial, body.serial))
    if body.kind is PrescriptionKind.TITRATION:
        return replace(state, titration_hash=body.prescription_hash, titration_signer=body.signer)
    state = _turn_to_course(state, body.course_id)
    state = replace(
        state,
        prescription_hash=body.prescription_hash,
        signer=body.signer,
        ended=body.kind is PrescriptionKind.END,
    )
    return state if body.opening is None else _open_with(state, body.opening)


def _turn_to_course(state: LedgerState, course_id: bytes) -> LedgerState:
    """Course totals belong to the course's id, also when a later one lay between (R8)."""
    current = state.current_course
    if current is not None and current.course_id == course_id:
        return state
    known = (*state.past_courses, *(() if current is None else (current,)))
    again = next((c for c in known if c.course_id == course_id), Course(course_id))
    others = tuple(c for c in known if c.course_id != course_id)
    return replace(state, current_course=again, past_courses=others[-PAST_COURSES_MAX:])


def _open_with(state: LedgerState, opening: OpeningBalance) -> LedgerState:
    """The most careful reading of another device's charges: the last pulse was now (R24)."""
    now_ms, course = state.proven_ms, state.current_course
    day = Amount(opening.day_pulses, opening.day_sessions)
    week = Amount(opening.week_pulses, opening.week_sessions)
    charged = Amount(opening.course_pulses, opening.course_sessions)
    return replace(
        state,
        windows=state.windows.opened_with(now_ms, day, week),
        ceilings=state.ceilings.opened_with(now_ms, day, week),
        last_pulse_ms=now_ms,
        last_session_pulse_ms=now_ms,
        current_course=None
        if course is None
        else replace(course, charged=charged, completed=opening.course_completed),
    )


def _clearance(state: LedgerState, _record: Record, body: records.ClearanceBody) -> LedgerState:
    return replace(state, clearance=body)


def _revocation(state: LedgerState, record: Record, body: records.RevocationBody) -> LedgerState:
    if body.number != state.newest_revocation + 1:
        raise LedgerError(record.number, "revokes out of order")
    if len(state.revocations) >= REVOCATIONS_MAX:
        raise LedgerError(record.number, "revokes more keys than there is room for")
    revoked = Revoked(body.key_id, body.kind, body.until_s)
    others = tuple(r for r in state.revocations if r.key_id != body.key_id)
    return replace(state, revocations=(*others, revoked), newest_revocation=body.number)


# Holds


def _hold(state: LedgerState, record: Record, body: records.HoldPlacedBody) -> LedgerState:
    state = replace(state, newest_hold=_newest_hold(state, body))
    if len(state.holds) >= OPEN_HOLDS_MAX:
        return _join_last_hold(state, body)
    hold = OpenHold(
        body.hold_id,
        body.kind,
        body.source,
        body.reason,
        body.number,
        record.number,
        state.hash,
        state.proven_ms,
    )
    return replace(state, holds=(*state.holds, hold))


def _newest_hold(state: LedgerState, body: records.HoldPlacedBody) -> int:
    """How far the clinic's holds are here without a gap: one that was kept back is missed, though
    a later one came (R20)."""
    if body.source is not HoldSource.CLOUD:
        return state.newest_hold
    here = {hold.number for hold in state.holds if hold.source == HoldSource.CLOUD}
    newest, here = state.newest_hold, here | {body.number}
    while newest + 1 in here:
        newest += 1
    return newest


def _join_last_hold(state: LedgerState, body: records.HoldPlacedBody) -> LedgerState:
    """The ninth joins the eighth's count, and is lifted with it; a safety hold makes it one."""
    last = state.holds[-1]
    kind = HoldKind.SAFETY if HoldKind.SAFETY in (last.kind, body.kind) else last.kind
    joined = replace(last, kind=kind, count=last.count + 1, placed_ms=state.proven_ms)
    return replace(state, holds=(*state.holds[:-1], joined))


def _without_hold(state: LedgerState, hold_id: bytes, record: Record) -> LedgerState:
    if state.hold(hold_id) is None:
        raise LedgerError(record.number, "ends a hold that is not open")
    return replace(state, holds=tuple(h for h in state.holds if h.hold_id != hold_id))


def _taken_back(state: LedgerState, record: Record, body: records.HoldTakenBackBody) -> LedgerState:
    if not body.stays:
        return _without_hold(state, body.hold_id, record)
    return _change_hold(state, body.hold_id, probable_slip=True)


def _expired(state: LedgerState, record: Record, body: records.HoldExpiredBody) -> LedgerState:
    return _without_hold(state, body.hold_id, record)


def _confirmed(state: LedgerState, _record: Record, body: records.HoldConfirmedBody) -> LedgerState:
    return _change_hold(state, body.hold_id, kind=HoldKind.SAFETY)


def _change_hold(state: LedgerState, hold_id: bytes, **changes: Any) -> LedgerState:
    holds = tuple(replace(h, **changes) if h.hold_id == hold_id else h for h in state.holds)
    return replace(state, holds=holds)


def _lifted(state: LedgerState, record: Record, body: records.HoldLiftedBody) -> LedgerState:
    if body.hold_id is None:
        return replace(state, postponed_until_ms=None, postponed_hash=None)
    return _without_hold(state, body.hold_id, record)


# Gates


def _gate(state: LedgerState, record: Record, body: records.GateAnswersBody) -> LedgerState:
    if body.outcome is GateOutcome.POSTPONE:
        state = _postpone(state, body.postpone_s)
    return replace(
        state,
        gate_outcome=body.outcome,
        gate_proven_ms=state.proven_ms,
        gate_wall_ms=record.clock_ms,
        gates_confirmed=body.confirmed,
    )


def _postponed(state: LedgerState, _record: Record, body: records.PostponedBody) -> LedgerState:
    return _postpone(state, body.postpone_s)


def _postpone(state: LedgerState, postpone_s: int) -> LedgerState:
    """A postponement is never shortened by a later, shorter one (R16)."""
    until_ms = state.proven_ms + postpone_s * 1000
    if state.postponed_until_ms is not None and state.postponed_until_ms >= until_ms:
        return state
    return replace(state, postponed_until_ms=until_ms, postponed_hash=state.hash)


def _trained(state: LedgerState, _record: Record, body: records.TrainingDoneBody) -> LedgerState:
    return replace(state, trained=body.version)


def _supervised(state: LedgerState, _record: Record, _body: records.SupervisedBody) -> LedgerState:
    return replace(state, supervised_until_ms=state.proven_ms + SUPERVISED_FOR_MS)


STEPS: dict[RecordType, Callable[[LedgerState, Record, Any], LedgerState]] = {
    RecordType.BOOT: _boot,
    RecordType.TIME_ATTESTED: _time_attested,
    RecordType.PROVISIONED: _provisioned,
    RecordType.RESET: _reset,
    RecordType.RETIRED: _retired,
    RecordType.APP_AUTHORIZED: _app_authorized,
    RecordType.CONTROL_TAKEN: _control,
    RecordType.ROOT_ROTATED: _root_rotated,
    RecordType.CATALOGUE_ACCEPTED: _catalogue,
    RecordType.FIRMWARE: _firmware,
    RecordType.PRESCRIPTION_INSTALLED: _installed,
    RecordType.CLEARANCE: _clearance,
    RecordType.REVOCATION: _revocation,
    RecordType.HOLD_PLACED: _hold,
    RecordType.HOLD_TAKEN_BACK: _taken_back,
    RecordType.HOLD_EXPIRED: _expired,
    RecordType.HOLD_CONFIRMED: _confirmed,
    RecordType.HOLD_LIFTED: _lifted,
    RecordType.GATE_ANSWERS: _gate,
    RecordType.POSTPONED: _postponed,
    RecordType.TRAINING_DONE: _trained,
    RecordType.SUPERVISED: _supervised,
}
