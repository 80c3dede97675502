"""The lock at the edges of its rules: each to the millisecond, the second, the pulse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.ledger import ClosedSession, Course, LedgerState, OpenSession, Revoked
from shared.dose.lock import Case, Question, Times, Verdict, decide
from shared.dose.make_up import ends_ms, first_train, pulses_left
from shared.dose.prescription import Phase, PrescriptionKind, ThresholdKind, hash_of, to_bytes
from shared.dose.reasons import Reason, ReasonCode, Severity
from shared.dose.totals import Amount
from shared.trust.statements import Gate, GateOutcome, RevocationKind
from shared.wire.records import CloseCause, SessionKind
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.dose.cases import FIT, NOW_MS, case, charged, clearance, ledger, make_up
from tests.shared.prescribed import bilateral, migraine, titration

R = ReasonCode
HOUR_MS = 3_600_000
MEASURED, TREATS = b"m" * 8, b"t" * 8
LIMITS = itbs().limits


def codes(of: Case) -> set[ReasonCode]:
    return {reason.code for reason in decide(of).reasons}


def revoking(key: bytes, **changes: Any) -> LedgerState:
    revoked = Revoked(key * 2, RevocationKind.COMPROMISED, 0)
    return ledger(
        signer=TREATS,
        titration_signer=MEASURED,
        revocations=(replace(revoked, **changes),),
        supervised_until_ms=NOW_MS + 1,
    )


# Verdicts


def test_a_verdict_opens_when_its_last_reason_ends_and_never_without_that() -> None:
    day, week = Reason(R.DAY_WINDOW, 5), Reason(R.WEEK_WINDOW, 9)
    assert Verdict((week, day)).opens_proven_ms == 9
    assert Verdict((day, Reason(R.HOLD))).opens_proven_ms is None
    assert Verdict(()).opens_proven_ms == 0
    assert Verdict(()).permitted
    assert not Verdict((day,)).permitted


def test_the_same_reason_is_given_once() -> None:
    both = bilateral(threshold=replace(bilateral().threshold, lock_s=NOW_S))
    reasons = decide(case(prescription=both)).reasons
    assert len(reasons) == len(set(reasons))


def test_what_stands_beside_a_missing_or_ended_treatment_is_told_too() -> None:
    unowned = ledger(patient_id=None)
    assert codes(case(prescription=None, ledger=unowned)) == {
        R.NO_PRESCRIPTION,
        R.NOT_PROVISIONED,
    }
    ended = itbs(kind=PrescriptionKind.END)
    assert codes(case(prescription=ended, ledger=unowned)) == {
        R.TREATMENT_ENDED,
        R.NOT_PROVISIONED,
    }


# Whose word it was


@pytest.mark.parametrize(("key", "measuring"), [(TREATS, False), (MEASURED, True)])
def test_a_stolen_key_locks_what_it_signed_and_nothing_else(key: bytes, measuring: bool) -> None:
    treating, titrating = (
        case(prescription=what, ledger=revoking(key)) for what in (itbs(), titration())
    )
    assert (R.SIGNER_REVOKED in codes(treating)) is not measuring
    assert (R.SIGNER_REVOKED in codes(titrating)) is measuring


@pytest.mark.parametrize(
    ("until_s", "wall_ms", "locked"),
    [
        (NOW_S + 1, NOW_S * 1000, False),
        (NOW_S, NOW_S * 1000, True),
        (NOW_S + 1, NOW_S * 1000 + 999, False),
        (NOW_S + 1, None, True),
    ],
)
def test_what_a_leaver_signed_stands_until_the_date(
    until_s: int, wall_ms: int | None, locked: bool
) -> None:
    past = revoking(TREATS, kind=RevocationKind.LEFT, until_s=until_s)
    asked = case(ledger=past, times=Times(NOW_MS, wall_ms))
    assert (R.SIGNER_LEFT in codes(asked)) is locked


def test_without_a_known_signer_no_revocation_is_his() -> None:
    past = replace(revoking(TREATS), signer=b"")
    assert not {R.SIGNER_LEFT, R.SIGNER_REVOKED} & codes(case(ledger=past))


def test_an_unowned_band_is_nobody_elses() -> None:
    assert codes(case(ledger=ledger(patient_id=None))) == {R.NOT_PROVISIONED}


def test_a_coil_that_is_not_known_is_not_another_one() -> None:
    assert decide(case(condition=replace(FIT, coil=None))).permitted
    assert decide(case(condition=replace(FIT, coil=itbs().coil))).permitted


@pytest.mark.parametrize("name", ["newest_serial", "newest_hold", "newest_revocation"])
def test_word_older_than_what_is_here_is_no_reason(name: str) -> None:
    here = {"newest_serial": "serial"}.get(name, name)
    for said, known, locked in ((2, 2, False), (2, 3, False), (3, 2, True)):
        past = ledger(clearance=clearance(**{"newest_serial": 0, name: said}), **{here: known})
        assert bool(codes(case(ledger=past))) is locked


# Thresholds


def test_each_threshold_of_two_locks_by_its_own_date() -> None:
    both = bilateral()
    second = both.second_threshold
    assert second is not None
    assert decide(case(prescription=both)).permitted
    late = replace(both, second_threshold=replace(second, lock_s=NOW_S))
    assert codes(case(prescription=late)) == {R.THRESHOLD_OLD}
    assert decide(case(prescription=migraine())).permitted
    fixed = replace(migraine().threshold, lock_s=0)
    assert fixed.kind is ThresholdKind.NONE
    assert R.THRESHOLD_OLD not in codes(case(prescription=migraine(threshold=fixed)))


def test_a_titration_has_neither_interval_nor_window_nor_course() -> None:
    past = ledger(
        last_session_pulse_ms=NOW_MS - 1,
        windows=charged((1, 600, 1)),
        ceilings=charged((1, 6000, 4)),
        current_course=Course(itbs().course_id, Amount(18_000, 30)),
        supervised_until_ms=NOW_MS + 1,
    )
    assert decide(case(prescription=titration(), ledger=past)).permitted


# Answers


@pytest.mark.parametrize(
    ("proven_ago_ms", "wall_ago_ms", "old"),
    [
        (3_599_999, 3_599_999, False),
        (3_600_000, 0, True),
        (0, 3_600_000, True),
        (0, None, True),
    ],
)
def test_answers_are_good_for_an_hour_of_both_times(
    proven_ago_ms: int, wall_ago_ms: int | None, old: bool
) -> None:
    past = ledger(
        gate_proven_ms=NOW_MS - proven_ago_ms,
        gate_wall_ms=None if wall_ago_ms is None else NOW_S * 1000 - wall_ago_ms,
        gates_confirmed=(Gate.ATTENDED, Gate.EAR_PROTECTION),
    )
    gates = (Gate.SCREENING, Gate.ATTENDED, Gate.EAR_PROTECTION)
    found = codes(case(prescription=itbs(gates=gates), ledger=past))
    wanted = {R.SCREENING_NEEDED, R.ATTENDANT_NEEDED, R.EAR_PROTECTION_NEEDED}
    assert found == (wanted if old else set())


def test_without_a_clock_answers_are_old() -> None:
    found = codes(case(times=Times(NOW_MS, None)))
    assert found == {R.CLOCK_NOT_TRUSTED, R.SCREENING_NEEDED}


def test_confirming_one_thing_confirms_no_other() -> None:
    gates = (Gate.ATTENDED, Gate.EAR_PROTECTION)
    asked = itbs(gates=gates)
    for confirmed, left in (
        ((Gate.ATTENDED,), {R.EAR_PROTECTION_NEEDED}),
        ((Gate.EAR_PROTECTION,), {R.ATTENDANT_NEEDED}),
        (gates, set()),
    ):
        past = ledger(gate_outcome=GateOutcome.HOLD, gates_confirmed=confirmed)
        assert codes(case(prescription=asked, ledger=past)) == left


def test_training_and_presence_are_asked_for_where_signed() -> None:
    asked = itbs(gates=(Gate.TRAINING, Gate.SUPERVISED))
    assert codes(case(prescription=asked)) == {R.TRAINING_NEEDED, R.SUPERVISION_NEEDED}
    past = ledger(trained=0, supervised_until_ms=NOW_MS + 1)
    assert decide(case(prescription=asked, ledger=past)).permitted


# Amounts


def resuming(**changes: Any) -> Case:
    plain = OpenSession(b"s" * 16, hash_of(to_bytes(itbs())), 600, 20, charged_pulses=300)
    opened = replace(plain, **{"counted": True} | changes)
    given = charged((HOUR_MS, 300, 1))
    past = ledger(session=opened, windows=given, ceilings=given)
    return case(ledger=past, question=Question.RESUME)


def test_going_on_wants_what_is_left_and_no_session_more() -> None:
    assert decide(resuming()).permitted
    assert codes(resuming(charged_pulses=299)) == {R.DAY_WINDOW}
    assert codes(resuming(counted=False)) == {R.DAY_WINDOW}
    assert decide(resuming(charged_pulses=601)).permitted
    without = replace(resuming(), ledger=ledger(windows=charged((HOUR_MS, 300, 0))))
    assert codes(without) == {R.DAY_WINDOW}


def test_presence_belongs_to_the_session_that_used_it() -> None:
    many = charged(*((hour * HOUR_MS, 1, 1) for hour in range(1, 5)))
    for supervised, found in ((True, set()), (False, {R.CEILING_24H})):
        asked = resuming(supervised=supervised, counted=False, planned_pulses=301)
        past = replace(asked.ledger, windows=charged(), ceilings=many)
        assert codes(replace(asked, ledger=past)) == found


@pytest.mark.parametrize(
    ("pulses", "sessions", "done"),
    [(17_400, 29, False), (17_401, 29, True), (17_400, 30, True), (0, 29, False)],
)
def test_the_course_is_done_at_its_last_pulse_or_session(
    pulses: int, sessions: int, done: bool
) -> None:
    course = Course(itbs().course_id, Amount(pulses, sessions))
    assert (codes(case(ledger=ledger(current_course=course))) == {R.COURSE_DONE}) is done
    other = replace(course, course_id=b"o" * 16)
    assert decide(case(ledger=ledger(current_course=other))).permitted


@pytest.mark.parametrize(
    ("ago_s", "ms", "over"), [(29 * DAY_S, 0, False), (30 * DAY_S, 1, True), (30 * DAY_S, 0, True)]
)
def test_a_course_of_days_ends_with_the_last(ago_s: int, ms: int, over: bool) -> None:
    dated = itbs(limits=replace(LIMITS, course_days=30))
    began_ms = (NOW_S - ago_s) * 1000 + ms
    course = Course(dated.course_id, began_wall_ms=began_ms)
    asked = case(prescription=dated, ledger=ledger(current_course=course))
    assert (codes(asked) == {R.COURSE_OVER}) is over
    unbegun = ledger(current_course=Course(dated.course_id))
    assert decide(case(prescription=dated, ledger=unbegun)).permitted
    other = ledger(current_course=replace(course, course_id=b"o" * 16))
    assert decide(case(prescription=dated, ledger=other)).permitted
    endless = case(ledger=ledger(current_course=course))
    assert decide(endless).permitted
    assert R.COURSE_OVER not in codes(replace(asked, times=Times(NOW_MS, None)))


def test_a_course_of_days_is_over_to_the_second() -> None:
    dated = itbs(limits=replace(LIMITS, course_days=30))
    course = Course(dated.course_id, began_wall_ms=(NOW_S - 30 * DAY_S) * 1000 + 1000)
    assert decide(case(prescription=dated, ledger=ledger(current_course=course))).permitted


PHASED = itbs(phases=(Phase(2, 1, 7 * DAY_S), Phase(28, 5, 14_400)))


def phased(completed: int, **changes: Any) -> Case:
    course = Course(PHASED.course_id, completed=completed)
    return case(prescription=PHASED, ledger=ledger(current_course=course, **changes))


def test_phases_advance_by_completed_sessions_of_this_course() -> None:
    week_ms = 7 * DAY_S * 1000
    last = {"last_session_pulse_ms": NOW_MS - week_ms + 1}
    assert codes(phased(1, **last)) == {R.PHASE_INTERVAL}
    (reason,) = decide(phased(1, **last)).reasons
    assert reason.ends_proven_ms == NOW_MS + 1
    assert decide(phased(1, last_session_pulse_ms=NOW_MS - week_ms)).permitted
    assert decide(phased(2, **last)).permitted
    assert codes(phased(30)) == {R.COURSE_DONE}
    other = replace(phased(30), ledger=ledger(current_course=Course(b"o" * 16, completed=30)))
    assert decide(other).permitted
    going_on = replace(phased(1, **last), question=Question.RESUME)
    assert R.PHASE_INTERVAL not in codes(going_on)


def test_a_phases_week_is_its_own() -> None:
    once = {"windows": charged((25 * HOUR_MS, 600, 1))}
    assert codes(phased(1, **once)) == {R.PHASE_WEEK}
    assert decide(phased(2, **once)).permitted


def test_a_make_up_wants_no_session_and_so_goes_on_after_the_last_phase() -> None:
    plain = make_up()
    signed = itbs(make_up_within_s=14_400, phases=(Phase(1, 5, 0),))
    last = plain.ledger.last_session
    assert last is not None
    past = replace(
        plain.ledger,
        last_session=replace(last, prescription_hash=hash_of(to_bytes(signed))),
        prescription_hash=hash_of(to_bytes(signed)),
        current_course=Course(signed.course_id, completed=1),
    )
    assert decide(replace(plain, prescription=signed, ledger=past)).permitted


# Making up


def lastly(**changes: Any) -> ClosedSession:
    found = make_up(**changes).ledger.last_session
    assert found is not None
    return found


def test_the_rest_begins_with_the_first_train_that_is_whole() -> None:
    assert first_train(lastly(trains_begun=10)) == 11
    assert pulses_left(itbs(), lastly(trains_begun=10)) == 300
    assert pulses_left(itbs(), lastly(trains_begun=19)) == 30
    assert ends_ms(itbs(make_up_within_s=5), lastly()) == NOW_MS - 1 + 5000
    assert ends_ms(itbs(), lastly()) is None


def test_the_plain_rest_may_be_made_up() -> None:
    assert decide(make_up()).permitted
    assert decide(make_up(closed_proven_ms=NOW_MS - 14_400_000 + 1)).permitted
    assert codes(make_up(closed_proven_ms=NOW_MS - 14_400_000)) == {R.MAKE_UP_LATE}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": SessionKind.MAKE_UP},
        {"kind": SessionKind.TITRATION},
        {"completed": True},
        {"charged_pulses": 0},
        {"red_flag": True},
        {"prescription_hash": b"?" * 32},
        {"trains_begun": 20},
        {"trains_begun": 21},
        *(
            {"cause": cause}
            for cause in CloseCause
            if cause.name not in {"ENDED_BY_PERSON", "PAUSE_LIMIT", "REBOOT", "LOCKED_ON_RESUME"}
        ),
    ],
    ids=str,
)
def test_what_may_not_be_made_up(changes: dict[str, Any]) -> None:
    assert R.NO_MAKE_UP in codes(make_up(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"charged_pulses": 1},
        {"trains_begun": 19},
        {"stopped": True, "red_flag": False},
        {"cause": CloseCause.ENDED_BY_PERSON},
        {"cause": CloseCause.REBOOT},
        {"cause": CloseCause.LOCKED_ON_RESUME},
    ],
    ids=str,
)
def test_what_may(changes: dict[str, Any]) -> None:
    assert decide(make_up(**changes)).permitted


def test_after_a_stop_the_questions_come_first() -> None:
    assert codes(make_up(stopped=True)) == {R.SIDE_EFFECTS_UNANSWERED}
    assert decide(make_up(stopped=False)).permitted


def test_a_make_up_fits_under_the_day_by_its_own_pulses() -> None:
    plain = make_up()
    fuller = replace(plain, ledger=replace(plain.ledger, windows=charged((600_000, 301, 1))))
    assert codes(fuller) == {R.DAY_WINDOW}


def test_without_a_last_session_there_is_none_to_make_up() -> None:
    signed = itbs(make_up_within_s=14_400)
    asked = case(prescription=signed, question=Question.MAKE_UP)
    assert codes(asked) == {R.NO_MAKE_UP}
    nowhere = replace(make_up(), prescription=itbs())
    assert codes(nowhere) == {R.NO_MAKE_UP}


# Who can end it


def test_each_reason_says_who_can_end_it() -> None:
    by_person = {
        R.SCREENING_NEEDED,
        R.TRAINING_NEEDED,
        R.CONTACT,
        R.POSITION,
        R.BATTERY,
        R.ATTENDANT_NEEDED,
        R.EAR_PROTECTION_NEEDED,
        R.SIDE_EFFECTS_UNANSWERED,
        R.MOTION,
    }
    by_service = {R.SELF_TEST, R.FAULT}
    by_clinic = {
        R.NO_PRESCRIPTION,
        R.OTHER_DEVICE,
        R.OTHER_PATIENT,
        R.EXPIRED,
        R.HOLD,
        R.COURSE_DONE,
        R.THRESHOLD_OLD,
        R.SUPERVISION_NEEDED,
        R.OUTSIDE_ENVELOPE,
        R.TREATMENT_ENDED,
        R.SIGNER_LEFT,
        R.SIGNER_REVOKED,
        R.OTHER_COIL,
        R.COURSE_OVER,
        R.NO_MAKE_UP,
        R.MAKE_UP_LATE,
    }
    for code in ReasonCode:
        wanted = Severity.WAIT
        wanted = Severity.PERSON if code in by_person else wanted
        wanted = Severity.CLINIC if code in by_clinic else wanted
        wanted = Severity.SERVICE if code in by_service else wanted
        assert Reason(code).severity is wanted
        assert Reason(code).words
