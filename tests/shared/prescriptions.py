"""Prescriptions as the catalogue has them, for tests: any entry, a titration, an end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.dose import changes
from shared.dose.changes import Issue
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


def of_entry(protocol_id: str, **others: Any) -> Prescription:
    """Return a catalogue entry as it stands, prescribed from now on; ``others`` by field."""
    entry = catalogue().entry(protocol_id)
    parts = tuple(_part(part) for part in entry.parts)
    thresholds = [_threshold(entry, part) for part in entry.parts]
    clinical = entry.home_use is HomeUse.IN_CLINIC_ONLY
    plain = itbs(
        protocol_id=entry.id,
        coil=entry.coil,
        parts=parts,
        threshold=thresholds[0],
        second_threshold=thresholds[1] if len(thresholds) > 1 else None,
        limits=_limits(entry),
        gates=(Gate.SCREENING, *((Gate.SUPERVISED,) if clinical else ())),
        table_exception=entry.id if entry.outside_train_table else None,
        research_reason="ethics approval" if entry.home_use is HomeUse.RESEARCH_ONLY else None,
        phases=tuple(
            Phase(phase.sessions, phase.sessions_per_week, phase.min_interval_s)
            for phase in entry.phases
        ),
    )
    return replace(plain, **others)


def bilateral(**others: Any) -> Prescription:
    """Return theta burst to the right, then to the left."""
    return of_entry("mdd-bilateral-tbs", **others)


def migraine(**others: Any) -> Prescription:
    """Return single pulses of a fixed output: a few sessions a day, 15 min apart."""
    return of_entry("migraine-stms-preventive", **others)


def titration(in_force: Prescription | None = None, *, serial: int = 2) -> Prescription:
    """Return a titration beside the treatment in force."""
    issue = Issue(serial, NOW_S, NOW_S + 7 * DAY_S)
    return changes.titration(
        in_force or itbs(), issue, not_before_s=NOW_S, not_after_s=NOW_S + 7 * DAY_S
    )


def _part(part: ProtocolPart) -> Part:
    return Part(
        part.site, part.pattern, part.trains, part.interval_ms, part.intensity_percent or 60
    )


def _threshold(entry: CatalogueEntry, part: ProtocolPart) -> Threshold:
    kind = ThresholdKind[part.threshold_kind.upper()]
    percent = 100 if kind is ThresholdKind.NONE else 52
    measured_s, warn_s, lock_s = (NOW_S + days * DAY_S for days in (-1, 28, 42))
    return Threshold(kind, percent, measured_s, warn_s, lock_s, True, DEVICE_ID, entry.coil)


def _limits(entry: CatalogueEntry) -> Limits:
    most, pulses = entry.limits, entry.pulses_per_session
    return Limits(
        day_window_s=most.day_window_h * 3600,
        sessions_per_day_window=most.sessions_per_day_window,
        pulses_per_day_window=most.pulses_per_day_window,
        sessions_per_week=most.sessions_per_week,
        pulses_per_week=most.sessions_per_week * pulses,
        course_sessions=most.course_sessions,
        course_pulses=most.course_sessions * pulses,
        min_interval_s=most.min_interval_s,
        course_days=most.course_days,
    )
