"""What came from a patient's phones of late: ids, kinds and times, never what was said."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.phones.models import ReceivedItem

BACK_MS = 90 * 86_400_000
"""As long as records and answers survive without a network."""
ITEMS_MAX = 2_000


def of_late(
    session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int
) -> tuple[ReceivedItem, ...]:
    """Return the items, the newest first."""
    found = session.scalars(
        select(ReceivedItem)
        .where(
            ReceivedItem.clinic_id == clinic_id,
            ReceivedItem.patient_id == patient_id,
            ReceivedItem.received_ms > now_ms - BACK_MS,
        )
        .order_by(ReceivedItem.received_ms.desc(), ReceivedItem.item_id)
        .limit(ITEMS_MAX)
    )
    return tuple(found)
