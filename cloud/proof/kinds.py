"""The kinds of flaws: how urgent, in which words, and which of them are incidents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong with a device's record."""

    GAP = "gap"
    MISMATCH = "mismatch"
    CLOCK = "clock"
    FORK = "fork"
    FOREIGN_DEVICE = "foreign_device"
    STRANGER = "stranger"
    COUNTER = "counter"
    UNSOUND = "unsound"
    UNSIGNED = "unsigned"
    BEYOND_SESSION = "beyond_session"
    BEYOND_DAY = "beyond_day"
    BEYOND_WEEK = "beyond_week"
    BEYOND_COURSE = "beyond_course"


@dataclass(frozen=True)
class About:
    """A kind's urgency and title; ``mends`` says that the missing or right bytes end it."""

    urgency: str
    title: str
    incident: bool = True
    mends: bool = False


ABOUT: dict[Kind, About] = {
    Kind.GAP: About("today", "The record has a gap", incident=False, mends=True),
    Kind.MISMATCH: About("now", "The record does not hold together", incident=False, mends=True),
    Kind.CLOCK: About("today", "The band's clock is out of line", incident=False),
    Kind.FORK: About("now", "The record forks: two histories have one number"),
    Kind.FOREIGN_DEVICE: About("now", "A phone sent the record of a foreign band"),
    Kind.STRANGER: About("now", "The band treats for somebody whom the clinic does not know"),
    Kind.COUNTER: About("now", "The band's counter and its record do not agree"),
    Kind.UNSOUND: About("now", "The band's own record does not add up"),
    Kind.UNSIGNED: About("now", "Pulses under a prescription that the clinic has not signed"),
    Kind.BEYOND_SESSION: About("now", "A session had more pulses than was prescribed"),
    Kind.BEYOND_DAY: About("now", "More was delivered in a day than was prescribed"),
    Kind.BEYOND_WEEK: About("now", "More was delivered in a week than was prescribed"),
    Kind.BEYOND_COURSE: About("now", "More was delivered in the course than was prescribed"),
}
