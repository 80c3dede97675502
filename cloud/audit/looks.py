"""Who looked: what a patient is told of the audit log's lines about them.

Names are those of the clinic's staff and of registered systems as they stand now. What the server
did by itself isn't a look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.console import CONSOLE
from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.fhir.systems.models import FhirSystem
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.people.service import roles_of
from shared.care.looks import LookKind

KEPT_MS = 90 * 86_400_000
LOOKS_MAX = 200
"""The newest so many of 90 days are told (own figures); all of them stay in the log."""
STAFF, SYSTEM = "staff/", "system/"
KINDS = {
    "read the list": LookKind.LIST,
    "kept the list open": LookKind.LIST,
    "read the alerts": LookKind.LIST,
    "read the bands": LookKind.LIST,
    "kept the alerts open": LookKind.LIST,
    "read what to sign again": LookKind.LIST,
    "read the list of holds": LookKind.LIST,
    "read a patient": LookKind.PAGE,
    "read what to see to": LookKind.PAGE,
    "kept a patient open": LookKind.PAGE,
    "tried a draft": LookKind.PAGE,
    "opened session logs": LookKind.SESSION_LOGS,
    "care items read": LookKind.TOLD,
    "phones listed": LookKind.PAGE,
    "exported FHIR bundles": LookKind.EXPORT,
    "read FHIR resources": LookKind.EXPORT,
    "took a bulk export": LookKind.EXPORT,
    "read the patients by FHIR": LookKind.LIST,
    "exported a record": LookKind.EXPORT,
    "exported the cohort": LookKind.EXPORT,
    "read a forecast": LookKind.PAGE,
    "read what is shared": LookKind.SHARED,
    "came in by invitation": LookKind.CAME_IN,
}
"""What reads; every other act changes something."""


@dataclass(frozen=True)
class Look:
    """Who, in which roles, when and how; ``who`` is empty for the clinic's operator.

    ``caregiver_id`` is of somebody close: the phone knows by it who that is.
    """

    who: str
    roles: tuple[str, ...]
    caregiver_id: bytes
    at_ms: int
    kind: LookKind


def looks_at(
    session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int
) -> tuple[Look, ...]:
    """Return who looked at this patient's data of late, newest first."""
    found = session.scalars(
        select(AuditEvent)
        .join(
            AuditedPatient,
            (AuditedPatient.clinic_id == AuditEvent.clinic_id)
            & (AuditedPatient.number == AuditEvent.number),
        )
        .where(
            AuditedPatient.clinic_id == clinic_id,
            AuditedPatient.patient_id == patient_id,
            AuditEvent.at_ms >= now_ms - KEPT_MS,
            AuditEvent.actor.startswith(STAFF, autoescape=True)
            | AuditEvent.actor.startswith(SYSTEM, autoescape=True)
            | (AuditEvent.actor == CONSOLE),
        )
        .order_by(AuditEvent.number.desc())
        .limit(LOOKS_MAX)
    ).all()
    people = _people(session, clinic_id, (event.actor for event in found))
    return tuple(
        Look(*people[event.actor], event.at_ms, KINDS.get(event.action, LookKind.CHANGE))
        for event in found
    )


def _people(
    session: Session, clinic_id: str, actors: Iterable[str]
) -> dict[str, tuple[str, tuple[str, ...], bytes]]:
    """Return name and roles of each actor, and the id of who is somebody close."""
    known: dict[str, tuple[str, tuple[str, ...], bytes]] = {CONSOLE: ("", (), b"")}
    for actor in set(actors) - known.keys():
        if actor.startswith(SYSTEM):
            key = (clinic_id, bytes.fromhex(actor.removeprefix(SYSTEM)))
            system = session.get(FhirSystem, key)
            known[actor] = (system.name if system else "", (), b"")
            continue
        staff_id = bytes.fromhex(actor.removeprefix(STAFF))
        member = session.get(Member, (clinic_id, staff_id))
        roles = roles_of(session, clinic_id, staff_id)
        close_id = staff_id if Role.CAREGIVER in roles else b""
        name = member.name if member else ""
        known[actor] = (name, tuple(role.value for role in roles), close_id)
    return known
