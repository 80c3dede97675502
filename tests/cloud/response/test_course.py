"""What is known at which moment of a course; nothing later gets in."""

from dataclasses import replace

import pytest

from cloud.adherence.definition import CourseFacts, InForce
from cloud.response.cohort import ten_sessions
from cloud.response.course import (
    Early,
    LeftOut,
    SixWeeks,
    after_ten,
    early,
    six_weeks,
    until,
)
from cloud.response.facts import Answer, Facts, Treatment
from shared.dose.course_days import Given
from tests.cloud.response.cohorts import ITBS, MONDAY, opened_ms, treated
from tests.shared.clinic import itbs

WHOLE = {0: 20, 7: 17, 14: 12}


def test_early_is_what_was_known_before_the_sixth_session() -> None:
    assert early(treated(WHOLE)) == Early(20, -3, 4, 0, ITBS)


def test_the_score_after_ten_is_the_first_of_the_week_after_the_tenth_session() -> None:
    found = after_ten(treated(WHOLE | {15: 3}))
    assert isinstance(found, Answer)
    assert found.score == 12


@pytest.mark.parametrize("sessions", [6, 9, 10, 12])
def test_nothing_after_the_sixth_session_changes_what_goes_in(sessions: int) -> None:
    known = treated({0: 20, 7: 17}, sessions=5)
    later = treated({0: 20, 7: 17, 8: 1, 9: 27, 14: 2, 21: 25}, sessions=sessions)
    broken = tuple(
        replace(each, partial=True) if number >= 5 else each
        for number, each in enumerate(later.treatments)
    )
    assert early(replace(later, treatments=broken)) == early(known)


def test_nothing_after_the_score_that_is_forecast_changes_a_row() -> None:
    whole = treated(WHOLE)
    more = treated(WHOLE | {16: 0, 30: 27, 44: 1}, sessions=30)
    assert ten_sessions(more) == ten_sessions(whole)


def test_a_score_of_the_morning_of_the_sixth_session_is_known_and_one_of_its_night_is_not() -> None:
    facts = treated({0: 20, 14: 12})
    sixth_ms = opened_ms(MONDAY + 7)
    before = replace(facts, answers=(*facts.answers, Answer(sixth_ms - 1, 15)))
    after = replace(facts, answers=(*facts.answers, Answer(sixth_ms + 1, 15)))
    found = early(replace(before, answers=tuple(sorted(before.answers, key=lambda a: a.at_ms))))
    assert isinstance(found, Early)
    assert found.change == -5
    assert early(replace(after, answers=tuple(sorted(after.answers, key=lambda a: a.at_ms)))) is (
        LeftOut.NO_SCORE_BETWEEN
    )


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(), LeftOut.NOT_BEGUN),
        (replace(treated(WHOLE), flawed=True), LeftOut.FLAWED),
        (treated(WHOLE, sessions=4), LeftOut.FEW_SESSIONS),
        (treated(WHOLE, sessions=9), LeftOut.FEW_SESSIONS),
        (treated({7: 17, 14: 12}), LeftOut.NO_FIRST_SCORE),
        (treated({0: 20, 14: 12}), LeftOut.NO_SCORE_BETWEEN),
        (treated({0: 20, 7: 17, 21: 12}), LeftOut.NO_SCORE_AFTER_TEN),
        (
            replace(treated(WHOLE), treatments=(Treatment(MONDAY, None, partial=False),)),
            LeftOut.NO_CLOCK,
        ),
    ],
)
def test_each_reason_to_leave_somebody_out(facts: Facts, why: LeftOut) -> None:
    assert ten_sessions(facts) is why


def test_six_weeks_takes_the_score_nearest_to_them_and_waits_for_the_week_after() -> None:
    facts = treated({0: 20, 35: 14, 42: 9, 56: 1}, sessions=30)
    assert six_weeks(facts, today=MONDAY + 48) is LeftOut.TOO_EARLY
    found = six_weeks(facts, today=MONDAY + 49)
    assert isinstance(found, SixWeeks)
    assert (found.first, found.later) == (20, 9)
    gone = treated({0: 20, 21: 12}, sessions=12)
    assert six_weeks(gone, today=MONDAY + 100) is LeftOut.NO_LATER_SCORE


def test_adherence_is_judged_by_what_was_in_force_and_given_by_then() -> None:
    given = tuple(Given(MONDAY + day, 600, 600, completed=True) for day in (0, 1, 41, 42, 43, 60))
    plans = tuple(InForce(MONDAY + day, itbs()) for day in (0, 42, 43))
    known = until(CourseFacts(plans, given), MONDAY + 42)
    assert [each.day - MONDAY for each in known.given] == [0, 1, 41, 42]
    assert [each.from_day - MONDAY for each in known.in_force] == [0, 42]
