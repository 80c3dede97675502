"""Faults of supply and processor: what ends a boot, or lets it hang."""

from __future__ import annotations

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.faults.fault import Fault, Inject, Lasts, Stands, Where
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.wanted import Flag, Happens, Integer

LONGEST_OFF_MS = 30 * 24 * 3_600_000
"""The backed clock's supply lasts as long (R6)."""

USUAL_BROWN_OUT_MS = 50
USUAL_POWER_CUT_MS = 5_000


def _halt(cause: Cause) -> Inject:
    return lambda band, off_ms: band.halt(cause, off_ms)


def _freeze(band: Reach, _: bool) -> Stands:
    frozen = band.freeze()
    return Stands(lambda: band.halt(Cause.WATCHDOG), frozen)


POWER_FAULTS = {
    "watchdog": Fault(
        "the watchdog reboots the processor, whatever it does",
        Where.FIRMWARE,
        Lasts.HAPPENS,
        Happens(),
        lambda band, _: band.halt(Cause.WATCHDOG),
    ),
    "firmware_frozen": Fault(
        "the firmware hangs: it answers nothing; taken back, the watchdog reboots it",
        Where.FIRMWARE,
        Lasts.STANDS,
        Flag(),
        _freeze,
        sound=False,
    ),
    "brown_out": Fault(
        "the supply sags for so many milliseconds, and the processor begins anew",
        Where.POWER,
        Lasts.HAPPENS,
        Integer(0, 10_000, USUAL_BROWN_OUT_MS),
        _halt(Cause.BROWN_OUT),
    ),
    "power_cut": Fault(
        "the power is gone for so many milliseconds",
        Where.POWER,
        Lasts.HAPPENS,
        Integer(0, LONGEST_OFF_MS, USUAL_POWER_CUT_MS),
        _halt(Cause.POWER_CUT),
    ),
}
