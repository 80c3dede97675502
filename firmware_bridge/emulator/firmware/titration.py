"""Measuring the threshold: single pulses on demand, under a trained person's eyes (R14)."""

from __future__ import annotations

from firmware_bridge.emulator.firmware.armed import TITRATION_PULSES_MAX, Armed
from firmware_bridge.emulator.firmware.firing import Firing
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.dose.ledger import OpenSession
from shared.stimulation.schedule import Slice
from shared.wire import records
from shared.wire.operations import StatusCode

TITRATION_LIMIT_MS = 3_600_000
TITRATION_SPACING_MS = 4_000


def fire_one(firing: Firing, journal: Journal, time: Timekeeping, percent_mso: int) -> None:
    """Reserve and fire one pulse now: at most 100 in all, at least 4 s after the device's last.

    Raise Refused where the limits say no, FiringFault where the hardware fails.
    """
    state = journal.state
    assert state.session is not None
    if state.session.charged_pulses >= TITRATION_PULSES_MAX:
        raise Refused(StatusCode.REFUSED, "titration_pulses_used")
    last_ms = state.last_pulse_ms
    if last_ms is not None and time.proven_ms < last_ms + TITRATION_SPACING_MS:
        raise Refused(StatusCode.REFUSED, "titration_too_soon")
    firing.reserve(Slice(state.session.trains_begun + 1, 1, 0, 1), percent_mso)
    firing.fire(time.uptime_ms * 1000, percent_mso)


def measured(armed: Armed, session: OpenSession, firing: Firing) -> records.ThresholdMeasuredBody:
    """Return what a titration came to: its pulses, and the output of the last."""
    return records.ThresholdMeasuredBody(
        armed.prescription_hash, session.charged_pulses, firing.last_percent_mso
    )
