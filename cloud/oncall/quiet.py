"""Quiet hours: what can wait, waits for their end; what is now, never does."""

from __future__ import annotations

from datetime import timedelta

from cloud.alerts.findings import NOW
from cloud.times import Times


def due_ms(urgency: str, quiet_from: int, quiet_to: int, times: Times, *, now_ms: int) -> int:
    """Return when a message of this urgency may go out; ends are minutes of the local day."""
    if urgency == NOW or quiet_from == quiet_to:
        return now_ms
    at = times.local(now_ms)
    minute = at.hour * 60 + at.minute
    inside = (
        quiet_from <= minute < quiet_to
        if quiet_from < quiet_to
        else minute >= quiet_from or minute < quiet_to
    )
    if not inside:
        return now_ms
    end = at.replace(hour=quiet_to // 60, minute=quiet_to % 60, second=0, microsecond=0)
    if end <= at:
        end += timedelta(days=1)
    return max(now_ms, int(end.timestamp() * 1000))
