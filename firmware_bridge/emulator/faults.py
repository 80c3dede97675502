"""The faults that can be injected into a board, by name: one table for the surface and the CLI.

Sensor settings stand until changed; broken parts stay broken until the process ends. What wears or
loses something stays so on file: flash, the clock's supply and its drift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.flash import LOG
from firmware_bridge.emulator.parts.slots import PAGE_NAME


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


def _is_motion(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 16_000


def _is_int(value: Any) -> bool:
    return type(value) is int


def _is_page(value: Any) -> bool:
    return type(value) is str and PAGE_NAME.fullmatch(value) is not None


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
    "motion_mg": Fault(
        "an integer from 0 to 16000",
        "how much the head moves, in thousandths of the earth's acceleration",
        _is_motion,
        lambda board, value: board.sensors.change(motion_mg=value),
    ),
    "on_charger": Fault(
        "true or false",
        "between sessions the band lies on its charger",
        _is_bool,
        lambda board, value: board.sensors.change(on_charger=value),
    ),
    "sensor_noise": Fault(
        "an integer, at least 0",
        "how many times their ordinary noise the sensors have",
        _is_count,
        lambda board, value: board.sensors.change(noise=value),
    ),
    "sensors_stuck": Fault(
        "true or false",
        "the sensors repeat their last reading",
        _is_bool,
        lambda board, value: board.sensors.change(stuck=value),
    ),
    "miscount": Fault(
        "an integer",
        "pulses that the coil's own counter misses from now on, or counts too many if below 0",
        _is_int,
        lambda board, value: board.coil.miscount(value),
    ),
    "flash_room_bytes": Fault(
        "an integer, at least 0",
        "size of the flash's log area",
        _is_count,
        lambda board, value: board.flash.limit_room(value),
    ),
    "flash_power_cut": Fault(
        "an integer, at least 0",
        "the power goes once so many more bytes were programmed or erased",
        _is_count,
        lambda board, value: board.flash.chip.cut_after(value),
    ),
    "flash_flip": Fault(
        "an integer, at least 0",
        "a bit turns over at this place of the log",
        _is_count,
        lambda board, value: board.flash.chip.flip(LOG, value),
    ),
    "flash_worn": Fault(
        "an integer, at least 0",
        "this block of the log has reached the end of its life",
        _is_count,
        lambda board, value: board.flash.chip.wear_out(LOG, value),
    ),
    "flash_page_lost": Fault(
        "a page's name",
        "this page reads as if it had never been written",
        _is_page,
        lambda board, value: board.flash.lose_page(value),
    ),
    "countdown_stuck": Fault(
        "true",
        "the countdown gates nothing once it was loaded",
        _is_true,
        lambda board, _: board.coil.stick_countdown(),
    ),
    "clock_drift_ppm": Fault(
        "an integer",
        "the backed clock counts wrong by so much from now on",
        _is_int,
        lambda board, value: board.clock.drift(value),
    ),
    "key_unavailable": Fault(
        "true",
        "the signing key signs nothing any more",
        _is_true,
        lambda board, _: board.key.break_off(),
    ),
    "randomness_broken": Fault(
        "true",
        "the source of random numbers gives none",
        _is_true,
        lambda board, _: board.randomness.break_off(),
    ),
    "fuse_broken": Fault(
        "true",
        "the fuse answers nothing any more",
        _is_true,
        lambda board, _: board.fuse.break_off(),
    ),
    "buzzer_mute": Fault(
        "true",
        "the buzzer makes no sound",
        _is_true,
        lambda board, _: board.buzzer.mute(),
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
