"""Who is told of a patient now: the patient's teams, with who is away replaced by who took over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from cloud.leave import service as leave
from cloud.leave.models import Leave
from cloud.people.authority import Act
from cloud.people.service import members_who
from cloud.teams.service import members_of, teams_of_members, teams_of_patient


def routing(
    session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int
) -> tuple[bytes, ...]:
    """Return the ids of who is told of this patient; never none while anybody treats here."""
    treating = treating_members(session, clinic_id)
    teams = teams_of_patient(session, clinic_id, patient_id)
    own = treating & members_of(session, clinic_id, teams) if teams else treating
    return with_stand_ins(session, clinic_id, own or treating, now_ms=now_ms)


def with_stand_ins(
    session: Session, clinic_id: str, staff: Collection[bytes], *, now_ms: int
) -> tuple[bytes, ...]:
    """Return these members, each on leave replaced: by both until accepted, then by the stand-in.

    A stand-in who is away is replaced in turn; where that comes to nobody, all of them are told.
    """
    treating = treating_members(session, clinic_id)
    away = {each.staff_id: each for each in leave.current(session, clinic_id, now_ms=now_ms)}
    told: set[bytes] = set()
    for member in staff:
        told |= _stand_ins(member, away)
    told &= treating
    return tuple(sorted(told or set(staff)))


def treating_members(session: Session, clinic_id: str) -> frozenset[bytes]:
    """Return the ids of who is here and may open a patient's page."""
    return members_who(session, clinic_id, Act.READ_PATIENT)


def staffed_teams(session: Session, clinic_id: str) -> frozenset[bytes]:
    """Return the teams in which a treating member who is here works."""
    return teams_of_members(session, clinic_id, treating_members(session, clinic_id))


def _stand_ins(member: bytes, away: dict[bytes, Leave]) -> set[bytes]:
    told: set[bytes] = set()
    seen: set[bytes] = set()
    todo = [member]
    while todo:
        each = todo.pop()
        if each in seen:
            continue
        seen.add(each)
        found = away.get(each)
        if found is None or found.accepted_ms is None:
            told.add(each)
        if found is not None:
            todo.append(found.stand_in_id)
    return told or seen
