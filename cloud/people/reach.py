"""Which patients are a person's own: those of their teams, of who they stand in for, of no team.

A team counts while a treating member who is here works in it: else its patients are everybody's.

Whoever was told of a patient while on call reads and acknowledges, and does nothing else with them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.channels.claims import SENT
from cloud.channels.models import Channel, Delivery
from cloud.errors import NotFound
from cloud.language import mark
from cloud.leave.routing import staffed_teams
from cloud.leave.service import taken_over
from cloud.patients.models import Patient
from cloud.people.authority import Act, Reach, reach
from cloud.people.service import Person
from cloud.teams.service import patients_of_others, teams_of_member, teams_of_patient

TOLD_MS = 3 * 86_400_000
"""So long whoever was told of a patient, by rota or by hand, may open their page."""
TOLD_ACTS = frozenset(
    {
        Act.READ_PATIENT,
        Act.ACKNOWLEDGE,
        Act.NOTE_CALL,
        Act.READ_SESSION_LOGS,
        Act.READ_REPORT,
    }
)
"""What being told of a patient allows; asking for a hold reaches the whole clinic anyhow."""
UNKNOWN = mark("There is no such patient in your clinic.")


def require_patient(
    session: Session, person: Person, patient_id: bytes, act: Act, *, now_ms: int
) -> None:
    """Raise the one NotFound for a patient of another clinic, of nobody, or out of reach."""
    known = session.get(Patient, (person.clinic_id, patient_id)) is not None
    if not reaches(session, person, patient_id, act, now_ms=now_ms) or not known:
        raise NotFound(UNKNOWN)


def reaches(session: Session, person: Person, patient_id: bytes, act: Act, *, now_ms: int) -> bool:
    """Return whether the person reaches a patient of this id in this act."""
    allowed = reach(person.roles, act)
    teams = teams_of_patient(session, person.clinic_id, patient_id)
    own = _teams(session, person, act, now_ms=now_ms)
    told = _told_of(session, person, act, now_ms=now_ms)
    if allowed is not Reach.OWN:
        return bool(allowed)
    staffed = staffed_teams(session, person.clinic_id)
    return not teams & staffed or bool(teams & own) or patient_id in told


def within_reach(
    session: Session, person: Person, patients: Sequence[Patient], act: Act, *, now_ms: int
) -> tuple[Patient, ...]:
    """Return those of the patients whom the person reaches in this act."""
    ids = [each.patient_id for each in patients]
    within = ids_within_reach(session, person, ids, act, now_ms=now_ms)
    return tuple(patient for patient in patients if patient.patient_id in within)


def ids_within_reach(
    session: Session, person: Person, patients: Collection[bytes], act: Act, *, now_ms: int
) -> frozenset[bytes]:
    """Return those of the patients, by id, whom the person reaches in this act."""
    allowed = reach(person.roles, act)
    if allowed is not Reach.OWN:
        return frozenset(patients) if allowed else frozenset()
    staffed = staffed_teams(session, person.clinic_id)
    if not staffed:
        return frozenset(patients)
    own = _teams(session, person, act, now_ms=now_ms)
    hidden = patients_of_others(session, person.clinic_id, own, among=staffed)
    hidden -= _told_of(session, person, act, now_ms=now_ms)
    return frozenset(patients) - hidden


def _teams(session: Session, person: Person, act: Act, *, now_ms: int) -> frozenset[bytes]:
    """Return the person's teams and, unless a patient is given away, of who they stand in for."""
    away = taken_over(session, person.clinic_id, person.staff_id, now_ms=now_ms)
    teams = teams_of_member(session, person.clinic_id, person.staff_id)
    for staff_id in away if act is not Act.ASSIGN_PATIENT else ():
        teams |= teams_of_member(session, person.clinic_id, staff_id)
    return teams


def _told_of(session: Session, person: Person, act: Act, *, now_ms: int) -> frozenset[bytes]:
    """Return the patients of alerts that reached this person of late, for acts that this allows."""
    if act not in TOLD_ACTS:
        return frozenset()
    since_ms = now_ms - TOLD_MS
    rung = (
        select(Alert.patient_id)
        .join(
            Delivery,
            (Delivery.clinic_id == Alert.clinic_id) & (Delivery.alert_id == Alert.alert_id),
        )
        .join(
            Channel,
            (Channel.clinic_id == Delivery.clinic_id) & (Channel.channel_id == Delivery.channel_id),
        )
        .where(Alert.clinic_id == person.clinic_id, Channel.staff_id == person.staff_id)
        .where(Delivery.due_ms >= since_ms, Delivery.ended == SENT)
    )
    handed = select(Alert.patient_id).where(
        Alert.clinic_id == person.clinic_id,
        Alert.handed_to == person.staff_id,
        Alert.handed_ms >= since_ms,
    )
    found = {*session.scalars(rung), *session.scalars(handed)}
    return frozenset(each for each in found if each is not None)
