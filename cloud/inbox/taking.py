"""Taking an alert on oneself: "I look after it", for one step of the ladder."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.errors import Refused


def take_over(session: Session, alert: Alert, *, by: bytes, now_ms: int) -> None:
    """Take an open alert on oneself: the ladder begins anew, and its next step is a step away.

    It stays open until it's acknowledged; raise Refused for one that is closed or in these hands.
    """
    if alert.closed_ms is not None:
        raise Refused("This alert was acknowledged already.", code="closed")
    if alert.handed_to == by:
        raise Refused("You have this alert already. Acknowledge it when it's seen to.", code="self")
    alert.handed_to, alert.handed_ms, alert.step = by, now_ms, 0
    session.flush()
