"""The audit page: who did what, and whether the log is whole."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.audit.service import first_broken, newest
from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Parts
from cloud.people.authority import Act

router = APIRouter()


@router.get("/audit", dependencies=[reading(Act.READ_AUDIT)])
def audit_page(dashboard: Parts, person: Acting) -> Response:
    """The newest events, and the chain checked from the first."""
    with dashboard.database.read(person.clinic_id) as session:
        events = newest(session, person.clinic_id)
        broken = first_broken(session, person.clinic_id)
    return dashboard.page("audit.html", person, events=events, broken=broken)
