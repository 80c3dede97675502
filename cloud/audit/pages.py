"""The audit page: who did what, whether the log is whole, and the log as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from cloud.audit.export import lines_of
from cloud.audit.heads import newest_head, newest_holds
from cloud.audit.reading import Wanted, entries, members
from cloud.audit.service import first_unlinked
from cloud.clinics.service import is_made_up
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.people.authority import Act, reach

router = APIRouter()
PAGE = 100
"""Events on a page."""
NUMBER_MAX = 2**53
IDENTIFIER = "^([0-9a-f]{32})?$"
"""Sixteen bytes in hexadecimal, or nothing."""


class AuditFile(StreamingResponse):
    """The log as lines of JSON."""

    media_type = "application/jsonl"


@router.get("/audit", dependencies=[reading(Act.READ_AUDIT)])
def audit_page(
    dashboard: Parts,
    person: Acting,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    by: Annotated[str, Query(pattern=IDENTIFIER)] = "",
    patient: Annotated[str, Query(pattern=IDENTIFIER)] = "",
) -> Response:
    """A page of events, the newest or those ``before`` a number, and whether they hang together.

    ``by`` a member or about a ``patient`` alone, if asked: what is left out then can't be seen to
    hang together. The whole log is walked by `circlet-cloud verify`, and by the verifier of its
    file.
    """
    dashboard.audit(person, "read the log", "audit")
    wanted = Wanted(identifier(by), identifier(patient))
    with dashboard.database.read(person.clinic_id) as session:
        events = entries(session, person.clinic_id, PAGE, wanted, before=before)
        last, first = (events[0].number, events[-1].number) if events else (0, 1)
        broken = None if wanted else first_unlinked(session, person.clinic_id, first, last)
        more = bool(events) and bool(
            entries(session, person.clinic_id, 1, wanted, before=events[-1].number)
        )
        head = newest_head(session, person.clinic_id)
        holds = newest_holds(session, person.clinic_id)
        everybody = members(session, person.clinic_id)
    return dashboard.page(
        "audit.html",
        person,
        events=events,
        first=first,
        last=last,
        before=before,
        more=more,
        wanted={name: value for name, value in (("by", by), ("patient", patient)) if value},
        everybody=everybody,
        broken=broken,
        head=head,
        head_holds=holds,
        exports=reach(person.roles, Act.EXPORT_AUDIT),
    )


@router.post(
    "/audit/export",
    response_class=AuditFile,
    dependencies=[sending(Act.EXPORT_AUDIT)],
)
def export(dashboard: Parts, person: Sending) -> Response:
    """The whole log as a file for `circlet-verify audit`; that it was taken is in it."""
    dashboard.audit(person, "exported the log", "audit")
    with dashboard.database.read(person.clinic_id) as session:
        made_up = "made-up-" if is_made_up(session, person.clinic_id) else ""
    name = f"{made_up}circlet-audit-{person.clinic_id}.jsonl"
    return AuditFile(
        lines_of(dashboard.database, person.clinic_id),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
