"""Sessions missed of late: what counts as missed is `shared.dose.course_days`' to say."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

KEY = "missed"


def missed(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield once each time as many again were missed."""
    if not standing.treats or standing.course is None:
        return
    count = standing.course.missed
    times = count // thresholds.missed_sessions
    if times:
        days = thresholds.missed_within_days
        cause = Cause(KEY, TODAY, f"{count} sessions missed", times)
        yield Finding(cause, f"In the last {days} days. Ask what stands in the way.")
