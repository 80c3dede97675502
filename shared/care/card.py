"""The clinic card: what a clinic tells each phone of itself, so that the phone knows it offline.

Numbers are written as people dial them. Whether a card is the clinic's own is `documents`' to
judge; here stands only what a card may say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from shared.wire.errors import WireError
from shared.wire.fields import wire

MINUTES_A_DAY = 24 * 60
SENTENCE_CHARACTERS = 120
"""The most that an answer to the clinic holds, ready or typed."""
PLAN_LINE_CHARACTERS = 200
_NOT_DIALLED = re.compile(r"[ ()/.-]")
_DIALLED = re.compile(r"\+?[0-9]{2,15}")


@dataclass(frozen=True)
class OpenHours:
    """One span of a weekday (0 is Monday), in minutes since midnight; the end is not in it."""

    weekday: int = wire(1, maximum=6)
    from_min: int = wire(2, maximum=MINUTES_A_DAY - 1)
    to_min: int = wire(3, minimum=1, maximum=MINUTES_A_DAY)

    def __post_init__(self) -> None:
        if self.from_min >= self.to_min:
            raise WireError("hours", f"end at {self.to_min} min, not after {self.from_min} min")


@dataclass(frozen=True)
class CrisisLine:
    """Somebody who answers in a crisis, and the number."""

    name: str = wire(1, minimum=1, maximum=80)
    number: str = wire(2, minimum=2, maximum=40)


@dataclass(frozen=True)
class Medicine:
    """A medicine of the clinic's own list; only a harmless one doesn't hold the session."""

    name: str = wire(1, minimum=1, maximum=80)
    harmless: bool = wire(2)


@dataclass(frozen=True)
class Prescribed:
    """A check-in that this clinic wants, and how often."""

    instrument: str = wire(1, minimum=1, maximum=32)
    every_days: int = wire(2, minimum=1, maximum=90)


@dataclass(frozen=True)
class ReadySentence:
    """An answer that the person needn't type."""

    id: str = wire(1, minimum=1, maximum=32)
    text: str = wire(2, minimum=1, maximum=4 * SENTENCE_CHARACTERS)

    def __post_init__(self) -> None:
        _at_most("ready_sentences", self.text, SENTENCE_CHARACTERS)


@dataclass(frozen=True)
class ClinicCard:
    """What the clinic says of itself; a card with a higher serial takes a lower one's place.

    ``zone`` is an IANA name. An empty ``on_call_number`` says that nobody is on call. A raised
    ``lessons_serial`` asks for the lessons once more. ``closed_days`` are dates (2026-12-25).
    ``safety_plan`` are the clinic's own lines for thoughts of self-harm.
    """

    serial: int = wire(1, maximum=2**31)
    clinic_name: str = wire(2, minimum=1, maximum=128)
    zone: str = wire(3, minimum=1, maximum=64)
    hours: tuple[OpenHours, ...] = wire(4, maximum=42)
    day_number: str = wire(5, minimum=1, maximum=160)
    on_call_number: str = wire(6, maximum=40)
    emergency_number: str = wire(7, minimum=2, maximum=40)
    crisis_lines: tuple[CrisisLine, ...] = wire(8, maximum=8)
    medicines: tuple[Medicine, ...] = wire(9, maximum=200)
    asks_pregnancy: bool = wire(10)
    ear_protection: bool = wire(11)
    instruments: tuple[Prescribed, ...] = wire(12, maximum=12)
    ready_sentences: tuple[ReadySentence, ...] = wire(13, maximum=12)
    lessons_serial: int = wire(14, maximum=2**31)
    safety_plan: tuple[str, ...] = wire(15, maximum=10)
    closed_days: tuple[str, ...] = wire(16, maximum=60, default=())

    def __post_init__(self) -> None:
        for line in self.safety_plan:
            _at_most("safety_plan", line, PLAN_LINE_CHARACTERS)
        for day in self.closed_days:
            _date("closed_days", day)
        _once("ready_sentences", [each.id for each in self.ready_sentences])
        _once("instruments", [each.instrument for each in self.instruments])
        _once("medicines", [each.name for each in self.medicines])


def dialled(number: str) -> str | None:
    """Return a number as a telephone takes it, ``+493023125001``; None for words."""
    plain = _NOT_DIALLED.sub("", number)
    return plain if _DIALLED.fullmatch(plain) else None


def require_numbers(card: ClinicCard) -> None:
    """Raise WireError with the field's name where a number of the card can't be dialled."""
    numbers = [
        ("day_number", card.day_number),
        ("emergency_number", card.emergency_number),
        *(("crisis_lines", line.number) for line in card.crisis_lines),
    ]
    if card.on_call_number:
        numbers.append(("on_call_number", card.on_call_number))
    for field, number in numbers:
        if dialled(number) is None:
            raise WireError(field, f"{number!r} can't be dialled: 2 to 15 digits, + in front")


def _at_most(field: str, text: str, characters: int) -> None:
    if not text.strip():
        raise WireError(field, "has a line that says nothing")
    if len(text) > characters:
        raise WireError(field, f"has a line of {len(text)} characters, more than {characters}")


def _date(field: str, text: str) -> None:
    try:
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    if written != text:
        raise WireError(field, f"{text!r:.20} is not a date like 2026-12-25")


def _once(field: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise WireError(field, f"has {name!r:.40} twice")
