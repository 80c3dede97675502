"""The clinic's card as a form: an entry a line, every mistake named by its field and limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cloud.care.card_file import card_of
from cloud.errors import Refused
from cloud.language import _, mark
from shared.care.card import (
    MINUTES_A_DAY,
    PLAN_LINE_CHARACTERS,
    SENTENCE_CHARACTERS,
    ClinicCard,
    dialled,
)
from shared.instruments.registry import knows

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LABELS = {
    "clinic_name": mark("The clinic's name on the phones"),
    "zone": mark("Time zone"),
    "day_number": mark("Number while open"),
    "on_call_number": mark("Number at other hours"),
    "emergency_number": mark("Emergency number"),
    "crisis_lines": mark("Crisis lines"),
    "safety_plan": mark("Safety plan"),
    "closed_days": mark("Closed days"),
    "harmless": mark("Harmless medicines"),
    "holding": mark("Medicines that hold"),
    "instruments": mark("Check-ins"),
    "ready_sentences": mark("Ready answers"),
}
LINES_MAX = {
    "crisis_lines": 8,
    "safety_plan": 10,
    "closed_days": 60,
    "instruments": 12,
    "ready_sentences": 12,
}
MEDICINES_MAX = 200
NAME_MAX, CLINIC_NAME_MAX, EVERY_DAYS_MAX = 80, 128, 90
"""Limits as `shared.care.card` has them; a test holds both together."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Fault:
    """A field's name and what is wrong with it, in words that name the limit."""

    name: str
    words: str


@dataclass(frozen=True)
class Typed:
    """What was typed, by field; a field of lines has one entry a line."""

    text: Mapping[str, str] = field(default_factory=dict)

    def line(self, name: str) -> str:
        """Return a field's text, its blanks trimmed."""
        return " ".join(self.text.get(name, "").split())

    def lines(self, name: str) -> list[str]:
        """Return a field's lines that say something."""
        found = (" ".join(each.split()) for each in self.text.get(name, "").splitlines())
        return [each for each in found if each]

    def ticked(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return self.text.get(name, "") == "yes"


def typed_of(card: ClinicCard) -> Typed:
    """Return the form that says this card."""
    hours: dict[str, list[str]] = {name: [] for name in DAY_NAMES}
    for each in card.hours:
        span = f"{_clock(each.from_min)}-{_clock(each.to_min)}"
        hours[DAY_NAMES[each.weekday]].append(span)
    return Typed(
        {
            "clinic_name": card.clinic_name,
            "zone": card.zone,
            "day_number": card.day_number,
            "on_call_number": card.on_call_number,
            "emergency_number": card.emergency_number,
            "asks_pregnancy": "yes" if card.asks_pregnancy else "",
            "ear_protection": "yes" if card.ear_protection else "",
            "closed_days": "\n".join(card.closed_days),
            "safety_plan": "\n".join(card.safety_plan),
            "crisis_lines": _written(f"{each.name}: {each.number}" for each in card.crisis_lines),
            "harmless": _written(each.name for each in card.medicines if each.harmless),
            "holding": _written(each.name for each in card.medicines if not each.harmless),
            "instruments": _written(
                f"{each.instrument}: {each.every_days}" for each in card.instruments
            ),
            "ready_sentences": _written(f"{each.id}: {each.text}" for each in card.ready_sentences),
            **{name: ", ".join(spans) for name, spans in hours.items()},
        }
    )


def read(typed: Typed, *, lessons_serial: int) -> tuple[ClinicCard | None, tuple[Fault, ...]]:
    """Return the card that the form says, or what is wrong with it; never both."""
    faults = tuple(_faults(typed))
    if faults:
        return None, faults
    again = 1 if typed.ticked("lessons") else 0
    given = {
        "clinic_name": typed.line("clinic_name"),
        "zone": typed.line("zone"),
        "day_number": typed.line("day_number"),
        "on_call_number": typed.line("on_call_number"),
        "emergency_number": typed.line("emergency_number"),
        "asks_pregnancy": typed.ticked("asks_pregnancy"),
        "ear_protection": typed.ticked("ear_protection"),
        "lessons_serial": lessons_serial + again,
        "safety_plan": typed.lines("safety_plan"),
        "closed_days": typed.lines("closed_days"),
        "hours": {name: _spans(typed.line(name)) for name in DAY_NAMES},
        "crisis_lines": [
            {"name": name, "number": number} for name, number in _pairs(typed, "crisis_lines")
        ],
        "medicines": [
            {"name": name, "harmless": kind == "harmless"}
            for kind in ("harmless", "holding")
            for name in typed.lines(kind)
        ],
        "instruments": [
            {"instrument": name, "every_days": int(days)}
            for name, days in _pairs(typed, "instruments")
        ],
        "ready_sentences": [
            {"id": name, "text": text} for name, text in _pairs(typed, "ready_sentences")
        ],
    }
    try:
        return card_of(given), ()
    except Refused as problem:
        words = _("This is not accepted. Nothing was changed.")
        return None, (Fault(problem.code.split(".")[0], words),)


def _faults(typed: Typed) -> Iterable[Fault]:
    yield from _of_text(typed, "clinic_name", CLINIC_NAME_MAX)
    yield from _of_text(typed, "zone", 64)
    for name in ("day_number", "on_call_number", "emergency_number"):
        number = typed.line(name)
        if number == "" and name == "on_call_number":
            continue
        if dialled(number) is None or len(number) > 40:
            yield Fault(name, _("A number has 2 to 15 digits, with + in front where needed."))
    for name in DAY_NAMES:
        if any(not _is_span(each) for each in _spans(typed.line(name))):
            yield Fault(name, _("Hours read 8:00-12:00, 13:00-17:00, from 0:00 to 24:00."))
    for name, most in LINES_MAX.items():
        if len(typed.lines(name)) > most:
            yield Fault(name, _("At most {most} lines.").format(most=most))
    yield from _of_lists(typed)


def _of_text(typed: Typed, name: str, most: int) -> Iterable[Fault]:
    if not 1 <= len(typed.line(name).encode()) <= most:
        yield Fault(name, _("1 to {most} characters.").format(most=most))


def _of_lists(typed: Typed) -> Iterable[Fault]:
    for name, number in _pairs(typed, "crisis_lines"):
        if not 1 <= len(name.encode()) <= NAME_MAX or dialled(number) is None:
            yield Fault("crisis_lines", _("A line reads Name: number, the number 2 to 15 digits."))
            break
    if any(len(each) > PLAN_LINE_CHARACTERS for each in typed.lines("safety_plan")):
        words = _("A line has at most {most} characters.").format(most=PLAN_LINE_CHARACTERS)
        yield Fault("safety_plan", words)
    if any(not _is_date(each) for each in typed.lines("closed_days")):
        yield Fault("closed_days", _("A line is a date like 2026-12-25."))
    yield from _of_medicines(typed)
    for name, days in _pairs(typed, "instruments"):
        if not knows(name) or not days.isdecimal() or not 1 <= int(days) <= EVERY_DAYS_MAX:
            words = _("A line reads phq-9: 7, a known check-in and 1 to {most} days.")
            yield Fault("instruments", words.format(most=EVERY_DAYS_MAX))
            break
    for name, text in _pairs(typed, "ready_sentences"):
        if not 1 <= len(name.encode()) <= 32 or not 1 <= len(text) <= SENTENCE_CHARACTERS:
            words = _("A line reads name: answer, the answer 1 to {most} characters.")
            yield Fault("ready_sentences", words.format(most=SENTENCE_CHARACTERS))
            break


def _of_medicines(typed: Typed) -> Iterable[Fault]:
    names = [(kind, each) for kind in ("harmless", "holding") for each in typed.lines(kind)]
    if len(names) > MEDICINES_MAX:
        words = _("At most {most} medicines in both lists.").format(most=MEDICINES_MAX)
        yield Fault("holding", words)
    seen: set[str] = set()
    for kind, name in names:
        if len(name.encode()) > NAME_MAX:
            yield Fault(kind, _("A line has at most {most} characters.").format(most=NAME_MAX))
        if name in seen:
            yield Fault(kind, _("{name} stands twice.").format(name=name))
        seen.add(name)


def _pairs(typed: Typed, name: str) -> list[tuple[str, str]]:
    found = (each.partition(":") for each in typed.lines(name))
    return [(before.strip(), after.strip()) for before, _colon, after in found]


def _spans(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _is_span(text: str) -> bool:
    match = _SPAN.fullmatch(text)
    if match is None:
        return False
    begin, end = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    return int(match[2]) < 60 and int(match[4]) < 60 and begin < end <= MINUTES_A_DAY


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _written(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
