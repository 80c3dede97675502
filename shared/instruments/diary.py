"""What a headache diary comes to over 28 days: headache days, migraine days, days with medicine.

Which day is a migraine day is our own reading of the ICHD-3 criteria, as far as the diary asks:
recalled, not checked by a clinician.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from shared.instruments.items import NOT_ASKED, NOT_SAID

PERIOD_DAYS = 28
MODERATE = 2


@dataclass(frozen=True)
class Entry:
    """One day's diary; ``day`` is the day's ordinal in the person's calendar."""

    day: int
    answers: Mapping[str, int]


@dataclass(frozen=True)
class HeadacheDays:
    """Days of the 28 that end with a day; ``entered`` of them have an entry at all."""

    entered: int
    headache: int
    migraine: int
    medicine: int


def headache_days(entries: Iterable[Entry], *, last_day: int) -> HeadacheDays:
    """Return what the 28 days up to and with ``last_day`` come to; of two entries of a day, the
    graver answer counts."""
    days: dict[int, list[Mapping[str, int]]] = {}
    for entry in entries:
        if last_day - PERIOD_DAYS < entry.day <= last_day:
            days.setdefault(entry.day, []).append(entry.answers)

    def count(holds: Callable[[Mapping[str, int]], bool]) -> int:
        return sum(any(holds(answers) for answers in of_day) for of_day in days.values())

    return HeadacheDays(len(days), count(has_headache), count(is_migraine), count(took_medicine))


def has_headache(answers: Mapping[str, int]) -> bool:
    """Return whether there was a headache."""
    return _said(answers, "headache-any") >= 1


def is_migraine(answers: Mapping[str, int]) -> bool:
    """Return whether it looks like migraine: signs before it; or at least moderate, and sickness or
    both light and sound trouble."""
    if not has_headache(answers):
        return False
    if _said(answers, "headache-aura"):
        return True
    both = _said(answers, "headache-light") and _said(answers, "headache-sound")
    with_it = bool(_said(answers, "headache-nausea") or both)
    return _said(answers, "headache-strength") >= MODERATE and with_it


def took_medicine(answers: Mapping[str, int]) -> bool:
    """Return whether an acute medicine was taken."""
    return bool(_said(answers, "headache-medicine"))


def _said(answers: Mapping[str, int], item: str) -> int:
    answer = answers.get(item, NOT_ASKED)
    return 0 if answer in (NOT_SAID, NOT_ASKED) else answer
