"""A hold that somebody asked for and that isn't in force: until then the band may still treat."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import HoldFact, Standing
from cloud.alerts.findings import NOW, TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

MINUTE_MS = 60_000


def waits(hold_id: bytes) -> str:
    """Return the key of the alert's cause about this hold."""
    return f"hold-waits/{hold_id.hex()}"


def hold(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield for each such hold, first today and later now."""
    for each in standing.holds:
        minutes = (standing.now_ms - each.asked_ms) // MINUTE_MS
        if minutes < thresholds.hold_minutes:
            continue
        late = minutes >= thresholds.hold_now_hours * 60
        urgency, grade = (NOW, 2) if late else (TODAY, 1)
        cause = Cause(waits(each.hold_id), urgency, "A hold is not in force yet", grade)
        yield Finding(cause, f"{_where(each)} The band may still treat: call the patient.")


def _where(fact: HoldFact) -> str:
    if fact.on_phone_ms is None:
        return "It waits for the phone."
    return "It is on the phone and waits for the band."
