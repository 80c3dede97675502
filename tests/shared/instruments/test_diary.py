"""Headache days, migraine days and days with medicine over 28 days."""

from __future__ import annotations

from shared.instruments.diary import Entry, HeadacheDays, headache_days, is_migraine
from shared.instruments.items import NOT_SAID

NONE = {"headache-any": 0}
MILD = {"headache-any": 1, "headache-strength": 1, "headache-nausea": 1}
MIGRAINE = {"headache-any": 1, "headache-strength": 2, "headache-nausea": 1, "headache-medicine": 1}


def test_days_are_counted_within_28_days_and_each_once() -> None:
    entries = [
        Entry(72, MIGRAINE),
        Entry(73, MIGRAINE),
        Entry(80, MILD),
        Entry(80, NONE),
        Entry(90, NONE),
        Entry(100, MIGRAINE),
        Entry(101, MIGRAINE),
    ]
    assert headache_days(entries, last_day=100) == HeadacheDays(4, 3, 2, 2)


def test_what_makes_a_day_a_migraine_day() -> None:
    assert is_migraine(MIGRAINE)
    assert not is_migraine(MILD)
    assert not is_migraine({**MIGRAINE, "headache-any": 0})
    assert is_migraine({**MILD, "headache-aura": 1})
    strong = {"headache-any": 1, "headache-strength": 3}
    assert not is_migraine({**strong, "headache-light": 1, "headache-sound": NOT_SAID})
    assert is_migraine({**strong, "headache-light": 1, "headache-sound": 1})
