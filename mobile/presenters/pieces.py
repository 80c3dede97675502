"""The smallest pieces of a view: a tone, a chip, a line, a coloured box, an answer to pick."""

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
class Choice:
    """An answer to pick; ``id`` is stable, ``text`` is what the person reads."""

    id: str
    text: str
