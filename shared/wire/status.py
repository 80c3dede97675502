"""What the device says of itself, unasked: the Status characteristic and the telemetry sample."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire.fields import wire

REASONS_MAX = 40
"""Lock reasons in one message (own figure): a test has the lock give 36 at once."""


class DeviceState(IntEnum):
    """States of the device; all are numbered from the start."""

    UNPROVISIONED = 1
    IDLE = 2
    ARMED = 3
    STIMULATING = 4
    PAUSED = 5
    REPOSITIONING = 6
    CLOSING = 7
    PRACTICE = 8
    SELF_TESTING = 9
    FAULT = 10
    UPDATING = 11


@dataclass(frozen=True)
class ReasonWire:
    """A lock reason: its code, and when it ends on the device's proven time (if known)."""

    code: int = wire(1)
    ends_proven_ms: int | None = wire(2, default=None)


@dataclass(frozen=True)
class Status:
    """One look at the device. ``proven_ms`` is its proven elapsed time now (R5).

    ``pauses`` counts the session's pauses and moves so far: going on has to name the present one.
    ``requests_taken`` counts this boot's requests that a lost answer would leave in doubt.
    """

    state: DeviceState = wire(1)
    proven_ms: int = wire(2)
    reasons: tuple[ReasonWire, ...] = wire(3, maximum=REASONS_MAX)
    head_number: int = wire(4)
    battery_percent: int = wire(5, maximum=100)
    coil_temperature_c: int = wire(6, maximum=200)
    contact: bool = wire(7)
    position_ok: bool = wire(8)
    clock_trusted: bool = wire(9)
    session_id: bytes | None = wire(10, length=ID_BYTES, default=None)
    train: int | None = wire(11, default=None)
    trains: int | None = wire(12, default=None)
    charged_pulses: int | None = wire(13, default=None)
    planned_pulses: int | None = wire(14, default=None)
    left_ms: int | None = wire(15, default=None)
    pause_cause: int | None = wire(16, default=None)
    start_window_open: bool = wire(17, default=False)
    still_here_due_ms: int | None = wire(18, default=None)
    serial: int = wire(19, default=0)
    prescription_hash: bytes | None = wire(20, length=HASH_BYTES, default=None)
    clearance_ends_s: int | None = wire(21, default=None)
    clock_ms: int | None = wire(22, default=None)
    close_cause: int | None = wire(23, default=None)
    firing: bool = wire(24, default=False)
    motion_mg: int = wire(25, default=0)
    session_kind: int | None = wire(26, default=None)
    part: int | None = wire(27, default=None)
    percent_mso: int | None = wire(28, maximum=100, default=None)
    make_up_until_proven_ms: int | None = wire(29, default=None)
    clearance_issued_s: int | None = wire(30, default=None)
    pauses: int = wire(31, default=0)
    boot_count: int = wire(32, default=0)
    requests_taken: int = wire(33, default=0)


@dataclass(frozen=True)
class Telemetry:
    """One sample a second while a session runs."""

    uptime_ms: int = wire(1)
    coil_temperature_c: int = wire(2, maximum=200)
    battery_percent: int = wire(3, maximum=100)
    contact: bool = wire(4)
    position_ok: bool = wire(5)
    charged_pulses: int = wire(6)
