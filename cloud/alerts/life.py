"""The life of one cause, as values come in and a person acknowledges.

A rise is always new. What a person has acknowledged and what stays as it was is a line of the week.
What nobody has acknowledged yet stays open whatever comes after, unless the cause ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What a new value does."""

    NEW = "new"
    STAYS = "stays"
    WEEKLY = "weekly"
    ENDS = "ends"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Known:
    """What stands of a cause: its last value, and whether the last alert is still open."""

    value: int | None
    is_open: bool


def step(known: Known | None, value: int | None, *, ends_by_itself: bool) -> Step:
    """Return what ``value`` does to a cause of which ``known`` stands.

    ``ends_by_itself`` is for states that can be seen to be over, such as a gap that was filled;
    what a person told stays open until another person has seen it.
    """
    if value is None:
        return Step.NEW if known is None else Step.NOTHING
    before = 0 if known is None or known.value is None else known.value
    if value > before:
        return Step.NEW
    if known is None:
        return Step.NOTHING
    if value == 0:
        return Step.ENDS if known.is_open and ends_by_itself else Step.NOTHING
    return Step.STAYS if known.is_open else Step.WEEKLY
