"""The firmware's table of states as the page draws it: edges, and what each state refuses.

The table itself is `firmware.states.TABLE`; nothing is decided or drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from firmware_bridge.emulator.control.shapes import Edge, Machine
from firmware_bridge.emulator.firmware.states import COLUMNS, TABLE, Choice, Event
from shared.wire.status import DeviceState


@cache
def machine() -> Machine:
    """The whole table."""
    states = tuple(COLUMNS.values())
    return Machine(
        states=tuple(state.name for state in states),
        edges=tuple(_edges(states)),
        refused={state.name: _refused_in(state) for state in states},
    )


def _edges(states: tuple[DeviceState, ...]) -> list[Edge]:
    pairs = [(before, after) for before in states for after in states if before is not after]
    found = [(before, after, _events(before, after)) for before, after in pairs]
    return [Edge(before.name, after.name, events) for before, after, events in found if events]


def _events(before: DeviceState, after: DeviceState) -> tuple[str, ...]:
    return _names(event for event in TABLE if after in TABLE[event][before].targets)


def _refused_in(state: DeviceState) -> tuple[str, ...]:
    return _names(event for event in TABLE if TABLE[event][state].choice is Choice.REFUSED)


def _names(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(event.name for event in events)
