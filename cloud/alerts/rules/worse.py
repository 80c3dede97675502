"""A symptom that grew worse by a reliable change: the points, or percent, of the instrument's own
source (shared/instruments/forms, each with its provenance). An instrument without one never tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Answered, EarlierScore
from cloud.alerts.findings import TODAY, Cause, Finding, nothing
from shared.instruments.change import is_worse

APART_MS = 6 * 86_400_000
"""Compared with the newest score at least so long ago, so that daily scores are seen over a week
and weekly ones with the one before (own choice)."""


def worse(answered: Answered) -> Iterator[Finding]:
    """Yield whether the score is worse than about a week ago, or than the first of all."""
    score = answered.score
    if score is None or answered.form.change.points is None:
        return
    key = f"worse/{answered.form.id}"
    found = [
        before
        for before in _references(answered)
        if is_worse(answered.form, before.total, score.total)
    ]
    if not found:
        yield nothing(key)
        return
    before = min(found, key=lambda each: each.total)
    points = score.total - before.total
    label = f" {score.label.capitalize()}." if answered.own_words else ""
    since = "at the first check-in" if before == answered.earlier[0] else "a week before"
    cause = Cause(key, TODAY, f"Score worse by {points}", score.total)
    reason = f"{answered.form.title}: {score.total}, and {before.total} {since}.{label}"
    yield Finding(cause, reason)


def _references(answered: Answered) -> Iterator[EarlierScore]:
    if not answered.earlier:
        return
    yield answered.earlier[0]
    apart = [e for e in answered.earlier if e.answered_ms <= answered.answered_ms - APART_MS]
    if apart:
        yield apart[-1]
