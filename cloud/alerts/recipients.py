"""Who is told of an alert: by the rota, and by whom it was handed to."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.alerts.models import Alert
from cloud.channels.models import Channel
from cloud.oncall.ladder import EVERYBODY, FIRST, SECOND
from cloud.oncall.rota import Turn, on_call


def told(
    alert: Alert, rung: int, turns: Sequence[Turn], channels: Sequence[Channel], minute: int
) -> tuple[bytes, ...]:
    """Return the members to tell at a rung, at a minute of the week.

    A rung on which nobody can be reached passes on to the next. Whom the alert was handed to is
    told beside those of the rung, until somebody acknowledges.
    """
    reachable = {channel.staff_id for channel in channels}
    handed = () if alert.handed_to is None else (alert.handed_to,)
    for level in range(rung, EVERYBODY + 1):
        found = _of_rung(level, turns, channels, minute)
        if reachable & set(found):
            return tuple(dict.fromkeys((*handed, *found)))
    return handed


def _of_rung(
    rung: int, turns: Sequence[Turn], channels: Sequence[Channel], minute: int
) -> tuple[bytes, ...]:
    if rung in (FIRST, SECOND):
        return on_call(turns, rung, minute)
    return tuple(dict.fromkeys(channel.staff_id for channel in channels))
