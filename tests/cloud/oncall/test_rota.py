"""Who is on call, where nobody is, and what waits for the end of quiet hours."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.alerts.findings import NOW, TODAY
from cloud.oncall.ladder import LAST_STEP, Ladder, rung_of
from cloud.oncall.quiet import due_ms
from cloud.oncall.rota import WEEK_MINUTES, Turn, gaps, on_call
from cloud.times import Times

A, B = b"a" * 16, b"b" * 16
MINUTES = st.integers(0, WEEK_MINUTES - 1)
TURNS = st.lists(
    st.builds(Turn, st.sampled_from([1, 2]), st.sampled_from([A, B]), MINUTES, MINUTES), max_size=6
)
BERLIN = Times("Europe/Berlin")


@given(TURNS, MINUTES)
def test_a_minute_lies_in_a_gap_exactly_when_nobody_is_on_call(
    turns: list[Turn], minute: int
) -> None:
    in_gap = any(gap.from_minute <= minute < gap.to_minute for gap in gaps(turns, 1))
    assert in_gap == (on_call(turns, 1, minute) == ())


@given(TURNS)
def test_gaps_are_in_order_and_apart(turns: list[Turn]) -> None:
    found = gaps(turns, 1)
    for before, after in itertools.pairwise(found):
        assert before.to_minute < after.from_minute


def test_a_whole_week_of_one_has_no_gap_and_a_turn_may_wrap() -> None:
    assert gaps([Turn(1, A, 600, 600)], 1) == ()
    night = Turn(1, A, WEEK_MINUTES - 60, 60)
    assert on_call([night], 1, 0) == on_call([night], 1, WEEK_MINUTES - 1) == (A,)
    assert on_call([night], 1, 60) == ()
    assert gaps([night], 1)[0].words == "Monday 1:00 to Sunday 23:00"


def at(text: str) -> int:
    return (
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp())
        * 1000
    )


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 10**10))
def test_now_never_waits_and_today_waits_a_day_at_most(start: int, end: int, ms: int) -> None:
    now_ms = at("2026-03-02T00:00") + ms
    assert due_ms(NOW, start, end, BERLIN, now_ms=now_ms) == now_ms
    due = due_ms(TODAY, start, end, BERLIN, now_ms=now_ms)
    assert now_ms <= due <= now_ms + 25 * 3_600_000


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02T21:59", "2026-03-02T21:59"),
        ("2026-03-02T22:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),
    ],
)
def test_today_waits_for_the_local_end_of_quiet_hours(now: str, due: str) -> None:
    assert due_ms(TODAY, 22 * 60, 7 * 60, BERLIN, now_ms=at(now)) == at(due)


@given(st.integers(2, 120), st.integers(0, 10**9))
def test_the_ladder_only_climbs(minutes: int, ms: int) -> None:
    ladder = Ladder(minutes)
    assert ladder.step_at(0, 0) == 0
    assert ladder.step_at(0, ms) <= ladder.step_at(0, ms + 60_000) <= LAST_STEP
    assert ladder.step_at(0, minutes * 60_000 - 1) == 0
    assert ladder.step_at(0, minutes * 60_000) == 1


def test_after_first_and_second_everybody_is_told() -> None:
    assert [rung_of(step) for step in range(5)] == [1, 2, 3, 3, 3]
