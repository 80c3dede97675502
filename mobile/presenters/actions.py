"""What a person can do: each touch becomes one of these, and nothing else reaches the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Enrol:
    """Send the one-time code and the birth date (ISO) to the clinic."""

    code: str
    birth_date: str


@dataclass(frozen=True)
class Press:
    """A named button was touched: ``get-ready``, ``find-band``, ``start``, ``go-on``, ``pause``,
    ``end-here``, ``next``, ``back``, ``done``, ``home``, ``check-in``, ``help``, ``still-here``.
    """

    button: str


@dataclass(frozen=True)
class Choose:
    """A choice was touched; ``group`` says of which set, where a page has several."""

    choice: str
    group: str = ""


@dataclass(frozen=True)
class Typed:
    """What now stands in a line, after each letter."""

    field: str
    text: str


@dataclass(frozen=True)
class OpenLink:
    """The system handed over a link: the one of a clinic's letter, or any other."""

    link: str


@dataclass(frozen=True)
class Listen:
    """The focus has come to something with these words; they're spoken where that is wanted."""

    words: str


@dataclass(frozen=True)
class Stop:
    """STOP was touched down. It goes out first, whatever else waits."""


@dataclass(frozen=True)
class LookAway:
    """The app went out of sight: nobody waits for what it does."""


@dataclass(frozen=True)
class LookBack:
    """The app is in sight again."""


class PadTouch(StrEnum):
    """What happened on a pad."""

    TOUCH = "touch"
    EARLY = "early"
    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    END = "end"


@dataclass(frozen=True)
class Padded:
    """A pad of a task was touched, or its time is over: so many milliseconds after the light, or
    after the first tap. ``run`` says of which beginning, so that a late one counts nowhere."""

    field: str
    run: int
    what: PadTouch
    ms: int


Action = Enrol | Press | Choose | Typed | Padded | OpenLink | Listen | Stop | LookAway | LookBack

DIAL = "dial:"


def dial(number: str) -> str:
    """Return the press that dials a number."""
    return f"{DIAL}{number}"


def dialled_by(button: str) -> str | None:
    """Return the number that a press dials; None for any other press."""
    return button.removeprefix(DIAL) if button.startswith(DIAL) else None
