"""A course on the calendar: what was missed and when, what comes, and where it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.course_days import CourseDay, Given, Outlook, outlook
from shared.dose.prescription import Phase, Prescription
from tests.shared.clinic import itbs

BEGAN = 739_000
"""A day of the calendar; weeks are the course's own."""


def plan(**limits: Any) -> Prescription:
    prescription = itbs()
    return replace(prescription, limits=replace(prescription.limits, **limits))


def whole(*days: int) -> list[Given]:
    return [Given(BEGAN + day, 600, 600, True) for day in days]


def look(
    prescription: Prescription, given: list[Given], today: int, *, valid: int = 400
) -> Outlook:
    return outlook(prescription, given, began=BEGAN, today=BEGAN + today, valid_until=BEGAN + valid)


def missed(found: Outlook) -> dict[int, int]:
    return {day.day - BEGAN: day.missed for day in found.days if day.missed}


def planned(found: Outlook) -> list[int]:
    return [day.day - BEGAN for day in found.days for _ in range(day.planned)]


def test_five_a_week_may_lie_on_any_five_days() -> None:
    for days in ((0, 1, 2, 3, 4), (2, 3, 4, 5, 6), (0, 1, 3, 5, 6)):
        found = look(plan(), whole(*days), 7)
        assert (found.missed, missed(found)) == (0, {})


def test_a_session_is_missed_on_the_last_day_that_could_have_held_it() -> None:
    found = look(plan(), whole(0, 1, 2, 3), 7)
    assert missed(found) == {6: 1}
    found = look(plan(), whole(0, 1), 7)
    assert missed(found) == {4: 1, 5: 1, 6: 1}


def test_nothing_is_missed_while_the_week_can_still_hold_it() -> None:
    assert look(plan(), whole(0), 3).missed == 0
    assert look(plan(), whole(0), 4).missed == 1, "days 4, 5 and 6 hold three of the four"


def test_a_missed_week_moves_the_end_by_a_week() -> None:
    on_time = look(plan(), whole(0, 1, 2, 3, 4, 7, 8, 9, 10, 11), 14)
    assert (on_time.missed, on_time.days_later, on_time.left) == (0, 0, 20)
    assert on_time.end == on_time.first_end == BEGAN + 39
    late = look(plan(), whole(0, 1, 2, 3, 4), 14)
    assert (late.missed, late.left) == (5, 25)
    assert late.end == BEGAN + 46
    assert late.days_later == 7


def test_what_comes_adds_up_to_the_whole_course() -> None:
    found = look(plan(course_sessions=12), whole(0, 1, 2), 4)
    assert len(planned(found)) + 3 == 12
    assert planned(found) == [4, 5, 7, 8, 9, 10, 11, 14, 15]


def test_today_holds_no_second_session_where_one_a_day_is_prescribed() -> None:
    assert planned(look(plan(), whole(0), 0))[0] == 1
    assert planned(look(plan(), [], 0))[0] == 0


def test_several_sessions_a_day_are_counted_as_such() -> None:
    many = plan(
        sessions_per_day_window=10, sessions_per_week=50, course_sessions=50, min_interval_s=3000
    )
    given = whole(*[0] * 10, *[1] * 8)
    found = look(many, given, 2)
    assert found.days[0] == CourseDay(BEGAN, tuple(given[:10]), 0, 0)
    assert (planned(found).count(2), len(planned(found))) == (10, 32)
    assert found.missed == 0


def test_a_taper_spaces_what_comes() -> None:
    taper = replace(
        plan(course_sessions=7, sessions_per_week=5),
        phases=(Phase(5, 5, 14_400), Phase(2, 1, 7 * 86_400)),
    )
    found = look(taper, whole(0, 1, 2, 3, 4), 5)
    assert planned(found) == [11, 18]
    assert look(taper, whole(0, 1, 2, 3, 4), 14).missed == 1


def test_a_partial_session_is_one_of_the_course() -> None:
    partial = Given(BEGAN, 180, 600, False)
    assert look(plan(), [partial], 1).left == 29


def test_an_end_beyond_the_prescription_is_seen() -> None:
    assert look(plan(), whole(0), 7, valid=20).outlasts_the_prescription
    assert not look(plan(), whole(0), 7, valid=60).outlasts_the_prescription


@pytest.mark.parametrize("today", [0, 40, 200])
def test_a_course_that_is_done_has_nothing_left(today: int) -> None:
    found = look(plan(course_sessions=2), whole(0, 1), today)
    assert (found.left, found.end, planned(found)) == (0, None, [])
    assert not found.outlasts_the_prescription
