"""The lock: every reason by a case of its own, and truthful about when it opens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.dose.ledger import Course, Revoked
from shared.dose.lock import SCREENING_PASS_MS, Case, Question, Times, decide
from shared.dose.prescription import Phase, PrescriptionKind
from shared.dose.reasons import WORDS, Reason, ReasonCode, Severity
from shared.dose.totals import WEEK_MS, Amount
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import Gate, GateOutcome, RevocationKind
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.dose.cases import FIT, HOLD, NOW_MS, case, charged, clearance, ledger, make_up

HOUR_MS = 3_600_000
LIMITS = itbs().limits
WIDE = replace(
    LIMITS,
    sessions_per_day_window=12,
    pulses_per_day_window=99_999,
    sessions_per_week=84,
    pulses_per_week=999_999,
    course_sessions=400,
    course_pulses=999_999,
)
R = ReasonCode

SIGNER = b"k" * 8
JUST_FITS = Course(itbs().course_id, Amount(17_400, 29))
LEFT = Revoked(b"k" * 16, RevocationKind.LEFT, NOW_S)
CASES: dict[ReasonCode, Case] = {
    R.NOT_PROVISIONED: case(ledger=ledger(patient_id=None)),
    R.NO_PRESCRIPTION: case(prescription=None),
    R.OTHER_DEVICE: case(device_id=b"x" * 16),
    R.OTHER_PATIENT: case(ledger=ledger(patient_id=b"x" * 16)),
    R.NOT_YET_VALID: case(prescription=itbs(not_before_s=NOW_S + 1)),
    R.EXPIRED: case(prescription=itbs(not_after_s=NOW_S)),
    R.CLOCK_NOT_TRUSTED: case(prescription=itbs(gates=()), times=Times(NOW_MS, None)),
    R.CLEARANCE_MISSING: case(ledger=ledger(clearance=None)),
    R.CLEARANCE_OLD: case(ledger=ledger(clearance=clearance(issued_s=NOW_S - 7 * DAY_S))),
    R.NEWER_VERSION_EXISTS: case(ledger=ledger(clearance=clearance(newest_serial=2))),
    R.HOLD: case(ledger=ledger(holds=(HOLD,))),
    R.HOLD_ON_ITS_WAY: case(ledger=ledger(clearance=clearance(newest_hold=1))),
    R.SESSION_INTERVAL: case(ledger=ledger(last_session_pulse_ms=NOW_MS - 14_400_000 + 1)),
    R.DAY_WINDOW: case(ledger=ledger(windows=charged((HOUR_MS, 30, 1)))),
    R.WEEK_WINDOW: case(
        ledger=ledger(windows=charged(*((24 * day * HOUR_MS, 600, 1) for day in range(1, 6))))
    ),
    R.COURSE_DONE: case(ledger=ledger(current_course=Course(itbs().course_id, Amount(17_401, 29)))),
    R.CEILING_24H: case(
        prescription=itbs(limits=WIDE), ledger=ledger(ceilings=charged((HOUR_MS, 5401, 1)))
    ),
    R.CEILING_168H: case(
        prescription=itbs(limits=WIDE),
        ledger=ledger(ceilings=charged(*((24 * day * HOUR_MS, 5000, 1) for day in range(1, 7)))),
    ),
    R.THRESHOLD_OLD: case(prescription=itbs(threshold=replace(itbs().threshold, lock_s=NOW_S))),
    R.SCREENING_NEEDED: case(ledger=ledger(gate_outcome=None)),
    R.SCREENING_POSTPONED: case(ledger=ledger(postponed_until_ms=NOW_MS + 1)),
    R.TEMPERATURE: case(condition=replace(FIT, coil_temperature_c=43)),
    R.CONTACT: case(condition=replace(FIT, contact=False)),
    R.POSITION: case(condition=replace(FIT, position_ok=False)),
    R.BATTERY: case(condition=replace(FIT, battery_percent=29)),
    R.SELF_TEST: case(condition=replace(FIT, self_test_passed=False)),
    R.LEDGER_ROOM: case(condition=replace(FIT, ledger_has_room=False)),
    R.FAULT: case(condition=replace(FIT, faulty=True)),
    R.OUTSIDE_ENVELOPE: case(prescription=itbs(envelope_version=2)),
    R.TRAINING_NEEDED: case(prescription=itbs(gates=(Gate.TRAINING,))),
    R.SUPERVISION_NEEDED: case(prescription=itbs(gates=(Gate.SUPERVISED,))),
    R.ATTENDANT_NEEDED: case(prescription=itbs(gates=(Gate.ATTENDED,))),
    R.EAR_PROTECTION_NEEDED: case(prescription=itbs(gates=(Gate.EAR_PROTECTION,))),
    R.TREATMENT_ENDED: case(prescription=itbs(kind=PrescriptionKind.END)),
    R.SIGNER_LEFT: case(ledger=ledger(signer=SIGNER, revocations=(LEFT,), newest_revocation=1)),
    R.SIGNER_REVOKED: case(
        ledger=ledger(signer=SIGNER, revocations=(replace(LEFT, kind=RevocationKind.COMPROMISED),))
    ),
    R.REVOCATION_ON_ITS_WAY: case(ledger=ledger(clearance=clearance(newest_revocation=1))),
    R.PHASE_INTERVAL: case(
        prescription=itbs(phases=(Phase(2, 5, 7 * DAY_S),)),
        ledger=ledger(last_session_pulse_ms=NOW_MS - 7 * DAY_S * 1000 + 1),
    ),
    R.PHASE_WEEK: case(
        prescription=itbs(phases=(Phase(2, 1, 0),)),
        ledger=ledger(windows=charged((25 * HOUR_MS, 600, 1))),
    ),
    R.NO_MAKE_UP: case(question=Question.MAKE_UP),
    R.MAKE_UP_LATE: make_up(closed_proven_ms=NOW_MS - 14_400_000),
    R.SIDE_EFFECTS_UNANSWERED: make_up(stopped=True),
    R.OTHER_COIL: case(condition=replace(FIT, coil="H1")),
    R.FIRMWARE_UNCONFIRMED: case(ledger=ledger(firmware_confirmed=False)),
    R.COURSE_OVER: case(
        prescription=itbs(limits=replace(itbs().limits, course_days=30)),
        ledger=ledger(
            current_course=Course(itbs().course_id, began_wall_ms=(NOW_S - 30 * DAY_S) * 1000)
        ),
    ),
    R.MOTION: case(condition=replace(FIT, moving=True)),
}

REACHED_BY_NO_CASE: dict[ReasonCode, str] = {}
"""Codes that the lock does not give yet, each with why. None today."""


def codes(of: Case) -> set[ReasonCode]:
    return {reason.code for reason in decide(of).reasons}


def test_the_plain_case_is_permitted() -> None:
    assert decide(case()).reasons == ()
    assert decide(case(condition=None)).permitted


@pytest.mark.parametrize("code", list(CASES), ids=lambda code: code.name.lower())
def test_the_reason_is_given_and_no_other(code: ReasonCode) -> None:
    assert codes(CASES[code]) == {code}


def test_every_code_of_the_enum_has_a_case_or_says_why_not() -> None:
    given = set().union(*(codes(one) for one in CASES.values()))
    assert given | set(REACHED_BY_NO_CASE) == set(ReasonCode)
    assert not given & set(REACHED_BY_NO_CASE)


def test_every_reason_has_words_that_end_as_sentences_and_somebody_who_can_end_it() -> None:
    assert set(WORDS) == set(ReasonCode)
    for code in ReasonCode:
        assert WORDS[code].endswith(".")
        assert Reason(code).severity in Severity


def test_all_reasons_are_given_at_once() -> None:
    many = case(
        ledger=ledger(holds=(HOLD,), clearance=None, gate_outcome=None),
        condition=replace(FIT, contact=False, battery_percent=3),
        times=Times(NOW_MS, None),
    )
    assert codes(many) == {
        R.HOLD,
        R.CLEARANCE_MISSING,
        R.SCREENING_NEEDED,
        R.CONTACT,
        R.BATTERY,
        R.CLOCK_NOT_TRUSTED,
    }


@pytest.mark.parametrize(
    ("code", "still_open"),
    [
        (R.TEMPERATURE, case(condition=replace(FIT, coil_temperature_c=42))),
        (R.BATTERY, case(condition=replace(FIT, battery_percent=30))),
        (R.EXPIRED, case(prescription=itbs(not_after_s=NOW_S + 1))),
        (R.NOT_YET_VALID, case(prescription=itbs(not_before_s=NOW_S))),
        (
            R.CLEARANCE_OLD,
            case(ledger=ledger(clearance=clearance(issued_s=NOW_S - 7 * DAY_S + 1))),
        ),
        (R.SESSION_INTERVAL, case(ledger=ledger(last_session_pulse_ms=NOW_MS - 14_400_000))),
        (R.SCREENING_POSTPONED, case(ledger=ledger(postponed_until_ms=NOW_MS))),
        (
            R.COURSE_DONE,
            case(ledger=ledger(current_course=JUST_FITS)),
        ),
        (R.COURSE_DONE, case(ledger=ledger(current_course=Course(b"o" * 16, Amount(18_000, 30))))),
        (R.NEWER_VERSION_EXISTS, case(ledger=ledger(clearance=clearance(newest_serial=1)))),
        (R.HOLD_ON_ITS_WAY, case(ledger=ledger(newest_hold=1, clearance=clearance(newest_hold=1)))),
    ],
)
def test_on_the_right_side_of_the_edge_it_is_open(code: ReasonCode, still_open: Case) -> None:
    assert code not in codes(still_open)


def test_the_course_is_done_by_sessions_too() -> None:
    assert codes(case(ledger=ledger(current_course=Course(itbs().course_id, Amount(100, 30))))) == {
        R.COURSE_DONE
    }


@pytest.mark.parametrize("outcome", [GateOutcome.POSTPONE, GateOutcome.HOLD, None])
def test_only_a_pass_is_a_pass(outcome: GateOutcome | None) -> None:
    assert R.SCREENING_NEEDED in codes(case(ledger=ledger(gate_outcome=outcome)))


def test_a_pass_lasts_its_hour_and_no_longer() -> None:
    last = ledger(gate_proven_ms=NOW_MS - SCREENING_PASS_MS + 1)
    assert decide(case(ledger=last)).permitted
    over = ledger(gate_proven_ms=NOW_MS - SCREENING_PASS_MS)
    assert codes(case(ledger=over)) == {R.SCREENING_NEEDED}


@pytest.mark.parametrize("wall_ms", [None, NOW_S * 1000 - SCREENING_PASS_MS])
def test_a_pass_ends_by_the_wall_clock_too(wall_ms: int | None) -> None:
    assert codes(case(ledger=ledger(gate_wall_ms=wall_ms))) == {R.SCREENING_NEEDED}
    just = ledger(gate_wall_ms=NOW_S * 1000 - SCREENING_PASS_MS + 1)
    assert decide(case(ledger=just)).permitted


def test_screening_that_was_not_prescribed_is_not_asked() -> None:
    assert decide(case(prescription=itbs(gates=()), ledger=ledger(gate_outcome=None))).permitted


def test_a_person_in_attendance_is_asked_for_where_prescribed() -> None:
    assert codes(case(prescription=itbs(gates=(Gate.ATTENDED,)))) == {R.ATTENDANT_NEEDED}


def test_going_on_asks_neither_for_the_interval_nor_for_screening_again() -> None:
    past = ledger(last_session_pulse_ms=NOW_MS - 1, gate_outcome=None)
    assert decide(case(ledger=past, question=Question.RESUME)).permitted


def test_going_on_still_asks_for_hold_contact_and_permission() -> None:
    bad = case(
        ledger=ledger(holds=(HOLD,)),
        condition=replace(FIT, contact=False),
        prescription=itbs(not_after_s=NOW_S),
        question=Question.RESUME,
    )
    assert codes(bad) == {R.HOLD, R.CONTACT, R.EXPIRED}


def test_a_prescription_cannot_take_the_devices_ceilings_away() -> None:
    ceiling = absolute_limits().ceiling_sessions_per_24h
    past = charged(*((hour * HOUR_MS, 1, 1) for hour in range(1, ceiling + 1)))
    assert codes(case(prescription=itbs(limits=WIDE), ledger=ledger(ceilings=past))) == {
        R.CEILING_24H
    }


def test_the_devices_ceilings_do_not_bind_where_staff_is_present() -> None:
    """R8: such a session is bound by what was signed for it."""
    ceiling = absolute_limits().ceiling_sessions_per_24h
    past = charged(*((hour * HOUR_MS, 1, 1) for hour in range(1, ceiling + 1)))
    for until_ms, found in ((NOW_MS, {R.CEILING_24H}), (NOW_MS + 1, set())):
        state = ledger(ceilings=past, supervised_until_ms=until_ms)
        assert codes(case(prescription=itbs(limits=WIDE), ledger=state)) == found
    state = ledger(windows=charged((HOUR_MS, 30, 1)), supervised_until_ms=NOW_MS + 1)
    assert codes(case(ledger=state)) == {R.DAY_WINDOW}


def test_the_week_is_six_days_and_twenty_hours() -> None:
    assert WEEK_MS == (6 * 24 + 20) * HOUR_MS
    five = charged(*((WEEK_MS - day * HOUR_MS * 24, 600, 1) for day in range(5)))
    assert R.WEEK_WINDOW not in codes(case(ledger=ledger(windows=five)))


def test_the_verdict_names_no_instant_where_time_alone_does_not_end_it() -> None:
    both = case(ledger=ledger(holds=(HOLD,), last_session_pulse_ms=NOW_MS))
    assert decide(both).opens_proven_ms is None
    assert decide(CASES[R.SESSION_INTERVAL]).opens_proven_ms == NOW_MS + 1
    assert decide(case()).opens_proven_ms == 0


def test_a_clearance_ends_with_the_certificate_of_its_key() -> None:
    """R20: a key that lies does so for a bounded time."""
    word = clearance(ends_s=NOW_S + 60)
    last = case(ledger=ledger(clearance=word), times=Times(NOW_MS, (NOW_S + 59) * 1000))
    over = case(ledger=ledger(clearance=word), times=Times(NOW_MS, (NOW_S + 60) * 1000))
    assert R.CLEARANCE_OLD not in codes(last)
    assert R.CLEARANCE_OLD in codes(over)


def test_the_time_to_make_up_ends_by_the_wall_clock_too() -> None:
    """R5, R9: a gap that nobody proved doesn't keep it open."""
    late_ms = (NOW_S + 14_400) * 1000
    assert codes(make_up()) == set()
    assert R.MAKE_UP_LATE in codes(replace(make_up(), times=Times(NOW_MS, late_ms)))
    assert R.MAKE_UP_LATE in codes(replace(make_up(), times=Times(NOW_MS, None)))
    assert R.MAKE_UP_LATE in codes(make_up(closed_wall_ms=None))
