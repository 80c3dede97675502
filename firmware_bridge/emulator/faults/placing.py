"""Where a fault is to strike, read from what a scenario, the surface or a test asks.

One map: `fault`, `value`; then `at_ms` or `in_ms`, or `event` (with `of`) and `nth` or
`probability` (with `seed`), or none of these: at once. `for_ms` takes it back. Not for striking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.events import MEANINGS, Event, Occurred
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.fault import Fault, Lasts
from firmware_bridge.emulator.faults.standing import judge, named
from firmware_bridge.emulator.faults.wanted import MUST_BE_GIVEN

LONGEST_MS = 366 * 24 * 3_600_000
MOST_OCCURRENCES = 1_000_000
MOST_SEED = 2**63 - 1

FIELDS = {
    "fault": "which fault, by its name",
    "value": "its value; without one the usual, where it has one",
    "at_ms": "the instant, since the band's process began, on its own clock",
    "in_ms": "the same, counted from now",
    "event": "the event that it strikes at",
    "of": "which kind of the event; without it any",
    "nth": "at which occurrence from now, counted from 1 (without it and `probability`: the first)",
    "probability": "with which probability at each occurrence, above 0 up to 1",
    "seed": "where the chance of `probability` begins; the same seed strikes alike",
    "for_ms": "after which time it is taken back; only of a fault that stands",
}
"""Every field of a placement with its meaning; docs/faults.md prints it."""


@dataclass(frozen=True)
class Strike:
    """At which occurrences of an event: the n-th, or each with a probability."""

    event: Event
    of: str
    nth: int
    probability: float | None
    seed: int

    def concerns(self, occurred: Occurred) -> bool:
        """Whether it is such an event."""
        return occurred.event is self.event and self.of in ("", occurred.of)


@dataclass(frozen=True)
class Placement:
    """One fault, where it strikes and for how long."""

    fault: str
    value: Any
    at_ms: int | None
    """On the band's clock; None for an event."""
    strike: Strike | None
    for_ms: int | None


def read_placement(asked: Mapping[str, Any], now_ms: int) -> Placement:
    """Return what is asked; raise FaultRefused with the field at fault."""
    for field in asked:
        if field not in FIELDS:
            raise FaultRefused(field, "one of " + ", ".join(FIELDS))
    name = asked.get("fault")
    if not isinstance(name, str):
        raise FaultRefused("fault", "the name of a fault")
    value = _value(name, asked)
    fault = judge(name, value)
    return Placement(
        name, value, _instant(asked, now_ms), _strike(asked), _duration(asked, name, fault)
    )


def _value(name: str, asked: Mapping[str, Any]) -> Any:
    if "value" in asked:
        return asked["value"]
    fault = named(name)
    if fault.wanted.usual is MUST_BE_GIVEN:
        raise FaultRefused("value", f"{fault.wanted.words} for {name}")
    return fault.wanted.usual


def _instant(asked: Mapping[str, Any], now_ms: int) -> int | None:
    given = [field for field in ("at_ms", "in_ms", "event") if field in asked]
    if len(given) > 1:
        raise FaultRefused(given[1], f"either it or {given[0]}")
    if "event" in asked:
        return None
    if "at_ms" in asked:
        return _whole(asked, "at_ms", 0, LONGEST_MS)
    return now_ms + (_whole(asked, "in_ms", 0, LONGEST_MS) if "in_ms" in asked else 0)


def _strike(asked: Mapping[str, Any]) -> Strike | None:
    if "event" not in asked:
        for field in ("of", "nth", "probability", "seed"):
            if field in asked:
                raise FaultRefused(field, "an event beside it")
        return None
    event = _event(asked["event"])
    if "nth" in asked and "probability" in asked:
        raise FaultRefused("probability", "either it or nth")
    if "seed" in asked and "probability" not in asked:
        raise FaultRefused("seed", "a probability beside it")
    return Strike(
        event,
        _kind(event, asked.get("of", "")),
        _whole(asked, "nth", 1, MOST_OCCURRENCES) if "nth" in asked else 1,
        _probability(asked["probability"]) if "probability" in asked else None,
        _whole(asked, "seed", 0, MOST_SEED) if "seed" in asked else 0,
    )


def _event(name: Any) -> Event:
    if name not in list(Event):
        raise FaultRefused("event", "one of " + ", ".join(Event))
    return Event(name)


def _kind(event: Event, of: Any) -> str:
    meaning = MEANINGS[event]
    if isinstance(of, str) and (of == "" or of in meaning.of):
        return of
    if not meaning.of:
        raise FaultRefused("of", f"nothing, as {event} has no kinds,")
    raise FaultRefused("of", f"a {meaning.kinds}, one of {', '.join(sorted(meaning.of))},")


def _probability(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 1:
        raise FaultRefused("probability", "a number above 0 up to 1")
    return float(value)


def _duration(asked: Mapping[str, Any], name: str, fault: Fault) -> int | None:
    if "for_ms" not in asked:
        return None
    if fault.lasts is not Lasts.STANDS:
        raise FaultRefused("for_ms", f"nothing, as {name} can't be taken back,")
    return _whole(asked, "for_ms", 1, LONGEST_MS)


def _whole(asked: Mapping[str, Any], field: str, least: int, most: int) -> int:
    value = asked[field]
    if type(value) is not int or not least <= value <= most:
        raise FaultRefused(field, f"an integer from {least} to {most}")
    return value
