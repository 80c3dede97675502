"""A prescription: what the clinician signs, byte for byte, and nothing that they do not.

The signed bytes are the canonical CBOR of this dataclass; its hash names it in every record.
Renewals and amendments are treatments of a higher serial; ends, titrations and replacements have
kinds of their own (R14, R17, R24).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from shared.stimulation.pattern import Pattern
from shared.stimulation.schedule import SessionPlan, TrainPlan
from shared.trust.statements import HASH_BYTES, ID_BYTES, Gate
from shared.wire import fields
from shared.wire.fields import wire

MAXIMUM_BYTES = 1024
SERIAL_STEP_MAX = 1000


class PrescriptionKind(IntEnum):
    """What a serial does; all numbers are reserved from the start.

    An end is the treatment in force once more, of this kind. A titration stands beside the
    treatment in force and replaces nothing. A replacement goes on with another device's course.
    """

    TREATMENT = 1
    END = 2
    TITRATION = 3
    REPLACEMENT = 4


class ThresholdKind(IntEnum):
    """Which motor threshold an intensity is a percentage of (R14)."""

    RMT = 1
    AMT = 2
    LEG_RMT = 3
    NONE = 4


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

    From ``warn_s`` on the app warns, from ``lock_s`` on the device locks. ``depth_percent`` adjusts
    it for the depth of the target (100: not at all). Kind NONE means fixed output: intensities
    are then percent of maximum output, both percentages are 100, and no date counts.
    """

    kind: ThresholdKind = wire(1)
    percent_mso: int = wire(2, minimum=1, maximum=100)
    measured_s: int = wire(3)
    warn_s: int = wire(4)
    lock_s: int = wire(5)
    demo: bool = wire(6)
    device_id: bytes = wire(7, length=ID_BYTES)
    coil: str = wire(8, minimum=1, maximum=32)
    depth_percent: int = wire(9, minimum=50, maximum=150, default=100)


@dataclass(frozen=True)
class Limits:
    """How much at most: pulses and sessions in the day window, the week and the course (R8).

    ``course_days`` counts from the course's first session; None sets no such end.
    """

    day_window_s: int = wire(1, minimum=1)
    sessions_per_day_window: int = wire(2, minimum=1, maximum=12)
    pulses_per_day_window: int = wire(3, minimum=1)
    sessions_per_week: int = wire(4, minimum=1, maximum=84)
    pulses_per_week: int = wire(5, minimum=1)
    course_sessions: int = wire(6, minimum=1, maximum=400)
    course_pulses: int = wire(7, minimum=1)
    min_interval_s: int = wire(8)
    course_days: int | None = wire(9, minimum=1, maximum=400, default=None)


@dataclass(frozen=True)
class Phase:
    """A stretch of the course: so many completed sessions, how often at most, how far apart.

    A taper is phases of fewer sessions a week; ``min_interval_s`` spaces weekly and rarer ones.
    """

    sessions: int = wire(1, minimum=1, maximum=400)
    sessions_per_week: int = wire(2, minimum=1, maximum=84)
    min_interval_s: int = wire(3, maximum=60 * 86_400)


@dataclass(frozen=True)
class OpeningBalance:
    """What another device had charged before this one goes on with the course (R24)."""

    day_pulses: int = wire(1, maximum=65_535)
    day_sessions: int = wire(2, maximum=100)
    week_pulses: int = wire(3, maximum=65_535)
    week_sessions: int = wire(4, maximum=100)
    course_pulses: int = wire(5, maximum=2_000_000)
    course_sessions: int = wire(6, maximum=400)
    course_completed: int = wire(7, maximum=400)


@dataclass(frozen=True)
class Replacement:
    """The course goes on from another device (R24): what it had charged, as the prescriber signs.

    One of three makes it installable: the old device's signed last head (its hash here), the
    prescriber's word that it is in the clinic's hands, or the end of its validity.
    """

    old_device_id: bytes = wire(1, length=ID_BYTES)
    old_not_after_s: int = wire(2)
    in_clinics_hands: bool = wire(3)
    opening: OpeningBalance = wire(4)
    final_head_hash: bytes | None = wire(5, length=HASH_BYTES, default=None)


@dataclass(frozen=True)
class Prescription:
    """One serial for one device and patient. Times called ``_s`` are Unix seconds.

    ``replaces_hash`` names the treatment, or end, in force. ``second_threshold`` is the second
    part's where the parts go by different ones. ``ramp`` caps the intensity of the course's first
    sessions, in percent of threshold; ramp and phases advance by completed sessions (R9).
    """

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
    second_threshold: Threshold | None = wire(28, default=None)
    threshold_step_signed: bool = wire(29, default=False)
    ramp: tuple[int, ...] = wire(30, maximum=10, default=())
    phases: tuple[Phase, ...] = wire(31, maximum=6, default=())
    research_reason: str | None = wire(32, minimum=1, maximum=80, default=None)
    replacement: Replacement | None = wire(33, default=None)

    @property
    def pulses_per_session(self) -> int:
        """Pulses of one whole session."""
        return self.plan.pulses

    @property
    def trains_per_session(self) -> int:
        """Trains of one whole session."""
        return self.plan.trains

    @property
    def session_ms(self) -> int:
        """Length of one whole session without pauses, in milliseconds."""
        return self.plan.duration_us // 1000

    @property
    def plan(self) -> SessionPlan:
        """All parts of a session, one after the other."""
        return SessionPlan(tuple(part.plan for part in self.parts))

    def threshold_of(self, part_index: int) -> Threshold:
        """Return the threshold that a part (from 0) goes by."""
        if part_index and self.second_threshold is not None:
            return self.second_threshold
        return self.threshold

    def intensity_percent(self, part_index: int, completed_sessions: int) -> int:
        """Return a part's intensity after so many completed sessions of the course (R9)."""
        full = self.parts[part_index].intensity_percent
        if completed_sessions >= len(self.ramp):
            return full
        return min(full, self.ramp[completed_sessions])

    def percent_mso(self, part_index: int = 0, completed_sessions: int = 400) -> int:
        """Threshold times depth times intensity, rounded down, in percent of maximum output
        (R13)."""
        threshold = self.threshold_of(part_index)
        intensity = self.intensity_percent(part_index, completed_sessions)
        return threshold.percent_mso * threshold.depth_percent * intensity // 10_000

    def phase(self, completed_sessions: int) -> Phase | None:
        """Return the phase that the course is in; None when it has none, or all are done."""
        for phase in self.phases:
            if completed_sessions < phase.sessions:
                return phase
            completed_sessions -= phase.sessions
        return None


def to_bytes(prescription: Prescription) -> bytes:
    """Return the canonical bytes that are signed."""
    return fields.pack(prescription)


def from_bytes(data: bytes) -> Prescription:
    """Return the prescription; raise WireError unless the bytes are canonical and complete."""
    return fields.unpack(Prescription, data)


def hash_of(data: bytes) -> bytes:
    """Return the name of these bytes in records and amendments: their SHA-256."""
    return hashlib.sha256(data).digest()
