"""A titration: single pulses under supervision, exempt from output and threshold (R14)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.thresholds import place_violations
from shared.dose.bounds.violation import Violation, above, below
from shared.dose.prescription import Part, Prescription
from shared.stimulation.limits import AbsoluteLimits
from shared.stimulation.pattern import PatternKind
from shared.trust.statements import Gate

_RULE = "R14"


def titration_violations(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """Yield what's more than measuring a threshold needs."""
    if Gate.SUPERVISED not in prescription.gates:
        yield Violation("gates", "not supervised", "supervised", _RULE)
    if prescription.replaces_hash is not None:
        yield Violation("replaces_hash", "stated", "none: it stands beside", _RULE)
    if prescription.new_course:
        yield Violation("new_course", "yes", "no: it charges none", _RULE)
    if prescription.replacement is not None:
        yield Violation("replacement", "stated", "none", _RULE)
    pulses, most = prescription.pulses_per_session, limits.titration["pulses_max"]
    if pulses > most:
        yield above("pulses_per_session", pulses, most, _RULE)
    yield from place_violations(prescription, prescription.threshold, "threshold")
    for index, part in enumerate(prescription.parts, start=1):
        yield from _part(part, f"parts[{index}]", limits)


def _part(part: Part, name: str, limits: AbsoluteLimits) -> Iterator[Violation]:
    pattern = part.pattern
    if pattern.kind is not PatternKind.SINGLE or pattern.pulses_per_train > 1:
        words = f"{pattern.kind.name.lower()}, {pattern.pulses_per_train} a train"
        yield Violation(f"{name}.pattern", words, "single pulses", _RULE)
    shortest_ms = limits.titration["pulse_spacing_s_min"] * 1000
    if part.trains > 1 and part.interval_ms < shortest_ms:
        yield below(f"{name}.interval_ms", part.interval_ms, shortest_ms, _RULE)
