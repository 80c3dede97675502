"""Pages of sites and teams: keeping them, and whose patient somebody is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, identifier
from cloud.leave.presence import Presence
from cloud.leave.routing import treating_members
from cloud.patients.service import patient_of
from cloud.people.authority import Act
from cloud.people.staff import member_of
from cloud.teams import service

router = APIRouter()


@router.get("/teams", dependencies=[reading(Act.READ_TEAMS)])
def teams_page(dashboard: Parts, person: Acting, changed: str = "") -> Response:
    """Sites and teams; ``changed`` is the team whose members were changed just now."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        teams = service.all_teams(session, person.clinic_id)
        sites = service.sites_of(session, person.clinic_id)
        treating = treating_members(session, person.clinic_id)
        members = [member_of(session, person.clinic_id, each) for each in treating]
        presence = Presence(session, person.clinic_id, dashboard.times, now_ms=now_ms)
        signs, called = presence.signs(), presence.called()
    members.sort(key=lambda member: member.name)
    return dashboard.page(
        "teams.html",
        person,
        teams=teams,
        sites=sites,
        members=members,
        signs=signs,
        called=called,
        changed=changed,
    )


@router.post("/teams/sites", dependencies=[sending(Act.KEEP_TEAMS)])
def add_site(dashboard: Parts, person: Acting, name: Annotated[str, Form()] = "") -> Response:
    """Add a site."""
    with dashboard.database.write(person.clinic_id) as session:
        site = service.add_site(session, person.clinic_id, name, now_ms=dashboard.clock.wall_ms())
        dashboard.note(session, person, "added a site", f"site/{site.site_id.hex()}")
    return RedirectResponse("/teams", status_code=303)


@router.post("/teams", dependencies=[sending(Act.KEEP_TEAMS)])
def add_team(
    dashboard: Parts,
    person: Acting,
    name: Annotated[str, Form()] = "",
    site: Annotated[str, Form()] = "",
) -> Response:
    """Add a team."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        team = service.add_team(session, person.clinic_id, identifier(site), name, now_ms=now_ms)
        dashboard.note(session, person, "added a team", f"team/{team.team_id.hex()}")
    return RedirectResponse("/teams", status_code=303)


@router.post("/teams/{team}/members", dependencies=[sending(Act.KEEP_TEAMS)])
def join(
    dashboard: Parts, person: Acting, team: str, member: Annotated[str, Form()] = ""
) -> Response:
    """Let a member into a team."""
    with dashboard.database.write(person.clinic_id) as session:
        found = service.team_of(session, person.clinic_id, identifier(team))
        service.join(session, found, identifier(member))
        dashboard.note(session, person, "let a member into a team", f"team/{found.team_id.hex()}")
    return _back_to(found.team_id)


@router.post("/teams/{team}/members/{member}/out", dependencies=[sending(Act.KEEP_TEAMS)])
def leave(dashboard: Parts, person: Acting, team: str, member: str) -> Response:
    """Take a member out of a team."""
    with dashboard.database.write(person.clinic_id) as session:
        found = service.team_of(session, person.clinic_id, identifier(team))
        service.leave_team(session, found, identifier(member))
        dashboard.note(
            session, person, "took a member out of a team", f"team/{found.team_id.hex()}"
        )
    return _back_to(found.team_id)


@router.get("/patients/{patient}/teams", dependencies=[reading(Act.ASSIGN_PATIENT)])
def patient_teams_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """Whose patient this is."""
    with dashboard.database.read(person.clinic_id) as session:
        found = patient_of(session, person.clinic_id, identifier(patient))
        teams = service.all_teams(session, person.clinic_id)
        inside = service.teams_of_patient(session, person.clinic_id, found.patient_id)
    dashboard.audit(person, "read a patient", f"patient/{found.patient_id.hex()}")
    return dashboard.page(
        "patient_teams.html",
        person,
        patient=found,
        patient_id=found.patient_id.hex(),
        teams=teams,
        inside=inside,
    )


@router.post("/patients/{patient}/teams", dependencies=[sending(Act.ASSIGN_PATIENT)])
def assign_patient(
    dashboard: Parts,
    person: Acting,
    patient: str,
    team: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Give a patient to teams; the person may lose sight of them by it."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        service.assign(session, person.clinic_id, patient_id, [identifier(t) for t in team or []])
        dashboard.note(session, person, "gave a patient to teams", f"patient/{patient_id.hex()}")
    return RedirectResponse("/", status_code=303)


def _back_to(team_id: bytes) -> Response:
    """The page with this team's members still open, for the next change."""
    return RedirectResponse(f"/teams?changed={team_id.hex()}#team-{team_id.hex()}", status_code=303)
