"""A motor threshold that ages: the dates are those that the prescriber signed (R14, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds
from shared.dose.prescription import ThresholdKind

KEY = "threshold"


def threshold(standing: Standing, _thresholds: Thresholds) -> Iterator[Finding]:
    """Yield from the signed warning on, and once more when the band locks by it."""
    if not standing.treats or standing.plan is None:
        return
    both = (standing.plan.threshold, standing.plan.second_threshold)
    dated = [each for each in both if each is not None and each.kind is not ThresholdKind.NONE]
    now_s = standing.now_ms // 1000
    if any(now_s >= each.lock_s for each in dated):
        cause = Cause(KEY, TODAY, "The motor threshold is too old", 2)
        yield Finding(cause, "The band treats again once it was measured and signed anew.")
    elif any(now_s >= each.warn_s for each in dated):
        days = max(1, (min(each.lock_s for each in dated) - now_s) // 86_400)
        cause = Cause(KEY, TODAY, "The motor threshold is to be measured again", 1)
        yield Finding(cause, f"In {days} {'day' if days == 1 else 'days'} the band locks by it.")
