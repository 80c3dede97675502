"""Word from the clinic, beat, still-here and make-up (R9, R11, R20, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import DAY_S, OWN, Violation, above
from shared.dose.prescription import Prescription
from shared.stimulation.limits import AbsoluteLimits


def supervision_violations(
    prescription: Prescription, limits: AbsoluteLimits
) -> Iterator[Violation]:
    """Yield what may go on for longer than the caps allow."""
    caps = limits.caps
    allowed = {
        "beat_limit_ms": caps["beat_limit_s_max"] * 1000,
        "still_here_s": caps["still_here_spacing_s_max"],
        "clearance_limit_s": caps["clearance_days_max"] * DAY_S,
        "make_up_within_s": caps["make_up_within_h"] * 3600,
    }
    for field, most in allowed.items():
        value = getattr(prescription, field)
        if value is not None and value > most:
            yield above(field, value, most, OWN)
