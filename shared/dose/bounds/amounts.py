"""How much a prescription may allow: pulses, sessions, windows (R8, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import CATALOGUE, OWN, Violation, above, below
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import CatalogueEntry
from shared.stimulation.limits import AbsoluteLimits
from shared.stimulation.pattern import PatternKind
from shared.trust.statements import Gate

_HOUR_S = 3600


def amount_violations(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """Yield what's above the absolute limits, or so little that no session ever fits."""
    yield from _session(prescription, limits)
    ordered, caps = prescription.limits, limits.caps
    shortest, longest = (hours * _HOUR_S for hours in caps["day_window_h"])
    if not shortest <= ordered.day_window_s <= longest:
        words = f"{shortest} to {longest}"
        yield Violation("limits.day_window_s", str(ordered.day_window_s), words, "R8")
    if Gate.SUPERVISED not in prescription.gates:
        yield from _ceilings(prescription, limits)
    shortest_s = caps["min_interval_between_sessions_s"]
    exempt = prescription.protocol_id in caps["min_interval_exceptions"]
    if not exempt and ordered.min_interval_s < shortest_s:
        yield below("limits.min_interval_s", ordered.min_interval_s, shortest_s, OWN)


def entry_violations(
    prescription: Prescription, entry: CatalogueEntry, limits: AbsoluteLimits
) -> Iterator[Violation]:
    """Yield what's more than the protocol allows, or more often."""
    ordered, published = prescription.limits, entry.limits
    allowed = {
        "sessions_per_day_window": published.sessions_per_day_window,
        "pulses_per_day_window": published.pulses_per_day_window,
        "sessions_per_week": published.sessions_per_week,
        "pulses_per_week": published.sessions_per_week * entry.pulses_per_session,
        "course_sessions": published.course_sessions,
        "course_pulses": published.course_sessions * entry.pulses_per_session,
    }
    for field, most in allowed.items():
        value = getattr(ordered, field)
        if value > most:
            yield above(f"limits.{field}", value, most, CATALOGUE)
    if ordered.min_interval_s < published.min_interval_s:
        field = "limits.min_interval_s"
        yield below(field, ordered.min_interval_s, published.min_interval_s, CATALOGUE)
    if published.day_window_h > limits.caps["day_window_h_default"]:
        yield from _day(prescription, entry)
    yield from _course_days(prescription, entry)


def _session(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    pulses = prescription.pulses_per_session
    theta = any(part.pattern.kind is PatternKind.THETA_BURST for part in prescription.parts)
    if theta and pulses > limits.theta_burst["pulses_per_session_max"]:
        most = limits.theta_burst["pulses_per_session_max"]
        yield above("pulses_per_session", pulses, most, limits.theta_burst_source)
    if pulses > limits.caps["pulses_per_session_max"]:
        yield above("pulses_per_session", pulses, limits.caps["pulses_per_session_max"], OWN)
    for field in ("pulses_per_day_window", "pulses_per_week", "course_pulses"):
        value = getattr(prescription.limits, field)
        if value < pulses:
            yield below(f"limits.{field}", value, pulses, "one session has as many")


def _ceilings(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """The device's own bind whoever is alone with it."""
    ceilings = {
        "pulses_per_day_window": limits.ceiling_pulses_per_24h,
        "pulses_per_week": limits.ceiling_pulses_per_168h,
        "sessions_per_day_window": limits.ceiling_sessions_per_24h,
    }
    for field, most in ceilings.items():
        value = getattr(prescription.limits, field)
        if value > most:
            yield above(f"limits.{field}", value, most, "this product's home ceiling (R8)")


def _day(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """A protocol whose day is longer than the usual one keeps it."""
    whole_s, day_s = entry.limits.day_window_h * _HOUR_S, prescription.limits.day_window_s
    if day_s < whole_s:
        yield below("limits.day_window_s", day_s, whole_s, CATALOGUE)


def _course_days(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    most, days = entry.limits.course_days, prescription.limits.course_days
    if most is not None and (days is None or days > most):
        yield above("limits.course_days", "none" if days is None else days, most, CATALOGUE)
