"""The smallest pieces of a view: a tone, a chip, a line, a box, a call, an answer, a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """Meaning of a chip or card; a colour never stands without its word."""

    OK = "ok"
    WAIT = "wait"
    STOP = "stop"
    PLAIN = "plain"


@dataclass(frozen=True)
class Chip:
    """A small label such as "Linked" or "Resting time"."""

    text: str
    tone: Tone


@dataclass(frozen=True)
class Row:
    """A line that says how a thing stands: "Stimulator" - "Connected, battery 82 %".

    With an ``action`` the whole line can be touched and sends ``Press(action)``.
    """

    label: str
    value: str
    action: str | None = None


@dataclass(frozen=True)
class Notice:
    """A coloured box with a title and a sentence."""

    title: str
    body: str
    tone: Tone


@dataclass(frozen=True)
class Call:
    """Whom to call: a filled button over the full width; ``urgent`` is an ambulance's, in red.

    Without an ``action`` nothing dials here: the ``number`` stands large below the ``text``, and
    the ``note`` says what to do with it.
    """

    text: str
    number: str = ""
    action: str | None = None
    urgent: bool = False
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """An answer to pick; ``id`` is stable, ``text`` is what the person reads."""

    id: str
    text: str


class Tab(StrEnum):
    """The four places at the foot of the day's pages; the value is the button's name."""

    TODAY = "today"
    COURSE = "course"
    CHECKINS = "check-ins"
    HELP = "help-and-more"
