"""Prescriptions short enough to give by the thousand, one of each family.

Each lies inside the envelope, or the campaign would test refusals only.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from firmware_bridge.emulator.firmware.ports import CoilProfile
from firmware_bridge.emulator.parts.profiles import FIGURE_8
from shared.dose.envelope import violations
from shared.dose.prescription import Part, Prescription
from shared.stimulation.catalogue import catalogue
from shared.trust.statements import Gate
from tests.campaign.schedules.clinic import CLINIC_IDS, DEVICE_ID, PATIENTS
from tests.shared.prescribed import prescribed

HOUR_S = 3_600
PORTABLE = CoilProfile(
    coil="occipital portable", motion_limit_mg=600, heat_per_pulse_mk=15, cooling_time_s=900
)


@dataclass(frozen=True)
class Kind:
    """A treatment, and the coil that it is given with."""

    name: str
    prescription: Prescription
    profile: CoilProfile = FIGURE_8


def _short(protocol: str, trains: tuple[int, ...], bursts: tuple[int, ...]) -> Prescription:
    """A protocol of the catalogue, cut to so many trains of so many bursts."""
    entry = catalogue().entry(protocol)
    parts = tuple(
        Part(
            published.site,
            replace(published.pattern, bursts_per_train=burst_count),
            train_count,
            published.interval_ms,
            published.intensity_percent or 100,
        )
        for published, train_count, burst_count in zip(entry.parts, trains, bursts, strict=True)
    )
    plain = prescribed(protocol, parts=parts, device_id=DEVICE_ID, clinic_id=CLINIC_IDS[0])
    pulses = plain.pulses_per_session
    limits = replace(
        plain.limits,
        sessions_per_day_window=min(3, plain.limits.sessions_per_day_window),
        pulses_per_day_window=3 * pulses,
        sessions_per_week=min(5, plain.limits.sessions_per_week),
        pulses_per_week=5 * pulses,
        course_pulses=10 * pulses,
        course_sessions=10,
    )
    threshold = replace(plain.threshold, device_id=DEVICE_ID)
    second = plain.second_threshold
    return replace(
        plain,
        patient_id=PATIENTS[0],
        limits=limits,
        phases=(),
        threshold=threshold,
        second_threshold=None if second is None else replace(second, device_id=DEVICE_ID),
        beat_limit_ms=3_000,
        still_here_s=20,
    )


def _itbs() -> Prescription:
    plain = _short("mdd-l-dlpfc-itbs", (3,), (10,))
    return replace(plain, ramp=(90, 105), make_up_within_s=2 * HOUR_S)


def _repetitive() -> Prescription:
    plain = _short("mdd-l-dlpfc-10hz-dash", (2,), (30,))
    return replace(plain, button_required=False, make_up_within_s=HOUR_S)


def _bilateral() -> Prescription:
    return _short("mdd-bilateral-tbs", (1, 2), (12, 8))


def _single() -> Prescription:
    return _short("migraine-stms-preventive", (4,), (1,))


def _attended() -> Prescription:
    plain = _short("mdd-l-dlpfc-itbs", (2,), (8,))
    gates = (Gate.SCREENING, Gate.TRAINING, Gate.ATTENDED, Gate.EAR_PROTECTION, Gate.SUPERVISED)
    return replace(plain, gates=gates, still_here_s=60)


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind, each judged by the envelope."""
    made = (
        Kind("itbs", _itbs()),
        Kind("repetitive", _repetitive()),
        Kind("bilateral", _bilateral()),
        Kind("single", _single(), PORTABLE),
        Kind("attended", _attended()),
    )
    for kind in made:
        found = violations(kind.prescription)
        assert not found, (kind.name, found)
    return made


def kind_named(name: str) -> Kind:
    """Return the kind of that name."""
    return next(kind for kind in kinds() if kind.name == name)
