"""The faults that can be injected into a board, by name: one table for the surface and the CLI.

Sensor settings stand until changed; broken parts stay broken until the process ends, but for the
clock's supply, whose loss stays on file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.parts.board import Board


class FaultRefused(Exception):
    """What was asked of the control surface is not something it can do."""

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field}: {wanted} is wanted")
        self.field = field
        self.wanted = wanted


@dataclass(frozen=True)
class Fault:
    """One thing that can be set or broken."""

    wanted: str
    meaning: str
    accepts: Callable[[Any], bool]
    apply: Callable[[Board, Any], None]


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_true(value: Any) -> bool:
    return value is True


def _is_percent(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 100


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_temperature(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= 200)


FAULTS = {
    "contact": Fault(
        "true or false",
        "the coil touches the head",
        _is_bool,
        lambda board, value: board.sensors.change(contact=value),
    ),
    "position_ok": Fault(
        "true or false",
        "the coil is where it was placed",
        _is_bool,
        lambda board, value: board.sensors.change(position_ok=value),
    ),
    "battery_percent": Fault(
        "an integer from 0 to 100",
        "charge of the battery",
        _is_percent,
        lambda board, value: board.sensors.change(battery_percent=value),
    ),
    "temperature": Fault(
        "an integer from 0 to 200, or null for the model",
        "coil temperature in degrees Celsius",
        _is_temperature,
        lambda board, value: board.sensors.change(coil_temperature_c=value),
    ),
    "miscount": Fault(
        "an integer, at least 0",
        "pulses that the coil's own counter misses from now on",
        _is_count,
        lambda board, value: board.coil.miscount(value),
    ),
    "flash_room_bytes": Fault(
        "an integer, at least 0",
        "size of the flash's log area",
        _is_count,
        lambda board, value: board.flash.limit_room(value),
    ),
    "counter_stuck": Fault(
        "true",
        "the monotonic counter refuses to advance",
        _is_true,
        lambda board, _: board.counter.stick(),
    ),
    "clock_lost": Fault(
        "true",
        "the backed clock's supply breaks",
        _is_true,
        lambda board, _: board.clock.break_supply(),
    ),
}


def apply_faults(board: Board, asked: dict[str, Any]) -> None:
    """Apply all of them, or none and raise `FaultRefused`."""
    for name, value in asked.items():
        fault = FAULTS.get(name)
        if fault is None:
            raise FaultRefused(name, "one of " + ", ".join(FAULTS))
        if not fault.accepts(value):
            raise FaultRefused(name, fault.wanted)
    for name, value in asked.items():
        FAULTS[name].apply(board, value)
