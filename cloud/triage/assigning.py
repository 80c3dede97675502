"""Whose task a patient on the list is: one, or many handed to a colleague in one step.

It says who sees to a patient. Who is rung for an alert stays with the rota and with who was handed
that very alert (`cloud.alerts.escalating`), and who may open the patient with the teams.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.leave.routing import treating_members
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.people.models import Member
from cloud.people.reach import UNKNOWN, within_reach
from cloud.people.service import Person, roles_of
from cloud.triage.models import Assignment

AT_ONCE = 200
"""Patients in one step: more than that is a rota (own choice)."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who treats here."""

    staff_id: bytes
    name: str


def colleagues(session: Session, clinic_id: str) -> tuple[Colleague, ...]:
    """Return who treats here, by name."""
    treating = treating_members(session, clinic_id)
    found = session.execute(
        select(Member.staff_id, Member.name)
        .where(Member.clinic_id == clinic_id, Member.left_ms.is_(None))
        .order_by(Member.name, Member.staff_id)
    )
    return tuple(Colleague(staff_id, name) for staff_id, name in found if staff_id in treating)


def assignments(session: Session, clinic_id: str) -> dict[bytes, Assignment]:
    """Return whose task each patient is."""
    found = session.scalars(select(Assignment).where(Assignment.clinic_id == clinic_id))
    return {each.patient_id: each for each in found}


def assign(
    session: Session,
    person: Person,
    patients: Sequence[bytes],
    to: bytes | None,
    *,
    now_ms: int,
) -> tuple[Patient, ...]:
    """Make these patients the task of a colleague, or of nobody; all of them or none.

    Raise NotFound where the person doesn't reach one of them or there is no such colleague, and
    Refused where the colleague may not open one: a task that can't be seen is lost.
    """
    wanted = tuple(dict.fromkeys(patients))
    if not wanted:
        raise Refused("Choose at least one patient.", code="patients")
    if len(wanted) > AT_ONCE:
        raise Refused("At most {most} patients in one step.", code="patients", most=AT_ONCE)
    found = _patients(session, person, wanted, now_ms=now_ms)
    if to is not None:
        _require_reach(session, person.clinic_id, to, found, now_ms=now_ms)
    session.execute(
        delete(Assignment).where(
            Assignment.clinic_id == person.clinic_id, Assignment.patient_id.in_(wanted)
        )
    )
    if to is not None:
        session.add_all(
            Assignment(
                clinic_id=person.clinic_id,
                patient_id=each,
                staff_id=to,
                assigned_by=person.staff_id,
                assigned_ms=now_ms,
            )
            for each in wanted
        )
    session.flush()
    return found


def _patients(
    session: Session, person: Person, wanted: Sequence[bytes], *, now_ms: int
) -> tuple[Patient, ...]:
    there = session.scalars(
        select(Patient).where(
            Patient.clinic_id == person.clinic_id,
            Patient.patient_id.in_(wanted),
            Patient.erased_ms.is_(None),
        )
    ).all()
    found = within_reach(session, person, there, Act.ASSIGN_TASK, now_ms=now_ms)
    if len(found) != len(wanted):
        raise NotFound(UNKNOWN)
    return tuple(sorted(found, key=lambda each: (each.name, each.patient_id)))


def _require_reach(
    session: Session, clinic_id: str, to: bytes, patients: Collection[Patient], *, now_ms: int
) -> None:
    colleague = next((c for c in colleagues(session, clinic_id) if c.staff_id == to), None)
    if colleague is None:
        raise NotFound("There is no such colleague who treats here.")
    roles = roles_of(session, clinic_id, to)
    them = Person(clinic_id, to, colleague.name, roles, "")
    open_ = within_reach(session, them, tuple(patients), Act.READ_PATIENT, now_ms=now_ms)
    if len(open_) != len(patients):
        raise Refused(
            "{name} may not open all of these patients: they are of other teams. Nobody was handed "
            "over.",
            code="reach",
            name=colleague.name,
        )
