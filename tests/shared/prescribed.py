"""Any protocol of the catalogue as a clinician would prescribe it, at its published figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.dose.changes import Issue
from shared.dose.changes import titration as titration_beside
from shared.dose.prescription import (
    Limits,
    Part,
    Phase,
    Prescription,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import CatalogueEntry, HomeUse, ProtocolPart, catalogue
from shared.trust.statements import Gate
from tests.shared.clinic import DAY_S, DEVICE_ID, NOW_S, itbs


def prescribed(entry: CatalogueEntry | str, **changes: Any) -> Prescription:
    """Return an entry of the catalogue as a prescription; ``changes`` by field."""
    if isinstance(entry, str):
        entry = catalogue().entry(entry)
    thresholds = [threshold_for(part, entry) for part in entry.parts]
    in_clinic = entry.home_use is HomeUse.IN_CLINIC_ONLY
    research = entry.home_use is HomeUse.RESEARCH_ONLY
    plain = itbs(
        protocol_id=entry.id,
        coil=entry.coil,
        parts=tuple(
            Part(
                part.site,
                part.pattern,
                part.trains,
                part.interval_ms,
                part.intensity_percent or 100,
            )
            for part in entry.parts
        ),
        threshold=thresholds[0],
        second_threshold=thresholds[1] if len(thresholds) > 1 else None,
        limits=limits_of(entry),
        phases=tuple(
            Phase(phase.sessions, phase.sessions_per_week, phase.min_interval_s)
            for phase in entry.phases
        ),
        gates=(Gate.SCREENING, Gate.SUPERVISED) if in_clinic else (Gate.SCREENING,),
        research_reason="ethics approval 17/2026" if research else None,
        table_exception=entry.id if entry.outside_train_table else None,
    )
    return replace(plain, **changes)


def bilateral(**changes: Any) -> Prescription:
    """Return theta burst to the right, then to the left."""
    return prescribed("mdd-bilateral-tbs", **changes)


def migraine(**changes: Any) -> Prescription:
    """Return single pulses of a fixed output: a few sessions a day, 15 min apart."""
    return prescribed("migraine-stms-preventive", **changes)


def titration(in_force: Prescription | None = None, *, serial: int = 2) -> Prescription:
    """Return a titration beside the treatment in force."""
    end_s = NOW_S + 7 * DAY_S
    issue = Issue(serial, NOW_S, end_s)
    return titration_beside(in_force or itbs(), issue, not_before_s=NOW_S, not_after_s=end_s)


def threshold_for(part: ProtocolPart, entry: CatalogueEntry) -> Threshold:
    """Return a threshold of the kind that a part goes by, measured today."""
    kind = ThresholdKind[part.threshold_kind.upper()]
    percent = 100 if kind is ThresholdKind.NONE else 50
    warn_s, lock_s = NOW_S + 28 * DAY_S, NOW_S + 42 * DAY_S
    return Threshold(kind, percent, NOW_S, warn_s, lock_s, True, DEVICE_ID, entry.coil)


def limits_of(entry: CatalogueEntry) -> Limits:
    """Return as much as an entry allows."""
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
