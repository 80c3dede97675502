"""A course that ends, or a prescription that ends before it."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Standing
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

COURSE, PRESCRIPTION = "course", "prescription"
DAY_S = 86_400
DONE_DAYS = 14
"""So long a course that is done, or a prescription that has ended, is told; then its patient is out
of treatment (own choice)."""


def course(standing: Standing, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield when few sessions are left, when none is, and when the plan ends before they are."""
    if standing.plan is None or standing.course is None:
        return
    left = standing.course.left
    if left == 0:
        yield from _done(standing)
        return
    if left <= thresholds.sessions_left:
        cause = Cause(COURSE, TODAY, "The course is about to end", 1)
        words = "1 session is left" if left == 1 else f"{left} sessions are left"
        yield Finding(cause, f"{words}. Decide what follows.")
    left_s = standing.plan.not_after_s - standing.now_ms // 1000
    if left_s <= -DONE_DAYS * DAY_S:
        return
    if left_s <= 0:
        cause = Cause(PRESCRIPTION, TODAY, "The prescription has ended", 2)
        yield Finding(cause, f"With {left} sessions left. The band treats by a new one only.")
    elif left_s <= thresholds.prescription_days * DAY_S:
        cause = Cause(PRESCRIPTION, TODAY, "The prescription is about to end", 1)
        yield Finding(cause, f"In {max(1, left_s // DAY_S)} days, with {left} sessions left.")


def _done(standing: Standing) -> Iterator[Finding]:
    done_ms = standing.course.done_ms if standing.course is not None else None
    if done_ms is not None and standing.now_ms - done_ms < DONE_DAYS * DAY_S * 1000:
        yield Finding(Cause(COURSE, TODAY, "The course is done", 2), "Decide what follows.")
