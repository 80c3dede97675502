"""A clearance that runs out: without word from the clinic the band treats no longer (R20)."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

KEY = "clearance"
HOUR_MS = 3_600_000


def clearance(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield before it ends and once more when it has ended.

    A plan whose clearances are short is told when a quarter of one is left.
    """
    if not standing.treats or standing.plan is None or standing.cleared_ms is None:
        return
    limit_ms = standing.plan.clearance_limit_s * 1000
    ends_ms = standing.cleared_ms + limit_ms
    if standing.clearance_key_ends_ms is not None:
        ends_ms = min(ends_ms, standing.clearance_key_ends_ms)
    left_ms = ends_ms - standing.now_ms
    if left_ms <= 0:
        cause = Cause(KEY, TODAY, "The clearance has run out", 2)
        yield Finding(cause, "The band treats again once its phone has met the clinic's server.")
    elif left_ms <= min(thresholds.clearance_hours * HOUR_MS, limit_ms // 4):
        cause = Cause(KEY, TODAY, "The clearance is running out", 1)
        hours = max(1, left_ms // HOUR_MS)
        yield Finding(cause, f"In {hours} h the band stops treating unless its phone gets word.")
