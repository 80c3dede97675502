"""Owner, time, serials, holds, gates: what one record changes of a state in which nothing is at its
default, and all that it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.ledger import (
    Course,
    EnrolledApp,
    LedgerError,
    LedgerState,
    OpenHold,
    Revoked,
)
from shared.dose.ledger_state import FormerPatient
from shared.dose.prescription import OpeningBalance, PrescriptionKind
from shared.dose.totals import Amount, Windows
from shared.trust.statements import Gate, GateOutcome, HoldKind, HoldSource, RevocationKind
from shared.wire import records
from tests.shared.dose.full_state import (
    APPS,
    BASE_MS,
    CLOCK_MS,
    CLOUDS,
    FULL,
    HASH,
    NOW_MS,
    PATIENT,
    UPTIME_MS,
    after,
    becomes,
    changed,
    once_more,
    state,
)

HOUR_MS = 3_600_000
NO_OWNER: dict[str, Any] = {
    "patient_id": None,
    "apps": (),
    "control_key_id": None,
    "prescription_hash": None,
    "ended": False,
    "signer": b"",
    "titration_hash": None,
    "titration_signer": b"",
    "clearance": None,
    "gate_outcome": None,
    "gates_confirmed": (),
    "trained": None,
    "supervised_until_ms": None,
}
OWNED = {name: value for name, value in NO_OWNER.items() if name != "patient_id"}
ANOTHER = b"o" * 16
LEFT = FormerPatient(
    PATIENT,
    FULL.windows,
    FULL.last_session_pulse_ms,
    (*FULL.past_courses, *filter(None, (FULL.current_course,))),
    FULL.postponed_until_ms,
    FULL.postponed_hash,
)
ANOTHERS: dict[str, Any] = {
    "patient_id": ANOTHER,
    "last_patient_id": ANOTHER,
    "former": (*FULL.former, LEFT),
    "windows": FULL.forgotten,
    "last_session_pulse_ms": FULL.forgotten.buckets[-1].last_ms,
    "current_course": None,
    "past_courses": (),
    "last_session": None,
    "postponed_until_ms": None,
    "postponed_hash": None,
}
COURSE = FULL.current_course
assert COURSE is not None


def installed(**changes: Any) -> records.PrescriptionInstalledBody:
    plain = records.PrescriptionInstalledBody(
        b"y" * 32, 8, b"c" * 16, PrescriptionKind.TREATMENT, b"w" * 8
    )
    return replace(plain, **changes)


OPENING = OpeningBalance(700, 1, 3000, 5, 9000, 15, 9)

CHANGES: list[tuple[str, LedgerState, records.Body, dict[str, Any]]] = [
    (
        "a boot takes the time that is proven and ends presence",
        FULL,
        records.BootBody(1, True, NOW_MS + 1000, "1"),
        {
            "boot_base_ms": NOW_MS + 1000 - UPTIME_MS,
            "proven_ms": NOW_MS + 1000,
            "supervised_until_ms": None,
        },
    ),
    (
        "attested time is added from here on",
        FULL,
        records.TimeAttestedBody(HASH, 5000),
        {"boot_base_ms": BASE_MS + 5000, "proven_ms": NOW_MS + 5000},
    ),
    ("a clock is no dose", FULL, records.ClockSetBody(5, HASH), {}),
    (
        "the same patient goes on where they were",
        FULL,
        records.ProvisionedBody(HASH, HASH, PATIENT),
        {**OWNED, "counter": 13, "retired": False},
    ),
    (
        "another patient has windows and courses of their own",
        FULL,
        records.ProvisionedBody(HASH, HASH, ANOTHER),
        {**OWNED, **ANOTHERS, "counter": 13, "retired": False},
    ),
    (
        "another clinic counts from one",
        FULL,
        records.ProvisionedBody(HASH, HASH, PATIENT, another_clinic=True),
        {
            **OWNED,
            "counter": 13,
            "retired": False,
            "newest_hold": 0,
            "revocations": (),
            "newest_revocation": 0,
            "root_number": 0,
            "catalogue_accepted": None,
        },
    ),
    ("a reset takes the owner away", state(retired=False), records.ResetBody(HASH), NO_OWNER),
    (
        "retiring takes the owner away for good",
        state(retired=False),
        records.RetiredBody(HASH),
        {**NO_OWNER, "retired": True},
    ),
    (
        "a third app takes the place of the oldest",
        FULL,
        records.AppAuthorizedBody(HASH, b"z" * 16, 7),
        {
            "apps": (EnrolledApp(b"b" * 16, 6), EnrolledApp(b"z" * 16, 7)),
            "control_key_id": b"z" * 16,
        },
    ),
    (
        "an app enrolled again has its newer number",
        FULL,
        records.AppAuthorizedBody(HASH, b"a" * 16, 9),
        {"apps": (EnrolledApp(b"b" * 16, 6), EnrolledApp(b"a" * 16, 9))},
    ),
    (
        "control goes to the app that takes it",
        FULL,
        records.ControlTakenBody(b"b" * 16),
        {"control_key_id": b"b" * 16},
    ),
    ("a root has its number", FULL, records.RootRotatedBody(HASH, 5), {"root_number": 5}),
    (
        "a catalogue is accepted by its digest",
        FULL,
        records.CatalogueAcceptedBody(3, b"n" * 32),
        {"catalogue_accepted": b"n" * 32},
    ),
    (
        "firmware is confirmed",
        FULL,
        records.FirmwareBody("2", True),
        {"firmware_confirmed": True},
    ),
    (
        "a treatment is in force with its signer",
        FULL,
        installed(),
        {"serial": 8, "prescription_hash": b"y" * 32, "signer": b"w" * 8, "ended": False},
    ),
    (
        "an end is in force as one",
        state(ended=False),
        installed(kind=PrescriptionKind.END),
        {"serial": 8, "prescription_hash": b"y" * 32, "signer": b"w" * 8, "ended": True},
    ),
    (
        "a titration stands beside the treatment",
        FULL,
        installed(kind=PrescriptionKind.TITRATION, course_id=b"e" * 16),
        {"serial": 8, "titration_hash": b"y" * 32, "titration_signer": b"w" * 8},
    ),
    (
        "the same bytes are adopted by another signer",
        FULL,
        installed(prescription_hash=b"x" * 32, serial=5),
        {"signer": b"w" * 8, "ended": False},
    ),
    (
        "the titration's bytes are adopted too",
        FULL,
        installed(prescription_hash=b"t" * 32, serial=5, kind=PrescriptionKind.TITRATION),
        {"titration_signer": b"w" * 8},
    ),
    (
        "the same serial may be installed again",
        FULL,
        installed(serial=7),
        {"prescription_hash": b"y" * 32, "signer": b"w" * 8, "ended": False},
    ),
    (
        "a new course is charged on its own and the old one kept",
        state(ended=False),
        installed(course_id=b"e" * 16),
        {
            "serial": 8,
            "prescription_hash": b"y" * 32,
            "signer": b"w" * 8,
            "current_course": Course(b"e" * 16),
            "past_courses": (*FULL.past_courses, COURSE),
        },
    ),
    (
        "an earlier course goes on where it was",
        state(ended=False),
        installed(course_id=b"d" * 16),
        {
            "serial": 8,
            "prescription_hash": b"y" * 32,
            "signer": b"w" * 8,
            "current_course": FULL.past_courses[0],
            "past_courses": (COURSE,),
        },
    ),
    (
        "another device's charges count as if they were of now",
        state(ended=False, windows=Windows(), ceilings=Windows()),
        installed(kind=PrescriptionKind.REPLACEMENT, opening=OPENING),
        {
            "serial": 8,
            "prescription_hash": b"y" * 32,
            "signer": b"w" * 8,
            "windows": Windows()
            .charge(NOW_MS - 18 * HOUR_MS, Amount(2300, 4))
            .charge(NOW_MS, Amount(700, 1)),
            "ceilings": Windows()
            .charge(NOW_MS - 18 * HOUR_MS, Amount(2300, 4))
            .charge(NOW_MS, Amount(700, 1)),
            "last_pulse_ms": NOW_MS,
            "last_session_pulse_ms": NOW_MS,
            "current_course": replace(COURSE, charged=Amount(9000, 15), completed=9),
        },
    ),
    (
        "the newest clearance stands",
        FULL,
        records.ClearanceBody(b"n" * 32, 9, 8, 7, 6, 5),
        {"clearance": records.ClearanceBody(b"n" * 32, 9, 8, 7, 6, 5)},
    ),
    (
        "a revoked key is kept with its date",
        FULL,
        records.RevocationBody(HASH, 2, b"u" * 16, RevocationKind.COMPROMISED, 77),
        {
            "revocations": (
                *FULL.revocations,
                Revoked(b"u" * 16, RevocationKind.COMPROMISED, 77),
            ),
            "newest_revocation": 2,
        },
    ),
    (
        "a key revoked again stands once",
        FULL,
        records.RevocationBody(HASH, 2, b"v" * 16, RevocationKind.COMPROMISED, 0),
        {
            "revocations": (Revoked(b"v" * 16, RevocationKind.COMPROMISED, 0),),
            "newest_revocation": 2,
        },
    ),
    (
        "a hold stands with the record that placed it",
        FULL,
        records.HoldPlacedBody(b"3" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "pain", 5),
        {
            "holds": (
                CLOUDS,
                APPS,
                OpenHold(b"3" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "pain", 5, 41, HASH, NOW_MS),
            ),
            "newest_hold": 5,
        },
    ),
    (
        "a slip that does not stay is gone",
        FULL,
        records.HoldTakenBackBody(b"1" * 16, False),
        {"holds": (APPS,)},
    ),
    (
        "a grave one stays, marked as a probable slip",
        FULL,
        records.HoldTakenBackBody(b"1" * 16, True),
        {"holds": (replace(CLOUDS, probable_slip=True), APPS)},
    ),
    (
        "a rest that is over is gone",
        FULL,
        records.HoldExpiredBody(b"2" * 16),
        {"holds": (CLOUDS,)},
    ),
    (
        "a rest that is confirmed is a safety hold",
        FULL,
        records.HoldConfirmedBody(b"2" * 16, HASH),
        {"holds": (CLOUDS, replace(APPS, kind=HoldKind.SAFETY))},
    ),
    ("a lifted hold is gone", FULL, records.HoldLiftedBody(HASH, b"1" * 16), {"holds": (APPS,)}),
    (
        "a postponement is lifted",
        FULL,
        records.HoldLiftedBody(HASH),
        {"postponed_until_ms": None, "postponed_hash": None},
    ),
    (
        "answers stand with both times and what was confirmed",
        FULL,
        records.GateAnswersBody(HASH, GateOutcome.HOLD, 0, 1, (Gate.EAR_PROTECTION,)),
        {
            "gate_outcome": GateOutcome.HOLD,
            "gate_proven_ms": NOW_MS,
            "gate_wall_ms": CLOCK_MS,
            "gates_confirmed": (Gate.EAR_PROTECTION,),
        },
    ),
    (
        "answers that postpone do so from now",
        FULL,
        records.GateAnswersBody(HASH, GateOutcome.POSTPONE, 61, 1),
        {
            "gate_outcome": GateOutcome.POSTPONE,
            "gate_proven_ms": NOW_MS,
            "gate_wall_ms": CLOCK_MS,
            "gates_confirmed": (),
            "postponed_until_ms": NOW_MS + 61_000,
            "postponed_hash": HASH,
        },
    ),
    ("a shorter postponement shortens none", FULL, records.PostponedBody(HASH, 60), {}),
    (
        "a longer one stands in its place",
        FULL,
        records.PostponedBody(HASH, 61),
        {"postponed_until_ms": NOW_MS + 61_000, "postponed_hash": HASH},
    ),
    ("training has its version", FULL, records.TrainingDoneBody(HASH, 3), {"trained": 3}),
    (
        "presence lasts an hour",
        FULL,
        records.SupervisedBody(HASH, b"w" * 8),
        {"supervised_until_ms": NOW_MS + HOUR_MS},
    ),
]


@pytest.mark.parametrize(
    ("before", "body", "told"),
    [pytest.param(before, body, told, id=words) for words, before, body, told in CHANGES],
)
def test_a_record_changes_just_this(
    before: LedgerState, body: records.Body, told: dict[str, Any]
) -> None:
    assert after(before, body) == becomes(before, body, told)


REFUSED: list[tuple[str, LedgerState, records.Body]] = [
    ("an earlier serial", FULL, installed(serial=6)),
    (
        "a revocation that skips a number",
        FULL,
        records.RevocationBody(HASH, 3, b"u" * 16, RevocationKind.LEFT, 1),
    ),
    (
        "a revocation once more",
        FULL,
        records.RevocationBody(HASH, 1, b"u" * 16, RevocationKind.LEFT, 1),
    ),
    ("the end of no hold", FULL, records.HoldExpiredBody(b"?" * 16)),
    ("the taking back of no hold", FULL, records.HoldTakenBackBody(b"?" * 16, False)),
    ("the lifting of no hold", FULL, records.HoldLiftedBody(HASH, b"?" * 16)),
]


@pytest.mark.parametrize(
    ("before", "body"), [pytest.param(before, body, id=words) for words, before, body in REFUSED]
)
def test_no_record_tells_of(before: LedgerState, body: records.Body) -> None:
    with pytest.raises(LedgerError) as refused:
        after(before, body)
    assert refused.value.number == 41


def test_sixty_four_keys_can_be_revoked_and_no_more() -> None:
    revoked = tuple(Revoked(bytes([n]) * 16, RevocationKind.LEFT, n) for n in range(63))
    body = records.RevocationBody(HASH, 64, b"u" * 16, RevocationKind.LEFT, 1)
    last = after(state(revocations=revoked, newest_revocation=63), body)
    assert len(last.revocations) == 64
    with pytest.raises(LedgerError):
        after(
            once_more(last),
            replace(body, number=65),
        )


def test_sixteen_earlier_courses_are_kept() -> None:
    past = tuple(Course(bytes([n]) * 16) for n in range(16))
    before = state(past_courses=past)
    told = changed(before, installed(course_id=b"e" * 16))
    assert told["past_courses"] == (*past[1:], COURSE)


def test_the_ninth_hold_joins_the_eighth_and_makes_it_no_milder() -> None:
    seven = tuple(replace(APPS, hold_id=bytes([n]) * 16) for n in range(7))
    eighth = records.HoldPlacedBody(b"8" * 16, HoldKind.REST, HoldSource.APP, "rest", 1)
    full = after(state(holds=seven), eighth)
    assert len(full.holds) == 8
    full = once_more(full)
    rest = changed(full, replace(eighth, hold_id=b"9" * 16))
    last = full.holds[-1]
    assert rest == {"holds": (*full.holds[:-1], replace(last, count=1))}
    grave = changed(full, replace(eighth, hold_id=b"9" * 16, kind=HoldKind.SAFETY))
    assert grave == {"holds": (*full.holds[:-1], replace(last, count=1, kind=HoldKind.SAFETY))}
    safety = replace(full, holds=(*full.holds[:-1], replace(last, kind=HoldKind.SAFETY, count=1)))
    again = changed(safety, replace(eighth, hold_id=b"9" * 16))
    assert again["holds"][-1].kind is HoldKind.SAFETY
    assert again["holds"][-1].count == 2


@pytest.mark.parametrize(
    ("source", "number", "newest"),
    [
        (HoldSource.CLOUD, 5, 5),
        (HoldSource.CLOUD, 6, 4),
        (HoldSource.APP, 5, 4),
        (HoldSource.DEVICE, 5, 4),
    ],
)
def test_holds_are_here_up_to_the_first_that_is_missing(
    source: HoldSource, number: int, newest: int
) -> None:
    body = records.HoldPlacedBody(b"3" * 16, HoldKind.SAFETY, source, "pain", number)
    assert after(FULL, body).newest_hold == newest


def test_a_hold_that_was_missing_brings_in_those_that_came_before_it() -> None:
    sixth = replace(CLOUDS, hold_id=b"6" * 16, number=6)
    body = records.HoldPlacedBody(b"5" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "pain", 5)
    assert after(state(holds=(CLOUDS, sixth)), body).newest_hold == 6
