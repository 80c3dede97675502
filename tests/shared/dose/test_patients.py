"""The device goes from one patient to another and back: what was charged stays theirs (R8, R23)."""

from __future__ import annotations

import pytest

from shared.dose.ledger import Course, LedgerState
from shared.dose.ledger_patients import turn_to_patient
from shared.dose.ledger_state import FORMER_PATIENTS_MAX, PAST_COURSES_MAX
from shared.dose.totals import CEILING_WEEK_MS, Amount, Windows
from tests.shared.dose.full_state import CLOUDS, FORMER, FULL, LAST, state

HOUR_MS = 3_600_000
NOW_MS = FULL.proven_ms
FIRST, SECOND = FULL.last_patient_id or b"", b"o" * 16


def treated(before: LedgerState, at_ms: int) -> LedgerState:
    """The patient of now is charged one session, and has courses and a postponement."""
    return state(
        former=before.former,
        forgotten=before.forgotten,
        last_patient_id=before.last_patient_id,
        windows=before.windows.charge(at_ms, Amount(60, 1)),
        last_session_pulse_ms=at_ms,
        proven_ms=at_ms,
    )


def patient(number: int) -> bytes:
    return bytes([number]) * 16


def test_a_patient_who_comes_back_finds_their_own_charges_as_they_were() -> None:
    away = turn_to_patient(FULL, SECOND)
    back = turn_to_patient(away, FIRST)
    assert back.windows == FULL.windows
    assert back.last_session_pulse_ms == FULL.last_session_pulse_ms
    assert back.past_courses == (*FULL.past_courses, FULL.current_course)
    assert back.current_course is None
    assert back.postponed_until_ms == FULL.postponed_until_ms
    assert back.postponed_hash == FULL.postponed_hash


def test_a_session_of_before_is_nobodys_to_make_up() -> None:
    assert FULL.last_session == LAST
    assert turn_to_patient(FULL, SECOND).last_session is None
    assert turn_to_patient(turn_to_patient(FULL, SECOND), FIRST).last_session is None


def test_what_belongs_to_the_device_stays_as_it_is() -> None:
    away = turn_to_patient(FULL, SECOND)
    assert away.ceilings == FULL.ceilings
    assert away.last_pulse_ms == FULL.last_pulse_ms
    assert away.holds[0] == CLOUDS
    assert away.total_pulses == FULL.total_pulses


def test_somebody_new_begins_with_nothing_of_the_others() -> None:
    away = turn_to_patient(state(forgotten=Windows()), SECOND)
    assert away.windows == Windows()
    assert away.last_session_pulse_ms is None
    assert away.past_courses == ()
    assert away.postponed_until_ms is None


def test_the_first_patient_of_all_leaves_nobody_behind() -> None:
    first = turn_to_patient(LedgerState(), FIRST)
    assert first.former == ()
    assert first.last_patient_id == FIRST


def test_a_patient_of_before_is_not_kept_twice() -> None:
    back = turn_to_patient(FULL, FORMER.patient_id)
    assert [each.patient_id for each in back.former] == [FIRST]
    assert back.windows == FORMER.windows


def test_so_many_patients_are_kept_apart_and_the_oldest_is_forgotten_into_one() -> None:
    now = state(former=(), forgotten=Windows(), windows=Windows(), last_patient_id=patient(0))
    for number in range(FORMER_PATIENTS_MAX):
        now = turn_to_patient(treated(now, NOW_MS + number * HOUR_MS), patient(number + 1))
    kept = [each.patient_id for each in now.former]
    assert kept == [patient(number) for number in range(FORMER_PATIENTS_MAX)]
    assert now.forgotten == Windows()

    more = turn_to_patient(treated(now, NOW_MS + 9 * HOUR_MS), patient(9))
    assert [each.patient_id for each in more.former] == [*kept[1:], patient(4)]
    assert more.forgotten == now.former[0].windows


def test_who_may_have_been_forgotten_begins_with_what_was_charged_to_those_who_were() -> None:
    now = state(former=(), forgotten=Windows(), windows=Windows(), last_patient_id=patient(0))
    for number in range(FORMER_PATIENTS_MAX + 2):
        now = turn_to_patient(treated(now, NOW_MS + number * HOUR_MS), patient(number + 1))
    back = turn_to_patient(now, patient(0))
    assert back.windows.within(24 * HOUR_MS, NOW_MS + 6 * HOUR_MS) == Amount(180, 3)
    assert back.last_session_pulse_ms == NOW_MS + 2 * HOUR_MS


@pytest.mark.parametrize(("since_ms", "sessions"), [(-1, 1), (0, 0)])
def test_charges_that_no_window_reaches_take_no_room(since_ms: int, sessions: int) -> None:
    windows = Windows().charge(NOW_MS, Amount(60, 1))
    now = state(former=(), forgotten=windows, windows=windows)
    away = turn_to_patient(
        state(
            former=now.former,
            forgotten=now.forgotten,
            windows=now.windows,
            proven_ms=NOW_MS + CEILING_WEEK_MS + since_ms,
        ),
        SECOND,
    )
    assert len(away.former[-1].windows.buckets) == sessions
    assert len(away.forgotten.buckets) == sessions


def test_a_patients_oldest_courses_make_room_for_the_last_one() -> None:
    past = tuple(Course(bytes([number]) * 16) for number in range(PAST_COURSES_MAX))
    away = turn_to_patient(state(past_courses=past), SECOND)
    assert away.former[-1].courses == (*past[1:], FULL.current_course)
