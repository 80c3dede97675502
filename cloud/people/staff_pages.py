"""The staff page: who is here, inviting, signing out everywhere, and closing an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.errors import CloudError, Refused
from cloud.leave.presence import Presence
from cloud.people import recovery, staff
from cloud.people.authority import Act, Role
from cloud.people.service import Person, add_member, invite
from cloud.people.watched import administrator_invited
from cloud.training.course import course
from cloud.training.service import finished_by

INVITED_ROLES = tuple(role for role in Role if role is not Role.CAREGIVER)
LETTERS_MAX = 64
router = APIRouter()


@router.get("/staff", dependencies=[reading(Act.READ_STAFF)])
def staff_page(dashboard: Parts, person: Acting, q: str = "") -> Response:
    """The clinic's staff, or who a search finds of it."""
    return _page(dashboard, person, searched=" ".join(q.split())[:LETTERS_MAX])


@router.post("/staff", dependencies=[sending(Act.INVITE)])
def invite_member(
    dashboard: Parts,
    person: Acting,
    name: Annotated[str, Form()] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Add a member and show the one-time link."""
    now_ms = dashboard.clock.wall_ms()
    try:
        roles = _roles(role or [])
        with dashboard.database.write(person.clinic_id) as session:
            member = add_member(session, person.clinic_id, name, *roles, now_ms=now_ms)
            if Role.ADMINISTRATOR in roles:
                administrator_invited(session, member, now_ms=now_ms)
            token = invite(session, member, now_ms=now_ms)
            dashboard.note(session, person, "invited a member", f"staff/{member.staff_id.hex()}")
    except CloudError as problem:
        return _page(dashboard, person, problem=problem.said())
    link = f"{dashboard.settings.origin}/invitations/{token}"
    return _page(dashboard, person, link=link, invited=member.name)


@router.post("/staff/{member}/sign-ins/end", dependencies=[sending(Act.END_SIGN_INS)])
def end_sign_ins(dashboard: Parts, person: Acting, member: str) -> Response:
    """Sign a member out everywhere, and void the invitations that are still open for them."""
    with dashboard.database.write(person.clinic_id) as session:
        found = staff.member_of(session, person.clinic_id, identifier(member))
        staff.end_sign_ins(session, found)
        staff.void_invitations(session, found, now_ms=dashboard.clock.wall_ms())
        subject = f"staff/{found.staff_id.hex()}"
        dashboard.note(session, person, "ended a member's sign-ins", subject)
    return RedirectResponse("/staff", status_code=303)


@router.post("/staff/{member}/left", dependencies=[sending(Act.CLOSE_ACCOUNT)])
def close_account(dashboard: Parts, person: Acting, member: str) -> Response:
    """Close the account of who has left the clinic."""
    with dashboard.database.write(person.clinic_id) as session:
        found = staff.member_of(session, person.clinic_id, identifier(member))
        staff.has_left(session, found, by=person.staff_id, now_ms=dashboard.clock.wall_ms())
        dashboard.note(session, person, "closed an account", f"staff/{found.staff_id.hex()}")
    return RedirectResponse("/staff", status_code=303)


@router.post("/staff/{member}/recovery", dependencies=[sending(Act.RECOVER)])
def ask_recovery(dashboard: Parts, person: Acting, member: str) -> Response:
    """Ask that a member who lost every passkey gets a fresh invitation."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = staff.member_of(session, person.clinic_id, identifier(member))
        recovery.ask(session, found, by=person.staff_id, now_ms=now_ms)
        dashboard.note(session, person, "asked for a recovery", f"staff/{found.staff_id.hex()}")
    return RedirectResponse("/staff", status_code=303)


@router.post("/staff/{member}/recovery/confirm", dependencies=[sending(Act.RECOVER)])
def confirm_recovery(dashboard: Parts, person: Acting, member: str) -> Response:
    """Confirm it as another administrator, and show the one-time link."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = staff.member_of(session, person.clinic_id, identifier(member))
        token = recovery.confirm(session, found, by=person.staff_id, now_ms=now_ms)
        dashboard.note(session, person, "confirmed a recovery", f"staff/{found.staff_id.hex()}")
    link = f"{dashboard.settings.origin}/invitations/{token}"
    return _page(dashboard, person, link=link, invited=found.name)


def _roles(values: list[str]) -> tuple[Role, ...]:
    try:
        roles = tuple(Role(value) for value in values)
    except ValueError as problem:
        raise Refused("Choose the roles from the list.", code="role") from problem
    if Role.CAREGIVER in roles:
        raise Refused("A caregiver is invited by the patient's consent.", code="role")
    return roles


def _page(
    dashboard: Dashboard,
    person: Person,
    *,
    problem: str | None = None,
    link: str | None = None,
    invited: str = "",
    searched: str = "",
) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        now_ms = dashboard.clock.wall_ms()
        members = staff.all_staff(session, person.clinic_id, now_ms=now_ms)
        signs = Presence(session, person.clinic_id, dashboard.times, now_ms=now_ms).signs()
        trained = finished_by(session, person.clinic_id)
        waiting = {
            each.member.staff_id: found.asked_by
            for each in members
            if (found := recovery.open_recovery(session, each.member, now_ms=now_ms))
        }
    page = dashboard.page(
        "staff.html",
        person,
        members=[
            each
            for each in members
            if not searched or each.says(searched, signs.get(each.member.staff_id, ()))
        ],
        count=len(members),
        working=sum(each.member.left_ms is None for each in members),
        searched=searched,
        signs=signs,
        trained=trained,
        course=course(),
        waiting=waiting,
        roles=INVITED_ROLES,
        problem=problem,
        link=link,
        invited=invited,
    )
    page.status_code = 200 if problem is None else 422
    return page
