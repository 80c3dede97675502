"""Sessions due are the sum of what became of them, whatever happens and in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.adherence.definition import (
    NOTHING_DUE,
    Adherence,
    CourseFacts,
    InForce,
    adherence,
    missed_days,
)
from cloud.times import Times
from shared.dose.course_days import Given
from shared.dose.prescription import Phase, Prescription
from tests.shared.clinic import itbs

MONDAY = 739_677
"""2 March 2026."""
PLAN = itbs()
WEEK = tuple(range(5))


def given_on(*days: int, completed: bool = True) -> tuple[Given, ...]:
    return tuple(Given(MONDAY + day, 600, 600, completed) for day in days)


def plan(a_week: int = 5, course: int = 30, phases: tuple[Phase, ...] = ()) -> Prescription:
    limits = replace(PLAN.limits, sessions_per_week=a_week, course_sessions=course)
    return replace(PLAN, limits=limits, phases=phases)


def judged(
    *given_: Given,
    today: int,
    closed: tuple[int, ...] = (),
    ended: int | None = None,
    in_force: tuple[InForce, ...] = (InForce(MONDAY, plan()),),
) -> Adherence:
    facts = CourseFacts(
        in_force,
        given_,
        frozenset(MONDAY + day for day in closed),
        None if ended is None else MONDAY + ended,
    )
    return adherence(facts, today=MONDAY + today)


def whole_course() -> tuple[int, ...]:
    return tuple(7 * week + day for week in range(6) for day in WEEK)


@pytest.mark.parametrize(
    ("found", "due", "done", "partial", "late", "missed"),
    [
        (judged(today=20), 0, 0, 0, 0, 0),
        (judged(*given_on(*WEEK), today=7), 5, 5, 0, 0, 0),
        (judged(*given_on(0), today=2), 1, 1, 0, 0, 0),
        (judged(*given_on(0, 1), today=7), 5, 2, 0, 0, 3),
        (judged(*given_on(0, 3, 4, 5, 6), today=7), 5, 5, 0, 0, 0),
        (judged(*given_on(0, 1, 2, 3), *given_on(4, completed=False), today=7), 5, 4, 1, 0, 0),
        (judged(*given_on(0, 1), closed=(2, 3, 4, 5, 6), today=7), 2, 2, 0, 0, 0),
        (judged(*given_on(0, 1), closed=(2, 3, 4), today=10), 5, 2, 0, 0, 3),
        (judged(*given_on(0, 1), ended=2, today=30), 2, 2, 0, 0, 0),
        (judged(*given_on(*whole_course()), today=100), 30, 30, 0, 0, 0),
        (judged(*given_on(*whole_course()[1:]), today=36), 29, 29, 0, 0, 0),
        (judged(*given_on(0, *whole_course()[2:]), today=42), 30, 29, 0, 0, 1),
        (judged(*given_on(0, *whole_course()[2:], 42), today=60), 30, 29, 0, 1, 0),
        (judged(*given_on(0, *whole_course()[2:]), today=70), 30, 29, 0, 0, 1),
    ],
    ids=[
        *("no session yet", "a whole week", "days to come", "three left out", "made good"),
        *("partial", "held", "held for a part", "ended early", "whole course"),
        *("begun on a Tuesday", "one open at the end", "made up after the end", "never made up"),
    ],
)  # fmt: skip
def test_what_becomes_of_sessions(
    found: Adherence, due: int, done: int, partial: int, late: int, missed: int
) -> None:
    assert found == Adherence(due, done, partial, late, missed)


def test_each_day_goes_by_what_was_in_force_on_its_evening() -> None:
    fewer = InForce(MONDAY + 3, plan(a_week=2))
    both = (InForce(MONDAY, plan()), fewer)
    assert judged(*given_on(0, 1), today=7, in_force=both).missed == 0
    assert judged(*given_on(0, 1), today=14, in_force=both).missed == 2
    more = (InForce(MONDAY, plan(a_week=2)), InForce(MONDAY + 3, plan()))
    assert judged(*given_on(0, 1), today=7, in_force=more).missed == 3


def test_a_taper_asks_for_fewer_once_its_sessions_are_done() -> None:
    taper = (InForce(MONDAY, plan(course=8, phases=(Phase(5, 5, 0), Phase(3, 3, 0)))),)
    assert judged(*given_on(*WEEK), today=14, in_force=taper) == Adherence(8, 5, 0, 0, 3)
    assert judged(*given_on(*WEEK, 7, 8, 9), today=14, in_force=taper).missed == 0


def test_days_are_the_calendars_across_the_clocks_change() -> None:
    """The last of March 2026 has an hour less in Berlin: late evenings stay on their days."""
    times = Times("Europe/Berlin")
    evening = datetime(2026, 3, 25, 22, 30, tzinfo=UTC)
    days = [
        times.day(int((evening + timedelta(days=n, hours=-(n > 3))).timestamp() * 1000)).toordinal()
        for n in range(7)
    ]
    assert [day - days[0] for day in days] == list(range(7))


SESSION = st.builds(
    Given,
    st.integers(MONDAY, MONDAY + 60),
    st.integers(1, 600),
    st.just(600),
    st.booleans(),
)
VERSION = st.builds(
    InForce,
    st.integers(MONDAY - 3, MONDAY + 40),
    st.builds(plan, st.integers(1, 7), st.integers(1, 40)),
)
FACTS = st.builds(
    CourseFacts,
    st.lists(VERSION, min_size=1, max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda each: each.from_day))
    ),
    st.lists(SESSION, max_size=25).map(tuple),
    st.frozensets(st.integers(MONDAY - 2, MONDAY + 70), max_size=12),
    st.none() | st.integers(MONDAY, MONDAY + 60),
)


@given(facts=FACTS, ahead=st.integers(0, 80), seed=st.randoms(use_true_random=False))
def test_the_four_sum_to_due_are_never_negative_and_know_no_order(
    facts: CourseFacts, ahead: int, seed: object
) -> None:
    found = adherence(facts, today=MONDAY + ahead)
    assert found.due == found.done + found.partial + found.late + found.missed
    assert min(found.done, found.partial, found.late, found.missed) >= 0
    assert found.done + found.partial + found.late == len(facts.given)
    shuffled = list(facts.given)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert adherence(replace(facts, given=tuple(shuffled)), today=MONDAY + ahead) == found


@given(facts=FACTS, ahead=st.integers(0, 80))
def test_closed_days_never_make_more_missed(facts: CourseFacts, ahead: int) -> None:
    everything = frozenset(range(MONDAY, MONDAY + 200))
    held = adherence(replace(facts, closed=everything), today=MONDAY + ahead)
    free = adherence(replace(facts, closed=frozenset()), today=MONDAY + ahead)
    assert held.missed <= free.missed
    assert adherence(replace(facts, given=()), today=MONDAY + ahead) == NOTHING_DUE


def test_missed_days_are_of_the_calendar_and_as_many_as_adherence_counts() -> None:
    shortened = (InForce(MONDAY, plan()), InForce(MONDAY + 7, plan(course=3)))
    facts = CourseFacts(shortened, given_on(0, 1), frozenset({MONDAY + 2}))
    assert adherence(facts, today=MONDAY + 16).missed == 1
    found = missed_days(facts, today=MONDAY + 16)
    assert sum(found.values()) == 1
    assert not set(found) & facts.closed
    assert missed_days(CourseFacts(shortened), today=MONDAY + 16) == {}
