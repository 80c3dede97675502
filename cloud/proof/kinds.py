"""The kinds of flaws: how urgent, in which words, and which of them are incidents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong with a device's record."""

    GAP = "gap"
    MISMATCH = "mismatch"
    UNREAD = "unread"
    CLOCK = "clock"
    FORK = "fork"
    UNATTESTED = "unattested"
    FOREIGN_DEVICE = "foreign_device"
    STRANGER = "stranger"
    REPLACED = "replaced"
    COUNTER = "counter"
    UNSOUND = "unsound"
    UNSIGNED = "unsigned"
    BEYOND_SESSION = "beyond_session"
    BEYOND_DAY = "beyond_day"
    BEYOND_WEEK = "beyond_week"
    BEYOND_COURSE = "beyond_course"


@dataclass(frozen=True)
class About:
    """A kind's urgency and title; ``mends`` says that the missing or right bytes end it.

    ``stops_receipts`` is for what the band itself signed: what a phone alone can bring about takes
    no receipt from a record that is proven.
    """

    urgency: str
    title: str
    incident: bool = True
    mends: bool = False
    stops_receipts: bool = True


def _lesser(urgency: str, title: str, *, mends: bool = False) -> About:
    return About(urgency, title, incident=False, mends=mends, stops_receipts=False)


ABOUT: dict[Kind, About] = {
    Kind.GAP: _lesser("today", "The record has a gap", mends=True),
    Kind.MISMATCH: _lesser("now", "The record does not hold together", mends=True),
    Kind.UNREAD: _lesser(
        "today", "The band writes records that this server is too old to read", mends=True
    ),
    Kind.CLOCK: _lesser("today", "The band's clock is out of line"),
    Kind.FORK: About("now", "The record forks: two histories have one number"),
    Kind.UNATTESTED: About(
        "today", "A phone sent another history, which the band did not sign", stops_receipts=False
    ),
    Kind.FOREIGN_DEVICE: About(
        "now", "A phone sent the record of a foreign band", stops_receipts=False
    ),
    Kind.STRANGER: About("now", "The band treats for somebody whom the clinic does not know"),
    Kind.REPLACED: About("now", "A band treated on after it was replaced"),
    Kind.COUNTER: About("now", "The band's counter and its record do not agree"),
    Kind.UNSOUND: About("now", "The band's own record does not add up"),
    Kind.UNSIGNED: About("now", "Pulses under a prescription that the clinic has not signed"),
    Kind.BEYOND_SESSION: About("now", "A session had more pulses than was prescribed"),
    Kind.BEYOND_DAY: About("now", "More was delivered in a day than was prescribed"),
    Kind.BEYOND_WEEK: About("now", "More was delivered in a week than was prescribed"),
    Kind.BEYOND_COURSE: About("now", "More was delivered in the course than was prescribed"),
}
