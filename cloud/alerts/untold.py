"""Open alerts for now of which nobody was told, although "now" alerts rang."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW
from cloud.alerts.models import Alert
from cloud.channels.claims import SENT
from cloud.channels.models import Delivery
from cloud.channels.service import WAITS

UNREACHABLE = "unreachable"
"""The cause of the alert which says so of the others."""


def untold(session: Session, clinic_id: str) -> frozenset[bytes]:
    """Return the ids of the open alerts for now whose ladder has begun, and of which no message
    went out or still waits to."""
    return frozenset(
        session.scalars(
            select(Alert.alert_id).where(
                Alert.clinic_id == clinic_id,
                Alert.closed_ms.is_(None),
                Alert.urgency == NOW,
                Alert.cause != UNREACHABLE,
                Alert.step.is_not(None),
                ~_told(),
            )
        )
    )


def _told() -> ColumnElement[bool]:
    return (
        select(Delivery.alert_id)
        .where(
            Delivery.clinic_id == Alert.clinic_id,
            Delivery.alert_id == Alert.alert_id,
            Delivery.ended.in_((WAITS, SENT)),
        )
        .exists()
    )
