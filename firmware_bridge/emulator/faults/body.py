"""Faults and settings of the world that the sensors measure: head, hand, heat, charge."""

from __future__ import annotations

from typing import Any

from firmware_bridge.emulator.faults.fault import Fault, Inject, Lasts, Stands, Where
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.wanted import Flag, Integer, Wanted

USUAL_TEMPERATURE_C = 45
"""Above every coil's limit."""

USUAL_FLICKER_MS = 200
"""Shorter than the grace that a lost contact has (R12)."""


def _setting(meaning: str, wanted: Wanted, name: str, *, sound: Any) -> Fault:
    return Fault(meaning, Where.SENSOR, Lasts.STANDS, wanted, _surroundings(name), sound)


def _surroundings(name: str) -> Inject:
    def inject(band: Reach, value: Any) -> Stands:
        sensors = band.board.sensors
        before = getattr(sensors.surroundings, name)
        sensors.change(**{name: value})
        return Stands(lambda: sensors.change(**{name: before}))

    return inject


def _battery(band: Reach, percent: int) -> Stands:
    board = band.board
    before = board.battery.percent()
    board.sensors.change(battery_percent=percent)
    return Stands(lambda: board.sensors.change(battery_percent=before))


def _button(band: Reach, _: bool) -> Stands:
    band.hold_button()
    return Stands(band.let_go_button)


BODY_FAULTS = {
    "contact": _setting(
        "the coil touches the head: false is contact lost",
        Flag(usual=False),
        "contact",
        sound=True,
    ),
    "contact_flickers_ms": _setting(
        "contact comes and goes, each for so long; 0 ends it",
        Integer(0, 60_000, USUAL_FLICKER_MS),
        "contact_flickers_ms",
        sound=0,
    ),
    "position_ok": _setting(
        "the coil is where it was placed: false is position off",
        Flag(usual=False),
        "position_ok",
        sound=True,
    ),
    "motion_mg": _setting(
        "how much the head moves, in thousandths of the earth's acceleration",
        Integer(0, 16_000),
        "motion_mg",
        sound=30,
    ),
    "seizure": _setting("the head jerks as in a seizure", Flag(), "seizure", sound=False),
    "temperature": _setting(
        "coil temperature in degrees Celsius",
        Integer(0, 200, USUAL_TEMPERATURE_C, or_none="for the model"),
        "coil_temperature_c",
        sound=None,
    ),
    "battery_percent": Fault(
        "charge of the battery",
        Where.SENSOR,
        Lasts.STANDS,
        Integer(0, 100),
        _battery,
    ),
    "on_charger": _setting(
        "between sessions the band lies on its charger", Flag(usual=False), "on_charger", sound=True
    ),
    "charger_plugged_in": _setting(
        "a charger is plugged in, in a session too", Flag(), "charger_plugged_in", sound=False
    ),
    "sensor_noise": _setting(
        "how many times their ordinary noise the sensors have",
        Integer(0, 1_000),
        "noise",
        sound=1,
    ),
    "sensors_stuck": _setting(
        "the sensors repeat their last reading", Flag(), "stuck", sound=False
    ),
    "self_test_fails": _setting(
        "the coil's thermometer reads 150 °C, more than it can: the device's own examination fails",
        Flag(),
        "thermometer_broken",
        sound=False,
    ),
    "button_stuck": Fault(
        "the band's button stays pressed",
        Where.SENSOR,
        Lasts.STANDS,
        Flag(),
        _button,
        sound=False,
    ),
}
