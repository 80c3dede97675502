"""Who works in the made-up clinic: prescribers with passkeys, nurses, an administrator."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.clinics.certificates import add_certificate
from cloud.clinics.service import clinic_of
from cloud.demo_data.passkey import DemoPasskey
from cloud.demo_data.place import Place, Prescriber
from cloud.people.authority import Role
from cloud.people.service import add_member, invite
from cloud.teams.service import add_site, add_team, all_teams, join
from cloud.training.service import finish_all

PRESCRIBERS = ("Prescriber One", "Prescriber Two", "Prescriber Three")
LEAVER = "Prescriber Four, who left"
OTHERS = (
    ("Nurse One", Role.CARE_TEAM),
    ("Nurse Two", Role.CARE_TEAM),
    ("Administrator One", Role.ADMINISTRATOR),
    ("Auditor One", Role.AUDITOR),
)
SITES = ("North", "South")
VISITOR = "Visitor One"


def hire(session: Session, place: Place, *, now_ms: int) -> None:
    """Add the staff, two sites with a team each, and who works where."""
    clinic_id = place.clinic_id
    teams = []
    for name in SITES:
        site = add_site(session, clinic_id, f"{name} site", now_ms=now_ms)
        teams.append(add_team(session, clinic_id, site.site_id, f"{name} team", now_ms=now_ms))
    place.teams = [team.team_id for team in teams]
    for number, name in enumerate((*PRESCRIBERS, LEAVER)):
        roles = (Role.PRESCRIBER, Role.ADMINISTRATOR) if number == 0 else (Role.PRESCRIBER,)
        member = add_member(session, clinic_id, name, *roles, now_ms=now_ms)
        finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
        passkey = _certified(session, place, name, number, now_ms=now_ms)
        place.prescribers.append(Prescriber(member.staff_id, passkey))
        for team in teams:
            join(session, team, member.staff_id)
    for number, (name, role) in enumerate(OTHERS):
        member = add_member(session, clinic_id, name, role, now_ms=now_ms)
        finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
        if role is Role.CARE_TEAM:
            join(session, teams[number % len(teams)], member.staff_id)


def visitor(session: Session, clinic_id: str, *, now_ms: int) -> str:
    """Invite whoever looks at the demonstration, of every team; return the invitation's token."""
    roles = (Role.PRESCRIBER, Role.ADMINISTRATOR)
    member = add_member(session, clinic_id, VISITOR, *roles, now_ms=now_ms)
    finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
    for shown in all_teams(session, clinic_id):
        join(session, shown.team, member.staff_id)
    return invite(session, member, now_ms=now_ms)


def _certified(
    session: Session, place: Place, name: str, number: int, *, now_ms: int
) -> DemoPasskey:
    key, credential_id = place.chance.of(f"passkey/{number}").key(), f"demo-{number}".encode()
    clinic = place.identity.clinic
    envelope = place.identity.certify_staff(key, name, credential_id)
    add_certificate(session, clinic_of(session, clinic.clinic_id), envelope, now_ms=now_ms)
    return DemoPasskey(key, credential_id, clinic.desk_rp_id, clinic.desk_origin)
