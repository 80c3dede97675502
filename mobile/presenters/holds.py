"""Who placed the holds in force, and what each means for the person (R21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    """The chip and the title of the day's card, and why each origin paused it."""

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
_BOTH = mark("It's paused because of what you noticed, and because of an answer before a session.")
"""One sentence where both are so."""
_LOOKS = mark("Your clinic looks at it with you; then they can open the band again.")
_SENTENCES = {
    Origin.CLINIC: (mark("Your clinic paused the treatment and tells you how it goes on."),),
    Origin.NOTICED: (mark("It's paused because of what you noticed."), _LOOKS),
    Origin.ANSWERED: (mark("It's paused because of an answer before a session."), _LOOKS),
    Origin.WITHDRAWN: (
        mark(
            "You took back your yes to the sessions, so the band is locked. If you want to go on, "
            "say yes again in the settings, and call your clinic: only they can open the band."
        ),
    ),
    Origin.BAND: (
        mark(
            "The band paused by itself, to be on the safe side. Your clinic finds out why; then "
            "they can open it again."
        ),
    ),
}
"""Why, and what follows; what follows from several is said once, after them."""


def hold_words(origins: Collection[Origin]) -> HoldWords:
    """Return the words for these origins; without any, what is so in any case."""
    found = [origin for origin in Origin if origin in origins]
    only = found[0] if len(found) == 1 else None
    causes = _causes(found)
    follow = [each for origin in found for each in _SENTENCES[origin][1:]]
    return HoldWords(
        Chip(told(_CHIPS[only] if only else mark("Paused")), Tone.WAIT),
        told(_TITLES.get(only, _TALK) if only else _TALK),
        tuple(told(each) for each in (*causes, *dict.fromkeys(follow))),
    )


def _causes(found: Sequence[Origin]) -> list[str]:
    """A sentence for each origin; what was noticed and what was answered share theirs."""
    both = {Origin.NOTICED, Origin.ANSWERED} <= set(found)
    causes = []
    for origin in found:
        if not both or origin not in (Origin.NOTICED, Origin.ANSWERED):
            causes.append(_SENTENCES[origin][0])
        elif origin is Origin.NOTICED:
            causes.append(_BOTH)
    return causes


_TALK = mark("Please talk with your clinic")
