"""Sites and care teams: who works in which, whose patient somebody is.

A patient of no team is every treating member's: a clinic without teams works as one team.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.people.models import Member
from cloud.people.service import is_here
from cloud.teams.models import Site, Team, TeamMember, TeamPatient

NAME_MAX = 80


@dataclass(frozen=True)
class TeamShown:
    """A team with its site's name and its members' names."""

    team: Team
    site: str
    members: tuple[Member, ...]
    patients: int


def add_site(session: Session, clinic_id: str, name: str, *, now_ms: int) -> Site:
    """Add a place where the clinic works."""
    site = Site(
        clinic_id=clinic_id, site_id=secrets.token_bytes(16), name=_name(name), created_ms=now_ms
    )
    session.add(site)
    session.flush()
    return site


def add_team(session: Session, clinic_id: str, site_id: bytes, name: str, *, now_ms: int) -> Team:
    """Add a team at a site."""
    if session.get(Site, (clinic_id, site_id)) is None:
        raise NotFound("There is no such site in your clinic.")
    team = Team(
        clinic_id=clinic_id,
        team_id=secrets.token_bytes(16),
        site_id=site_id,
        name=_name(name),
        created_ms=now_ms,
    )
    session.add(team)
    session.flush()
    return team


def team_of(session: Session, clinic_id: str, team_id: bytes) -> Team:
    """Return the clinic's team; raise NotFound."""
    team = session.get(Team, (clinic_id, team_id))
    if team is None:
        raise NotFound("There is no such team in your clinic.")
    return team


def join(session: Session, team: Team, staff_id: bytes) -> None:
    """Let a member into a team; one who is in it stays in it."""
    if not is_here(session, team.clinic_id, staff_id):
        raise NotFound("There is no such member in your clinic.")
    if session.get(TeamMember, (team.clinic_id, team.team_id, staff_id)) is None:
        session.add(TeamMember(clinic_id=team.clinic_id, team_id=team.team_id, staff_id=staff_id))
        session.flush()


def leave_team(session: Session, team: Team, staff_id: bytes) -> None:
    """Take a member out of a team."""
    session.execute(
        delete(TeamMember).where(
            TeamMember.clinic_id == team.clinic_id,
            TeamMember.team_id == team.team_id,
            TeamMember.staff_id == staff_id,
        )
    )


def leave_all_teams(session: Session, clinic_id: str, staff_id: bytes) -> None:
    """Take a member out of every team."""
    session.execute(
        delete(TeamMember).where(TeamMember.clinic_id == clinic_id, TeamMember.staff_id == staff_id)
    )


def assign(session: Session, clinic_id: str, patient_id: bytes, teams: Collection[bytes]) -> None:
    """Make a patient that of these teams and of no other; of none is everybody's."""
    for team_id in teams:
        team_of(session, clinic_id, team_id)
    session.execute(
        delete(TeamPatient).where(
            TeamPatient.clinic_id == clinic_id, TeamPatient.patient_id == patient_id
        )
    )
    for team_id in dict.fromkeys(teams):
        session.add(TeamPatient(clinic_id=clinic_id, team_id=team_id, patient_id=patient_id))
    session.flush()


def teams_of_member(session: Session, clinic_id: str, staff_id: bytes) -> frozenset[bytes]:
    """Return the ids of a member's teams."""
    return frozenset(
        session.scalars(
            select(TeamMember.team_id).where(
                TeamMember.clinic_id == clinic_id, TeamMember.staff_id == staff_id
            )
        )
    )


def teams_of_patient(session: Session, clinic_id: str, patient_id: bytes) -> frozenset[bytes]:
    """Return the ids of a patient's teams."""
    return frozenset(
        session.scalars(
            select(TeamPatient.team_id).where(
                TeamPatient.clinic_id == clinic_id, TeamPatient.patient_id == patient_id
            )
        )
    )


def members_of(session: Session, clinic_id: str, teams: Collection[bytes]) -> frozenset[bytes]:
    """Return the ids of who is in any of these teams."""
    return frozenset(
        session.scalars(
            select(TeamMember.staff_id).where(
                TeamMember.clinic_id == clinic_id, TeamMember.team_id.in_(teams)
            )
        )
    )


def teams_of_members(
    session: Session, clinic_id: str, staff: Collection[bytes]
) -> frozenset[bytes]:
    """Return the ids of the teams in which any of these members works."""
    return frozenset(
        session.scalars(
            select(TeamMember.team_id).where(
                TeamMember.clinic_id == clinic_id, TeamMember.staff_id.in_(staff)
            )
        )
    )


def patients_of_others(
    session: Session, clinic_id: str, teams: Collection[bytes], *, among: Collection[bytes]
) -> frozenset[bytes]:
    """Return the patients who are in some team ``among`` these, and in none of ``teams``."""
    rows = session.execute(
        select(TeamPatient.patient_id, TeamPatient.team_id).where(
            TeamPatient.clinic_id == clinic_id
        )
    ).all()
    assigned = {patient_id for patient_id, team_id in rows if team_id in among}
    return frozenset(assigned - {patient_id for patient_id, team_id in rows if team_id in teams})


def sites_of(session: Session, clinic_id: str) -> tuple[Site, ...]:
    """Return the clinic's sites by name."""
    found = session.scalars(select(Site).where(Site.clinic_id == clinic_id).order_by(Site.name))
    return tuple(found)


def all_teams(session: Session, clinic_id: str) -> tuple[TeamShown, ...]:
    """Return the clinic's teams by name, with who is in them."""
    sites = {site.site_id: site.name for site in sites_of(session, clinic_id)}
    staff = {
        member.staff_id: member
        for member in session.scalars(select(Member).where(Member.clinic_id == clinic_id))
    }
    inside = session.scalars(select(TeamMember).where(TeamMember.clinic_id == clinic_id)).all()
    treated = session.scalars(select(TeamPatient).where(TeamPatient.clinic_id == clinic_id)).all()
    teams = session.scalars(select(Team).where(Team.clinic_id == clinic_id).order_by(Team.name))
    return tuple(
        TeamShown(
            team,
            sites[team.site_id],
            tuple(
                sorted(
                    (staff[each.staff_id] for each in inside if each.team_id == team.team_id),
                    key=lambda member: member.name,
                )
            ),
            sum(each.team_id == team.team_id for each in treated),
        )
        for team in teams
    )


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise Refused("A name has 1 to {most} characters.", code="name", most=NAME_MAX)
    return name
