"""Who placed the holds in force, and what each means for the person (R21)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import mark, told
from mobile.presenters.views import Chip, Tone


class Origin(Enum):
    """Where a hold came from, in the order in which several are told."""

    CLINIC = auto()
    NOTICED = auto()
    """The person told of a warning sign, or of a strong side effect."""
    ANSWERED = auto()
    """An answer before a session."""
    WITHDRAWN = auto()
    """The person took back their yes to the sessions."""
    BAND = auto()
    """The band itself: motion, or another of its own reasons."""


@dataclass(frozen=True)
class HoldWords:
    """The chip and the title of the day's card, and a sentence for each origin."""

    chip: Chip
    title: str
    sentences: tuple[str, ...]


_CHIPS = {
    Origin.CLINIC: mark("Paused by your clinic"),
    Origin.NOTICED: mark("Paused after what you noticed"),
    Origin.ANSWERED: mark("Paused after your answers"),
    Origin.WITHDRAWN: mark("Paused as you wished"),
    Origin.BAND: mark("Paused by the band"),
}
_TITLES = {Origin.CLINIC: mark("Your clinic will talk to you")}
_SENTENCES = {
    Origin.CLINIC: mark("Your clinic paused the treatment and tells you how it goes on."),
    Origin.NOTICED: mark(
        "It's paused because of what you noticed. Your clinic looks at it with you; then they can "
        "open the band again."
    ),
    Origin.ANSWERED: mark(
        "It's paused because of an answer before a session. Your clinic looks at it with you; "
        "then they can open the band again."
    ),
    Origin.WITHDRAWN: mark(
        "You took back your yes to the sessions, so the band is locked. If you want to go on, say "
        "yes again in the settings, and call your clinic: only they can open the band."
    ),
    Origin.BAND: mark(
        "The band paused by itself, to be on the safe side. Your clinic finds out why; then they "
        "can open it again."
    ),
}


def hold_words(origins: Collection[Origin]) -> HoldWords:
    """Return the words for these origins; without any, what is so in any case."""
    found = [origin for origin in Origin if origin in origins]
    only = found[0] if len(found) == 1 else None
    return HoldWords(
        Chip(told(_CHIPS[only] if only else mark("Paused")), Tone.WAIT),
        told(_TITLES.get(only, _TALK) if only else _TALK),
        tuple(told(_SENTENCES[origin]) for origin in found),
    )


_TALK = mark("Please talk with your clinic")
