"""Every fault by its name: the one table behind the command line, the surface and the docs."""

from __future__ import annotations

from firmware_bridge.emulator.faults.air import AIR_FAULTS
from firmware_bridge.emulator.faults.body import BODY_FAULTS
from firmware_bridge.emulator.faults.fault import Fault
from firmware_bridge.emulator.faults.hardware import HARDWARE_FAULTS
from firmware_bridge.emulator.faults.power import POWER_FAULTS

FAULTS: dict[str, Fault] = {**AIR_FAULTS, **POWER_FAULTS, **BODY_FAULTS, **HARDWARE_FAULTS}
