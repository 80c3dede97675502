"""How far something that was told has come, in words that claim no more than is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import _
from mobile.presenters.words import Now, day_and_time


class Known(Enum):
    """What the clinic knows of something that this phone told."""

    NOT_SENT = auto()
    ON_SERVER = auto()
    SEEN = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Standing:
    """How far it has come, since when, and who has seen it."""

    known: Known
    at_ms: int | None = None
    by: str = ""


def standing_words(standing: Standing, now: Now) -> str:
    """Return what is so: "Not sent yet", "Read by K., today 22:09"."""
    when = "" if standing.at_ms is None else day_and_time(now, standing.at_ms)
    if standing.known is Known.SEEN:
        return _("Read by {who}, {when}").format(who=standing.by, when=when)
    if standing.known is Known.ON_SERVER:
        return _("With the clinic since {when}. Nobody has read it yet.").format(when=when)
    if standing.known is Known.REFUSED:
        return _("The clinic's server didn't take it. Please call.")
    return _("Not sent yet. It goes as soon as there's a network.")
