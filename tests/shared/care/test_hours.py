"""The clinic's hours by the clinic's clock: weekends, closed days, the days of 23 and 25 hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shared.care.card import OpenHours
from shared.care.hours import Whom, closes_at, is_open, next_opening, reach
from tests.shared.care.cards import card

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS = 3_600_000


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1000


def clock(wall_ms: int | None, zone: ZoneInfo = BERLIN) -> str:
    assert wall_ms is not None
    return datetime.fromtimestamp(wall_ms / 1000, zone).strftime("%a %d %b %H:%M")


def test_it_is_open_from_the_minute_on_and_not_at_the_end() -> None:
    assert not is_open(card(), at("2026-03-02T08:00") - 1)
    assert is_open(card(), at("2026-03-02T08:00"))
    assert is_open(card(), at("2026-03-02T17:00") - 1)
    assert not is_open(card(), at("2026-03-02T17:00"))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-02T07:59", "Mon 02 Mar 08:00"),
        ("2026-03-02T10:30", "Mon 02 Mar 10:30"),
        ("2026-03-02T17:00", "Tue 03 Mar 08:00"),
        ("2026-03-06T19:00", "Mon 09 Mar 08:00"),
        ("2028-02-28T18:00", "Tue 29 Feb 08:00"),
    ],
)
def test_the_next_opening_is_now_or_the_first_later(now: str, opens: str) -> None:
    assert clock(next_opening(card(), at(now))) == opens


def test_closed_days_are_passed_over() -> None:
    closed = card(closed_days=("2026-12-25", "2026-12-28"))
    assert clock(next_opening(closed, at("2026-12-24T18:00"))) == "Tue 29 Dec 08:00"
    assert not is_open(closed, at("2026-12-25T10:00"))


def test_sixty_closed_days_still_have_an_end() -> None:
    days = tuple(f"2026-{month:02}-{day:02}" for month in (6, 7) for day in range(1, 31))
    opens = next_opening(card(closed_days=days), at("2026-05-29T18:00"))
    assert clock(opens) == "Fri 31 Jul 08:00"


def test_a_clinic_without_hours_opens_never() -> None:
    assert next_opening(card(hours=()), at("2026-03-02T10:00")) is None
    assert closes_at(card(hours=()), at("2026-03-02T10:00")) is None


def test_a_zone_that_is_not_known_here_counts_as_closed() -> None:
    strange = card(zone="Europe/Atlantis")
    assert not is_open(strange, at("2026-03-02T10:00"))
    assert next_opening(strange, at("2026-03-02T10:00")) is None


def test_the_day_of_23_hours() -> None:
    sunday = card(hours=(OpenHours(6, 0, 24 * 60),))
    opens, closes = at("2026-03-29T00:00"), at("2026-03-30T00:00")
    assert closes_at(sunday, opens) == closes
    assert closes - opens == 23 * HOUR_MS
    morning = card(hours=(OpenHours(6, 8 * 60, 12 * 60),))
    assert clock(next_opening(morning, at("2026-03-28T23:00"))) == "Sun 29 Mar 08:00"


def test_an_opening_in_the_hour_that_is_left_out_comes_with_the_hour_after() -> None:
    night = card(hours=(OpenHours(6, 2 * 60 + 30, 5 * 60),))
    assert clock(next_opening(night, at("2026-03-29T00:00"))) == "Sun 29 Mar 03:30"


def test_the_day_of_25_hours() -> None:
    sunday = card(hours=(OpenHours(6, 0, 24 * 60),))
    opens = at("2026-10-25T00:00")
    assert closes_at(sunday, opens) == opens + 25 * HOUR_MS


def test_the_hour_that_comes_twice_is_open_both_times() -> None:
    night = card(hours=(OpenHours(6, 2 * 60, 3 * 60),))
    first = at("2026-10-25T02:30")
    assert is_open(night, first)
    assert is_open(night, first + HOUR_MS)
    assert not is_open(night, first + 2 * HOUR_MS)
    assert closes_at(night, first) == at("2026-10-25T03:00")


def test_a_closing_in_the_hour_that_comes_twice_is_its_second() -> None:
    night = card(hours=(OpenHours(6, 60, 2 * 60 + 30),))
    first = at("2026-10-25T02:15")
    assert is_open(night, first + HOUR_MS)
    assert closes_at(night, first) == at("2026-10-25T02:30") + HOUR_MS


def test_the_clinics_clock_counts_and_not_the_travellers() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert not is_open(card(), at("2026-03-02T10:00", tokyo))
    assert is_open(card(), at("2026-03-02T16:00", tokyo))
    assert clock(next_opening(card(), at("2026-03-02T10:00", tokyo)), tokyo) == "Mon 02 Mar 16:00"


def test_hours_that_meet_at_midnight_are_one() -> None:
    night = card(hours=(OpenHours(0, 20 * 60, 24 * 60), OpenHours(1, 0, 6 * 60)))
    assert clock(closes_at(night, at("2026-03-02T21:00"))) == "Tue 03 Mar 06:00"


def test_whom_to_call() -> None:
    day = reach(card(), at("2026-03-02T10:00"))
    assert (day.whom, day.number) == (Whom.CLINIC, "+49 30 23125 010")
    assert clock(day.until_ms) == "Mon 02 Mar 17:00"
    night = reach(card(), at("2026-03-02T22:00"))
    assert (night.whom, night.number) == (Whom.ON_CALL, "+49 30 23125 020")
    assert clock(night.until_ms) == "Tue 03 Mar 08:00"
    nobody = reach(card(on_call_number=""), at("2026-03-02T22:00"))
    assert (nobody.whom, nobody.number) == (Whom.EMERGENCY, "112")
