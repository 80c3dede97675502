"""The address at which the desk is handed what is to be signed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.clinics.service import clinic_of
from cloud.people.service import Person
from cloud.prescriptions.service import ToSign, desk_request
from cloud.settings import Settings
from cloud.training.service import require_course


def desk_link(
    session: Session, settings: Settings, person: Person, statements: Sequence[ToSign]
) -> str:
    """Return the desk's address with the request in its fragment, which no server sees.

    It's the only way to the desk, so whoever never did the staff course is stopped here, whatever
    is to be signed: raise NotAllowed for them.
    """
    clinic_id = person.clinic_id
    require_course(session, clinic_id, person.staff_id)
    request = desk_request(session, clinic_id, statements, f"{settings.origin}/desk-return")
    desk = settings.desk_origin or clinic_of(session, clinic_id).desk_origin
    return f"{desk}/#request={request}"
