"""Hours of the day on days of 23, 24 and 25 hours, and on one that never was."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobile.reminders.local_time import instant_of, local, minute_of
from mobile.reminders.quiet import QuietHours
from tests.mobile.reminders.worlds import DAY_MS, HOUR_MS, ZONES, at, wall

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE_MS = 60_000
ANY_ZONE = st.sampled_from(ZONES).map(ZoneInfo)
ANY_MINUTE = st.integers(0, 24 * 60 - 1)
ANY_INSTANT = st.integers(1_262_304_000, 2_114_380_800).map(lambda each_s: each_s * 1000)
# A uniform draw hardly ever meets a change of the clocks.
NEAR_A_CHANGE = st.sampled_from(
    [
        at("2026-03-29 01:30"),
        at("2026-10-25 01:30"),
        at("2026-10-04 01:30", "Australia/Lord_Howe"),
        at("2026-04-05 01:30", "Australia/Lord_Howe"),
        at("2026-03-29 00:30", "Antarctica/Troll"),
        at("2026-10-25 00:30", "Antarctica/Troll"),
        at("2011-12-29 12:00", "Pacific/Apia"),
        at("2026-03-08 01:30", "America/New_York"),
    ]
).flatmap(lambda near: st.integers(near - DAY_MS, near + DAY_MS).map(lambda ms: ms // 1000 * 1000))
INSTANTS = st.one_of(ANY_INSTANT, NEAR_A_CHANGE)


@pytest.mark.parametrize(
    ("day", "minute", "shown", "zone"),
    [
        (date(2026, 3, 29), 2 * 60 + 30, "2026-03-29 03:00", "Europe/Berlin"),
        (date(2026, 3, 29), 18 * 60, "2026-03-29 18:00", "Europe/Berlin"),
        (date(2028, 2, 29), 18 * 60, "2028-02-29 18:00", "Europe/Berlin"),
        (date(2026, 12, 31), 0, "2026-12-31 00:00", "Europe/Berlin"),
        (date(2026, 10, 4), 2 * 60 + 10, "2026-10-04 02:30", "Australia/Lord_Howe"),
        (date(2011, 12, 30), 18 * 60, "2011-12-31 00:00", "Pacific/Apia"),
    ],
)
def test_a_minute_that_the_clocks_leave_out_is_when_they_went_on(
    day: date, minute: int, shown: str, zone: str
) -> None:
    assert wall(instant_of(day, minute, ZoneInfo(zone)), zone) == shown


def test_of_a_minute_that_is_shown_twice_the_first_counts() -> None:
    first = instant_of(date(2026, 10, 25), 2 * 60 + 30, BERLIN)
    assert first == at("2026-10-25 02:30") == at("2026-10-25 02:30", fold=1) - HOUR_MS


@given(INSTANTS, ANY_ZONE)
def test_an_instant_comes_back_from_its_day_and_minute(at_ms: int, zone: ZoneInfo) -> None:
    here = local(at_ms, zone)
    found = instant_of(here.date(), minute_of(at_ms, zone), zone)
    assert (local(found, zone).date(), minute_of(found, zone)) == (
        here.date(),
        minute_of(at_ms, zone),
    )
    assert found <= at_ms


@given(INSTANTS, ANY_ZONE, ANY_MINUTE, ANY_MINUTE)
def test_after_quiet_hours_is_the_first_instant_that_is_not_quiet(
    at_ms: int, zone: ZoneInfo, from_minute: int, to_minute: int
) -> None:
    quiet = QuietHours(from_minute, to_minute)
    after_ms = quiet.after(at_ms, zone)
    assert after_ms >= at_ms
    assert not quiet.cover(after_ms, zone)
    if after_ms > at_ms:
        assert quiet.cover(after_ms - 1000, zone)
        between = range(at_ms, after_ms, 7 * MINUTE_MS)
        assert all(quiet.cover(each, zone) for each in between)


@pytest.mark.parametrize(
    ("quiet", "asked", "answered"),
    [
        ((21 * 60, 8 * 60), "2026-03-28 22:00", "2026-03-29 08:00"),
        ((21 * 60, 8 * 60), "2026-10-24 22:00", "2026-10-25 08:00"),
        ((21 * 60, 8 * 60), "2026-06-01 08:00", "2026-06-01 08:00"),
        ((21 * 60, 8 * 60), "2026-06-01 20:59", "2026-06-01 20:59"),
        ((21 * 60, 0), "2026-02-28 23:30", "2026-03-01 00:00"),
        ((21 * 60, 0), "2028-02-28 23:30", "2028-02-29 00:00"),
        ((8 * 60, 21 * 60), "2026-06-01 12:00", "2026-06-01 21:00"),
        ((8 * 60, 8 * 60), "2026-06-01 08:00", "2026-06-01 08:00"),
        ((22 * 60, 2 * 60 + 30), "2026-03-29 01:59", "2026-03-29 03:00"),
    ],
)
def test_quiet_hours_by_the_wall_clock(quiet: tuple[int, int], asked: str, answered: str) -> None:
    assert wall(QuietHours(*quiet).after(at(asked), BERLIN)) == answered


def test_a_night_is_an_hour_shorter_or_longer_when_the_clocks_change() -> None:
    night = QuietHours(21 * 60, 8 * 60)
    spring = night.after(at("2026-03-28 21:00"), BERLIN) - at("2026-03-28 21:00")
    autumn = night.after(at("2026-10-24 21:00"), BERLIN) - at("2026-10-24 21:00")
    assert (spring, autumn) == (10 * HOUR_MS, 12 * HOUR_MS)


def test_quiet_hours_end_twice_where_their_end_is_shown_twice() -> None:
    quiet = QuietHours(22 * 60, 2 * 60 + 30)
    first, second = at("2026-10-25 02:30"), at("2026-10-25 02:30", fold=1)
    assert quiet.after(at("2026-10-25 01:00"), BERLIN) == first
    assert quiet.after(at("2026-10-25 02:10", fold=1), BERLIN) == second
