"""Ramp and phases: both advance by completed sessions, neither loosens anything (R9)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from shared.dose.bounds.violation import CATALOGUE, OWN, Violation, above, below
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import CatalogueEntry


def course_violations(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """Yield a ramp that falls or overshoots, and phases that are more than the protocol's."""
    yield from _ramp(prescription)
    if not prescription.phases:
        return
    planned = sum(phase.sessions for phase in prescription.phases)
    if planned != prescription.limits.course_sessions:
        course = str(prescription.limits.course_sessions)
        yield Violation("phases", f"{planned} sessions", f"{course} sessions, the course's", OWN)
    yield from _against_entry(prescription, entry)


def _ramp(prescription: Prescription) -> Iterator[Violation]:
    ramp = prescription.ramp
    full = max(part.intensity_percent for part in prescription.parts)
    for index, percent in enumerate(ramp, start=1):
        if not percent:
            yield below(f"ramp[{index}]", percent, 1, OWN)
        if percent > full:
            yield above(f"ramp[{index}]", percent, f"{full}, the full intensity", OWN)
    if any(later < earlier for earlier, later in pairwise(ramp)):
        yield Violation("ramp", ", ".join(map(str, ramp)), "never falling", OWN)


def _against_entry(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """Where a phase overlaps one of the protocol's, it's no more often and no closer."""
    found: dict[tuple[int, str], Violation] = {}
    first = 0
    for index, phase in enumerate(prescription.phases, start=1):
        for published in entry.phases_between(first, first + phase.sessions):
            name = f"phases[{index}]"
            if phase.sessions_per_week > published.sessions_per_week:
                found[index, "week"] = above(
                    f"{name}.sessions_per_week",
                    phase.sessions_per_week,
                    published.sessions_per_week,
                    CATALOGUE,
                )
            if phase.min_interval_s < published.min_interval_s:
                found[index, "interval"] = below(
                    f"{name}.min_interval_s",
                    phase.min_interval_s,
                    published.min_interval_s,
                    CATALOGUE,
                )
        first += phase.sessions
    yield from found.values()
