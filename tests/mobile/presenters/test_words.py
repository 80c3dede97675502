"""Times and lengths in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mobile.presenters import words
from mobile.presenters.words import Now


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = Now(at("2026-11-24T19:31:00"), UTC)


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-24T18:02:00", "today 18:02"),
        ("2026-11-25T00:00:00", "tomorrow 00:00"),
        ("2026-11-23T23:59:59", "yesterday 23:59"),
        ("2026-11-28T09:00:00", "Saturday 09:00"),
        ("2026-12-04T09:00:00", "Friday 4 December 09:00"),
    ],
)
def test_times_say_the_day(instant: str, said: str) -> None:
    assert words.day_and_time(NOW, at(instant)) == said


def test_an_opening_is_never_named_too_early() -> None:
    assert words.from_day_and_time(NOW, at("2026-11-25T15:30:01")) == "Tomorrow, from 15:31"
    assert words.from_day_and_time(NOW, at("2026-11-25T15:31:00")) == "Tomorrow, from 15:31"


def test_the_day_is_the_persons_not_the_worlds() -> None:
    east = Now(at("2026-11-24T22:30:00"), timezone(timedelta(hours=2)))

    assert words.day_and_time(east, at("2026-11-24T21:30:00")) == "yesterday 23:30"


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 minutes"),
        (59_000, "1 minute"),
        (3_600_000, "1 hour"),
        (69_120_000, "19 hours 12 minutes"),
        (-5, "0 minutes"),
    ],
)
def test_lengths_are_rounded_up(milliseconds: int, said: str) -> None:
    assert words.distance(milliseconds) == said


def test_time_left_counts_to_nought() -> None:
    assert [words.left(ms) for ms in (134_000, 133_001, 59_999, 1, 0, -1)] == [
        "2:14",
        "2:14",
        "1:00",
        "0:01",
        "0:00",
        "0:00",
    ]
