"""A clinic's card as a person writes it: a TOML file, every mistake named by its line's name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from cloud.errors import Refused
from shared.care.card import (
    MINUTES_A_DAY,
    ClinicCard,
    CrisisLine,
    Medicine,
    OpenHours,
    Prescribed,
    ReadySentence,
)
from shared.wire import fields
from shared.wire.errors import WireError

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_KEYS = {
    "clinic_name": str,
    "zone": str,
    "day_number": str,
    "on_call_number": str,
    "emergency_number": str,
    "asks_pregnancy": bool,
    "ear_protection": bool,
    "lessons_serial": int,
    "safety_plan": list,
    "closed_days": list,
    "hours": dict,
    "crisis_lines": list,
    "medicines": list,
    "instruments": list,
    "ready_sentences": list,
}
_MAY_LACK: dict[str, Any] = {"on_call_number": "", "lessons_serial": 0, "closed_days": []}


def read_card(text: str) -> ClinicCard:
    """Return the card, its serial 0 until it's published; raise Refused with the line's name."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Refused(f"The card is not TOML: {problem}.", code="toml") from problem
    return card_of(written)


def card_of(written: Mapping[str, Any]) -> ClinicCard:
    """Return the card that names and values say, as in the file; raise Refused as above."""
    given = {**_MAY_LACK, **written}
    for name in sorted(given.keys() ^ _KEYS.keys()):
        missing = name in _KEYS
        raise Refused(f"{name}: {'is missing' if missing else 'is unknown here'}.", code=name)
    for name, kind in _KEYS.items():
        if type(given[name]) is not kind:
            raise Refused(f"{name}: is not a {_WORDS[kind]}.", code=name)
    try:
        card = _card(given)
        fields.pack(card)
    except WireError as problem:
        raise Refused(f"{problem}.", code=problem.field) from problem
    return card


_WORDS = {str: "text", bool: "yes or no (true, false)", int: "number", list: "list", dict: "table"}


def _card(given: Mapping[str, Any]) -> ClinicCard:
    return ClinicCard(
        serial=0,
        clinic_name=given["clinic_name"],
        zone=given["zone"],
        hours=tuple(_hours(given["hours"])),
        day_number=given["day_number"],
        on_call_number=given["on_call_number"],
        emergency_number=given["emergency_number"],
        crisis_lines=_lines("crisis_lines", given, CrisisLine, name=str, number=str),
        medicines=_lines("medicines", given, Medicine, name=str, harmless=bool),
        asks_pregnancy=given["asks_pregnancy"],
        ear_protection=given["ear_protection"],
        instruments=_lines("instruments", given, Prescribed, instrument=str, every_days=int),
        ready_sentences=_lines("ready_sentences", given, ReadySentence, id=str, text=str),
        lessons_serial=given["lessons_serial"],
        safety_plan=tuple(_text("safety_plan", line) for line in given["safety_plan"]),
        closed_days=tuple(_text("closed_days", line) for line in given["closed_days"]),
    )


def _hours(table: Mapping[str, Any]) -> list[OpenHours]:
    found = []
    for day, spans in table.items():
        if day not in _DAYS or not isinstance(spans, list):
            raise WireError(f"hours.{day}", "is not a weekday with a list of spans")
        for span in spans:
            match = _SPAN.fullmatch(span) if isinstance(span, str) else None
            if match is None:
                raise WireError(f"hours.{day}", f"{span!r:.40} is not a span like 8:00-17:30")
            begin, end = _minute(day, match, 1), _minute(day, match, 3)
            found.append(OpenHours(_DAYS.index(day), begin, end))
    return sorted(found, key=lambda each: (each.weekday, each.from_min))


def _minute(day: str, match: re.Match[str], group: int) -> int:
    hour, minute = int(match[group]), int(match[group + 1])
    if minute > 59 or hour * 60 + minute > MINUTES_A_DAY:
        raise WireError(f"hours.{day}", f"{match[0]} is outside 0:00 to 24:00")
    return hour * 60 + minute


def _lines(
    name: str, given: Mapping[str, Any], kind: type[Any], /, **parts: type
) -> tuple[Any, ...]:
    found = []
    for line in given[name]:
        if not isinstance(line, dict) or line.keys() != parts.keys():
            raise WireError(name, f"has a line that is not made of {', '.join(parts)}")
        for part, wanted in parts.items():
            if type(line[part]) is not wanted:
                raise WireError(f"{name}.{part}", f"is not a {_WORDS[wanted]}")
        found.append(kind(**line))
    return tuple(found)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise WireError(name, "has a line that is not text")
    return value
