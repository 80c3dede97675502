"""The faults that can be set and placed, those that stand, and those that struck, as shapes.

The tables are the faults' own; nothing is judged here.
"""

from __future__ import annotations

from typing import Any

from firmware_bridge.emulator.control.schema import Schema
from firmware_bridge.emulator.control.shapes import (
    EventSeen,
    Faults,
    FaultSeen,
    Placements,
    PlacementSeen,
    StruckSeen,
)
from firmware_bridge.emulator.events import MEANINGS
from firmware_bridge.emulator.faults import placements
from firmware_bridge.emulator.faults.fault import Fault
from firmware_bridge.emulator.faults.placing import FIELDS, Placement
from firmware_bridge.emulator.faults.table import FAULTS
from firmware_bridge.emulator.faults.wanted import MUST_BE_GIVEN, Flag, Happens, Integer, Wanted

PAGE = "page"


def all_faults(standing: dict[str, Any]) -> Faults:
    """Every fault and event, and what stands."""
    events = tuple(
        EventSeen(event.value, meaning.words, meaning.kinds, tuple(sorted(meaning.of)))
        for event, meaning in MEANINGS.items()
    )
    return Faults(tuple(_fault(name, fault) for name, fault in FAULTS.items()), events, standing)


def all_placements(band: placements.Placements) -> Placements:
    """What is placed, and what has struck."""
    placed = tuple(_placement(number, each) for number, each in band.placed().items())
    struck = tuple(
        StruckSeen(each.placement, each.fault, each.value, each.at_ms) for each in band.struck()
    )
    return Placements(placed, struck)


def faults_schema() -> Schema:
    """What may be set: each fault by its name."""
    described = {
        name: _value_schema(fault.wanted) | {"description": fault.meaning}
        for name, fault in FAULTS.items()
    }
    return {"type": "object", "properties": described, "additionalProperties": False}


def placement_schema() -> Schema:
    """Which fields say where a fault strikes."""
    described = {name: {"description": meaning} for name, meaning in FIELDS.items()}
    return {
        "type": "object",
        "properties": described,
        "required": ["fault"],
        "additionalProperties": False,
    }


def _fault(name: str, fault: Fault) -> FaultSeen:
    wanted = fault.wanted
    bounds = wanted if isinstance(wanted, Integer) else None
    return FaultSeen(
        name=name,
        meaning=fault.meaning,
        where=fault.where.value,
        lasts=fault.lasts.value,
        wanted=wanted.words,
        kind=_kind(wanted),
        least=bounds.least if bounds else None,
        most=bounds.most if bounds else None,
        or_none=bounds.or_none if bounds else "",
        usual=None if wanted.usual is MUST_BE_GIVEN else wanted.usual,
    )


def _kind(wanted: Wanted) -> str:
    kinds = {Happens: "happens", Flag: "flag", Integer: "integer"}
    return next((name for kind, name in kinds.items() if isinstance(wanted, kind)), PAGE)


def _value_schema(wanted: Wanted) -> Schema:
    if isinstance(wanted, Happens):
        return {"const": True}
    if isinstance(wanted, Flag):
        return {"type": "boolean"}
    if isinstance(wanted, Integer):
        kinds = ["integer", "null"] if wanted.or_none else "integer"
        return {"type": kinds, "minimum": wanted.least, "maximum": wanted.most}
    return {"type": "string"}


def _placement(number: int, placed: Placement) -> PlacementSeen:
    strike = placed.strike
    return PlacementSeen(
        number,
        placed.fault,
        placed.value,
        placed.at_ms,
        None if strike is None else strike.event.value,
        "" if strike is None else strike.of,
        None if strike is None or strike.probability is not None else strike.nth,
        None if strike is None else strike.probability,
        placed.for_ms,
    )
