"""A ledger's state in which nothing is at its default, so that what a record changes shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.dose.ledger import (
    ClosedSession,
    Course,
    EnrolledApp,
    LedgerState,
    OpenHold,
    OpenSession,
    Revoked,
    fold,
)
from shared.dose.ledger_state import FormerPatient
from shared.dose.totals import Amount, Windows
from shared.dose.waits import begins_a_wait
from shared.trust.statements import Gate, GateOutcome, HoldKind, HoldSource, RevocationKind
from shared.wire.records import (
    Body,
    ClearanceBody,
    CloseCause,
    Record,
    SessionKind,
    SliceReservedBody,
)

BASE_MS, UPTIME_MS, CLOCK_MS = 90 * 86_400_000, 600_000, 1_790_000_000_123
NOW_MS = BASE_MS + UPTIME_MS
HASH = b"#" * 32
PATIENT, DEVICE_APP = b"p" * 16, b"a" * 16
GIVEN = Windows().charge(NOW_MS - 3_600_000, Amount(600, 1))
SESSION = OpenSession(
    b"s" * 16,
    b"x" * 32,
    600,
    20,
    kind=SessionKind.TREATMENT,
    supervised=True,
    charged_pulses=60,
    trains_begun=2,
    counted=True,
    stopped=False,
    reserved=None,
)
RESERVED = SliceReservedBody(3, 1, 30, 62, 7)
LAST = ClosedSession(
    b"l" * 16,
    b"x" * 32,
    600,
    300,
    False,
    CloseCause.PAUSE_LIMIT,
    CLOCK_MS - 5,
    SessionKind.MAKE_UP,
    20,
    10,
    NOW_MS - 7,
    True,
    False,
)
CLOUDS = OpenHold(
    b"1" * 16, HoldKind.REST, HoldSource.CLOUD, "rest", 4, 30, b"r" * 32, NOW_MS - 9, 0, False
)
APPS = replace(CLOUDS, hold_id=b"2" * 16, source=HoldSource.APP, number=9, record_number=31)
FORMER = FormerPatient(
    b"f" * 16,
    Windows().charge(NOW_MS - 80_000_000, Amount(90, 1)),
    NOW_MS - 79_000_000,
    (Course(b"e" * 16, Amount(90, 1), 1, 6),),
    NOW_MS + 70_000,
    b"p" * 32,
)
FULL = LedgerState(
    number=40,
    hash=b"0" * 32,
    boot_count=3,
    boot_base_ms=BASE_MS,
    proven_ms=NOW_MS - 1,
    patient_id=PATIENT,
    last_patient_id=PATIENT,
    former=(FORMER,),
    forgotten=Windows().charge(NOW_MS - 90_000_000, Amount(4, 1)),
    retired=True,
    apps=(EnrolledApp(DEVICE_APP, 4), EnrolledApp(b"b" * 16, 6)),
    control_key_id=DEVICE_APP,
    windows=GIVEN,
    ceilings=GIVEN.charge(NOW_MS - 60_000, Amount(5, 0)),
    last_pulse_ms=NOW_MS - 50_000,
    last_session_pulse_ms=NOW_MS - 60_000,
    serial=7,
    prescription_hash=b"x" * 32,
    ended=True,
    signer=b"k" * 8,
    titration_hash=b"t" * 32,
    titration_signer=b"m" * 8,
    current_course=Course(b"c" * 16, Amount(660, 2), 1, CLOCK_MS - 86_400_000),
    past_courses=(Course(b"d" * 16, Amount(1200, 2), 2, 5),),
    total_pulses=9000,
    sessions_completed=11,
    sessions_partial=5,
    session=SESSION,
    last_session=LAST,
    holds=(CLOUDS, APPS),
    newest_hold=4,
    revocations=(Revoked(b"v" * 16, RevocationKind.LEFT, 99),),
    newest_revocation=1,
    clearance=ClearanceBody(HASH, 1, 2, 3, 4, 5),
    gate_outcome=GateOutcome.PASS,
    gate_proven_ms=17,
    gate_wall_ms=18,
    gates_confirmed=(Gate.ATTENDED,),
    postponed_until_ms=NOW_MS + 60_000,
    wait_number=17,
    postponed_hash=b"q" * 32,
    trained=2,
    supervised_until_ms=NOW_MS + 5,
    catalogue_accepted=b"g" * 32,
    root_number=3,
    firmware_confirmed=False,
    counter=12,
    fault="pulse_count",
)


def state(**changes: Any) -> LedgerState:
    """The full state with ``changes`` by field."""
    return replace(FULL, **changes)


def session(**changes: Any) -> OpenSession:
    """The open session with ``changes`` by field."""
    return replace(SESSION, **changes)


def record_of(before: LedgerState, body: Body) -> Record:
    """The record that follows a state."""
    return Record(before.number + 1, body.TYPE, 3, UPTIME_MS, CLOCK_MS, body)


def after(before: LedgerState, body: Body) -> LedgerState:
    """What one record makes of a state."""
    return fold(before, record_of(before, body), HASH)


def once_more(found: LedgerState) -> LedgerState:
    """A state with the full one's place in the record, for the next record to follow."""
    return replace(found, number=FULL.number, hash=FULL.hash, proven_ms=FULL.proven_ms)


EVERY: dict[str, Any] = {"number": 41, "hash": HASH, "proven_ms": NOW_MS}
"""What every record changes."""


def becomes(before: LedgerState, body: Body, changes: dict[str, Any]) -> LedgerState:
    """A state after a record that changes just these fields, and where a wait may run from."""
    waits = {"wait_number": 41} if begins_a_wait(record_of(before, body)) else {}
    return replace(before, **EVERY | waits | changes)


def changed(before: LedgerState, body: Body) -> dict[str, Any]:
    """Which fields one record changes, and to what; but for those that every record does."""
    found = vars(after(before, body))
    told = {name: value for name, value in found.items() if value != getattr(before, name)}
    told.pop("wait_number", None)
    assert {name: told.pop(name) for name in EVERY} == EVERY
    return told
