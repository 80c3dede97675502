"""A check-in that the clinic wants and that doesn't come: who doesn't answer isn't seen."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

KEY = "unanswered"
DAY_MS = 86_400_000


def unanswered(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield for the check-in that is latest, and again each time that it is late twice as long."""
    if not standing.treats or not standing.checkins:
        return
    latest = min(standing.checkins, key=lambda each: each.due_ms)
    late = (standing.now_ms - latest.due_ms) // DAY_MS
    if late >= thresholds.checkin_late_days:
        days = (standing.now_ms - latest.last_ms) // DAY_MS
        value = (late // thresholds.checkin_late_days).bit_length()
        cause = Cause(KEY, TODAY, f"{latest.title}: not answered for {days} days", value)
        yield Finding(cause, "Whether it has grown worse isn't known.")
