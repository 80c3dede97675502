"""What the demonstration's clinic prescribes: the catalogue's left intermittent theta burst.

Its trains last 2 s, long enough to be stopped in the middle of one.
"""

from __future__ import annotations

from dataclasses import replace

from firmware_bridge.demo.clinic import INITIALS
from firmware_bridge.demo.keys import DAY_S, DemoKeys
from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.trust.statements import Gate

PROTOCOL = "mdd-l-dlpfc-itbs"
THRESHOLD_PERCENT = 50
BEAT_LIMIT_MS = 3_000


def prescription(
    keys: DemoKeys, now_s: int, *, serial: int, replaces: bytes | None, course_id: bytes
) -> Prescription:
    """The plan as a clinician would sign it now."""
    entry = catalogue().entry(PROTOCOL)
    return Prescription(
        kind=PrescriptionKind.TREATMENT,
        clinic_id=keys.clinic_id,
        device_id=keys.device_id,
        patient_id=keys.patient_id,
        initials=INITIALS,
        serial=serial,
        replaces_hash=replaces,
        new_course=True,
        course_id=course_id,
        protocol_id=entry.id,
        catalogue_version=catalogue().version,
        envelope_version=1,
        coil=entry.coil,
        parts=tuple(
            Part(p.site, p.pattern, p.trains, p.interval_ms, p.intensity_percent or 100)
            for p in entry.parts
        ),
        threshold=_threshold(keys, entry, now_s),
        limits=_limits(entry),
        gates=(Gate.SCREENING,),
        beat_limit_ms=BEAT_LIMIT_MS,
        still_here_s=120,
        clearance_limit_s=7 * DAY_S,
        button_required=True,
        make_up_within_s=None,
        issued_s=now_s,
        install_by_s=now_s + 7 * DAY_S,
        not_before_s=now_s,
        not_after_s=now_s + 60 * DAY_S,
        table_exception=None,
    )


def outside_the_envelope(plan: Prescription) -> Prescription:
    """The same at twice the threshold: no band of this envelope may take it."""
    return replace(plan, parts=tuple(replace(part, intensity_percent=200) for part in plan.parts))


def _threshold(keys: DemoKeys, entry: CatalogueEntry, now_s: int) -> Threshold:
    warn_s, lock_s = now_s + 28 * DAY_S, now_s + 42 * DAY_S
    return Threshold(
        ThresholdKind.RMT,
        THRESHOLD_PERCENT,
        now_s,
        warn_s,
        lock_s,
        True,
        keys.device_id,
        entry.coil,
    )


def _limits(entry: CatalogueEntry) -> Limits:
    given, pulses = entry.limits, entry.pulses_per_session
    return Limits(
        given.day_window_h * 3600,
        given.sessions_per_day_window,
        given.pulses_per_day_window,
        given.sessions_per_week,
        given.sessions_per_week * pulses,
        given.course_sessions,
        given.course_sessions * pulses,
        given.min_interval_s,
        given.course_days,
    )
