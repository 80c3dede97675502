"""A prescription: what the clinician signs, byte for byte, and nothing that they do not.

The signed bytes are the canonical CBOR of this dataclass; its hash names it in every record.
Amendments and ends are prescriptions of a higher serial (R17).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from shared.stimulation.pattern import Pattern
from shared.stimulation.schedule import TrainPlan
from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire import fields
from shared.wire.fields import wire

MAXIMUM_BYTES = 1024
SERIAL_STEP_MAX = 1000


class PrescriptionKind(IntEnum):
    """What a serial does; all numbers are reserved from the start."""

    TREATMENT = 1
    END = 2
    TITRATION = 3


class ThresholdKind(IntEnum):
    """Which motor threshold an intensity is a percentage of (R14)."""

    RMT = 1
    AMT = 2
    LEG_RMT = 3
    NONE = 4


class Gate(IntEnum):
    """Gates that a prescription adds to the device's own (R15)."""

    TRAINING = 1
    SCREENING = 2
    ATTENDED = 3
    SUPERVISED = 4
    EAR_PROTECTION = 5


@dataclass(frozen=True)
class Part:
    """One site of a session: pattern, trains, interval and intensity in percent of threshold."""

    site: str = wire(1, minimum=1, maximum=48)
    pattern: Pattern = wire(2)
    trains: int = wire(3, minimum=1, maximum=600)
    interval_ms: int = wire(4, maximum=600_000)
    intensity_percent: int = wire(5, minimum=1, maximum=200)

    @property
    def plan(self) -> TrainPlan:
        """The part's schedule."""
        return TrainPlan(self.pattern, self.trains, self.interval_ms * 1000)


@dataclass(frozen=True)
class Threshold:
    """Motor threshold on this device and coil; ``demo`` marks one that was typed in, not measured.

    From ``warn_s`` on the app warns, from ``lock_s`` on the device locks.
    """

    kind: ThresholdKind = wire(1)
    percent_mso: int = wire(2, minimum=1, maximum=100)
    measured_s: int = wire(3)
    warn_s: int = wire(4)
    lock_s: int = wire(5)
    demo: bool = wire(6)


@dataclass(frozen=True)
class Limits:
    """How much at most: pulses and sessions in the day window, the week and the course (R8)."""

    day_window_s: int = wire(1, minimum=1)
    sessions_per_day_window: int = wire(2, minimum=1, maximum=12)
    pulses_per_day_window: int = wire(3, minimum=1)
    sessions_per_week: int = wire(4, minimum=1, maximum=84)
    pulses_per_week: int = wire(5, minimum=1)
    course_sessions: int = wire(6, minimum=1, maximum=400)
    course_pulses: int = wire(7, minimum=1)
    min_interval_s: int = wire(8)


@dataclass(frozen=True)
class Prescription:
    """One serial for one device and patient. Times called ``_s`` are Unix seconds."""

    kind: PrescriptionKind = wire(1)
    clinic_id: bytes = wire(2, minimum=1, maximum=32)
    device_id: bytes = wire(3, length=ID_BYTES)
    patient_id: bytes = wire(4, length=ID_BYTES)
    initials: str = wire(5, minimum=1, maximum=8)
    serial: int = wire(6, minimum=1, maximum=2**32)
    replaces_hash: bytes | None = wire(7, length=HASH_BYTES)
    new_course: bool = wire(8)
    course_id: bytes = wire(9, length=ID_BYTES)
    protocol_id: str = wire(10, minimum=1, maximum=48)
    catalogue_version: int = wire(11, minimum=1)
    envelope_version: int = wire(12, minimum=1)
    coil: str = wire(13, minimum=1, maximum=32)
    parts: tuple[Part, ...] = wire(14, minimum=1, maximum=2)
    threshold: Threshold = wire(15)
    limits: Limits = wire(16)
    gates: tuple[Gate, ...] = wire(17, maximum=5)
    beat_limit_ms: int = wire(18, minimum=1000)
    still_here_s: int = wire(19, minimum=10)
    clearance_limit_s: int = wire(20, minimum=3600)
    button_required: bool = wire(21)
    make_up_within_s: int | None = wire(22)
    issued_s: int = wire(23)
    install_by_s: int = wire(24)
    not_before_s: int = wire(25)
    not_after_s: int = wire(26)
    table_exception: str | None = wire(27, maximum=48)

    @property
    def pulses_per_session(self) -> int:
        """Pulses of one whole session."""
        return sum(part.plan.pulses for part in self.parts)

    @property
    def trains_per_session(self) -> int:
        """Trains of one whole session."""
        return sum(part.trains for part in self.parts)

    @property
    def session_ms(self) -> int:
        """Length of one whole session without pauses, in milliseconds."""
        return sum(part.plan.duration_us for part in self.parts) // 1000

    def percent_mso(self, part: Part) -> int:
        """Threshold times intensity, rounded down, in percent of maximum output (R13)."""
        return self.threshold.percent_mso * part.intensity_percent // 100


def to_bytes(prescription: Prescription) -> bytes:
    """Return the canonical bytes that are signed."""
    return fields.pack(prescription)


def from_bytes(data: bytes) -> Prescription:
    """Return the prescription; raise WireError unless the bytes are canonical and complete."""
    return fields.unpack(Prescription, data)


def hash_of(data: bytes) -> bytes:
    """Return the name of these bytes in records and amendments: their SHA-256."""
    return hashlib.sha256(data).digest()
