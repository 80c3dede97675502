"""A course that goes on from another device (R24)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import Violation, above, below
from shared.dose.prescription import Prescription, PrescriptionKind, Replacement

_RULE = "R24"
_FULL = {
    "day_pulses": "pulses_per_day_window",
    "day_sessions": "sessions_per_day_window",
    "week_pulses": "pulses_per_week",
    "week_sessions": "sessions_per_week",
}


def replacement_violations(prescription: Prescription) -> Iterator[Violation]:
    """Yield a replacement that's missing, out of place, or counts too little."""
    given = prescription.replacement
    expected = prescription.kind is PrescriptionKind.REPLACEMENT
    if (given is not None) is not expected:
        value, limit = ("none", "stated") if expected else ("stated", "none")
        yield Violation("replacement", value, limit, _RULE)
    if given is None:
        return
    if given.old_device_id == prescription.device_id:
        old = given.old_device_id.hex()
        yield Violation("replacement.old_device_id", old, "another device", _RULE)
    yield from _opening(prescription, given)


def _opening(prescription: Prescription, given: Replacement) -> Iterator[Violation]:
    name, opening = "replacement.opening", given.opening
    if opening.course_completed > opening.course_sessions:
        done, begun = opening.course_completed, opening.course_sessions
        yield above(f"{name}.course_completed", done, begun, _RULE)
    if given.final_head_hash is not None:
        return
    unseen = "the most that the old device could have delivered (R24)"
    for field, limit in _FULL.items():
        value, full = getattr(opening, field), getattr(prescription.limits, limit)
        if value < full:
            yield below(f"{name}.{field}", value, full, unseen)
