"""Cases for the lock: a plain permitted one, and changes of it by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.dose.ledger import ClosedSession, Course, LedgerState, OpenHold
from shared.dose.lock import Case, Condition, Question, Times
from shared.dose.prescription import hash_of, to_bytes
from shared.dose.totals import Amount, Windows
from shared.trust.statements import GateOutcome, HoldKind
from shared.wire.records import ClearanceBody, CloseCause
from tests.shared.clinic import DEVICE_ID, FAR_S, NOW_S, PATIENT_ID, itbs

NOW_MS = 40 * 86_400_000
HOLD = OpenHold(b"h" * 16, HoldKind.SAFETY, 1, "clinician", 1, 5)

FIT = Condition(
    coil_temperature_c=24,
    contact=True,
    position_ok=True,
    battery_percent=80,
    self_test_passed=True,
    ledger_has_room=True,
    faulty=False,
)


def clearance(**changes: Any) -> ClearanceBody:
    plain = ClearanceBody(
        bytes(32), NOW_S, newest_serial=1, newest_hold=0, newest_revocation=0, ends_s=FAR_S
    )
    return replace(plain, **changes)


def ledger(**changes: Any) -> LedgerState:
    """The past of a band that has given nothing yet: owned, cleared, screened just now."""
    plain = LedgerState(
        proven_ms=NOW_MS,
        patient_id=PATIENT_ID,
        serial=1,
        current_course=Course(itbs().course_id),
        clearance=clearance(),
        gate_outcome=GateOutcome.PASS,
        gate_proven_ms=NOW_MS,
        gate_wall_ms=NOW_S * 1000,
    )
    return replace(plain, **changes)


def charged(*charges: tuple[int, int, int]) -> Windows:
    """Windows with (milliseconds ago, pulses, sessions) charged."""
    windows = Windows()
    for ago_ms, pulses, sessions in sorted(charges, reverse=True):
        windows = windows.charge(NOW_MS - ago_ms, Amount(pulses, sessions))
    return windows


def case(**changes: Any) -> Case:
    """A case that is permitted; ``changes`` by field."""
    plain = Case(
        prescription=itbs(),
        device_id=DEVICE_ID,
        ledger=ledger(),
        times=Times(NOW_MS, NOW_S * 1000),
        condition=FIT,
        question=Question.OPEN,
    )
    return replace(plain, **changes)


def at(case_: Case, proven_ms: int) -> Case:
    """The same case at another proven instant."""
    return replace(case_, times=replace(case_.times, proven_ms=proven_ms))


def make_up(**changes: Any) -> Case:
    """A partial session whose rest may be made up now; ``changes`` of the closed session."""
    signed = itbs(make_up_within_s=14_400)
    name = hash_of(to_bytes(signed))
    last = ClosedSession(
        b"s" * 16,
        name,
        600,
        300,
        False,
        CloseCause.PAUSE_LIMIT,
        NOW_S * 1000 - 1,
        planned_trains=20,
        trains_begun=10,
        closed_proven_ms=NOW_MS - 1,
    )
    past = ledger(
        prescription_hash=name,
        last_session=replace(last, **changes),
        last_session_pulse_ms=NOW_MS - 600_000,
        windows=charged((600_000, 300, 1)),
    )
    return case(prescription=signed, ledger=past, question=Question.MAKE_UP)
