"""The address at which the desk is handed what is to be signed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.clinics.service import clinic_of
from cloud.prescriptions.service import ToSign, desk_request
from cloud.settings import Settings


def desk_link(
    session: Session, settings: Settings, clinic_id: str, statements: Sequence[ToSign]
) -> str:
    """Return the desk's address with the request in its fragment, which no server sees."""
    request = desk_request(session, clinic_id, statements, f"{settings.origin}/desk-return")
    desk = settings.desk_origin or clinic_of(session, clinic_id).desk_origin
    return f"{desk}/#request={request}"
