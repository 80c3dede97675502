"""A phone that says nothing while a course runs: no record, no answer, no hold arrives."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

KEY = "silent"
DAY_MS = 86_400_000


def silent(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield once at the threshold, and again each time that the silence has doubled."""
    if not standing.treats or standing.heard_ms is None:
        return
    days = (standing.now_ms - standing.heard_ms) // DAY_MS
    if days >= thresholds.silent_days:
        cause = Cause(
            KEY,
            TODAY,
            f"Nothing heard for {days} days",
            (days // thresholds.silent_days).bit_length(),
        )
        yield Finding(cause, "Neither the phone nor the band can be seen or held from here.")
