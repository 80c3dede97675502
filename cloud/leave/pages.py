"""The leave page: one's own leave, and the hand-overs that wait for one's word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.errors import CloudError, Refused
from cloud.leave import service
from cloud.leave.routing import treating_members
from cloud.people import staff
from cloud.people.authority import Act
from cloud.people.service import Person

router = APIRouter()


@router.get("/leave", dependencies=[reading(Act.OWN_LEAVE)])
def leave_page(dashboard: Parts, person: Acting) -> Response:
    """The person's leave and who asks them to stand in."""
    return _page(dashboard, person)


@router.post("/leave", dependencies=[sending(Act.OWN_LEAVE)])
def plan(
    dashboard: Parts,
    person: Acting,
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
    stand_in: Annotated[str, Form()] = "",
) -> Response:
    """Plan a leave, from the first day to the last, both included."""
    try:
        days = _days(first, last)
        asked = service.Plan(
            person.staff_id,
            identifier(stand_in),
            dashboard.times.begins(days[0]),
            dashboard.times.begins(days[1] + timedelta(days=1)),
        )
        with dashboard.database.write(person.clinic_id) as session:
            leave = service.plan(session, person.clinic_id, asked, now_ms=dashboard.clock.wall_ms())
            dashboard.note(session, person, "planned a leave", f"leave/{leave.leave_id.hex()}")
    except CloudError as problem:
        return _page(dashboard, person, problem=problem.said())
    return RedirectResponse("/leave", status_code=303)


@router.post("/leave/{leave}/accept", dependencies=[sending(Act.OWN_LEAVE)])
def accept(dashboard: Parts, person: Acting, leave: str) -> Response:
    """Take a hand-over on."""
    with dashboard.database.write(person.clinic_id) as session:
        found = service.accept(
            session,
            person.clinic_id,
            identifier(leave),
            person.staff_id,
            now_ms=dashboard.clock.wall_ms(),
        )
        dashboard.note(session, person, "accepted a hand-over", f"leave/{found.leave_id.hex()}")
    return RedirectResponse("/leave", status_code=303)


@router.post("/leave/{leave}/end", dependencies=[sending(Act.OWN_LEAVE)])
def end(dashboard: Parts, person: Acting, leave: str) -> Response:
    """Call the own leave off, or come back early."""
    leave_id = identifier(leave)
    with dashboard.database.write(person.clinic_id) as session:
        service.end(
            session, person.clinic_id, leave_id, person.staff_id, now_ms=dashboard.clock.wall_ms()
        )
        dashboard.note(session, person, "ended a leave", f"leave/{leave_id.hex()}")
    return RedirectResponse("/leave", status_code=303)


def _days(first: str, last: str) -> tuple[date, date]:
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as problem:
        raise Refused("Give the first and the last day of the leave.", code="first") from problem


def _page(dashboard: Dashboard, person: Person, *, problem: str | None = None) -> Response:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        leaves = service.leaves_about(session, person.clinic_id, person.staff_id, now_ms=now_ms)
        ids = treating_members(session, person.clinic_id) | {
            each for leave in leaves for each in (leave.staff_id, leave.stand_in_id)
        }
        names = {each: staff.member_of(session, person.clinic_id, each).name for each in ids}
    today = dashboard.times.day(now_ms)
    shown = [
        (
            leave,
            dashboard.times.day_said(dashboard.times.day(leave.from_ms), today),
            dashboard.times.day_said(dashboard.times.day(leave.until_ms - 1), today),
        )
        for leave in leaves
    ]
    page = dashboard.page(
        "leave.html",
        person,
        mine=[each for each in shown if each[0].staff_id == person.staff_id],
        asked=[each for each in shown if each[0].stand_in_id == person.staff_id],
        names=names,
        colleagues=sorted(
            ((name, each.hex()) for each, name in names.items() if each != person.staff_id),
        ),
        today=today.isoformat(),
        problem=problem,
    )
    page.status_code = 200 if problem is None else 422
    return page
