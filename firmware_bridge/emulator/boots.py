"""From power-on to power-off: why a boot began, and how one ends.

Not for running anything: `life.py` runs one boot after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.emulator.parts.errors import PowerCut


class Cause(StrEnum):
    """Why the firmware began anew."""

    POWER_ON = "power_on"
    POWER_CUT = "power_cut"
    WATCHDOG = "watchdog"
    BROWN_OUT = "brown_out"
    RESTART = "restart"


@dataclass(frozen=True)
class Boot:
    """One beginning of the firmware."""

    number: int
    """From 1, since the process began; the device's own count stands in its ledger."""
    cause: Cause
    at_ms: int
    """On the band's clock, since the process began."""


class Down(Exception):
    """This boot is over; the next begins after `off_ms` without power."""

    def __init__(self, cause: Cause, off_ms: int = 0) -> None:
        super().__init__(f"the band goes down: {cause}")
        self.cause = cause
        self.off_ms = off_ms


def down_in(problem: BaseException) -> Down | None:
    """What ended a boot, where `problem` is nothing but its end; None where it is an error."""
    if isinstance(problem, Down):
        return problem
    if isinstance(problem, PowerCut):
        return Down(Cause.POWER_CUT)
    if not isinstance(problem, BaseExceptionGroup):
        return None
    ends = [down_in(each) for each in problem.exceptions]
    return ends[0] if all(end is not None for end in ends) else None
