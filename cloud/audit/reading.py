"""The log as its page shows it: who by name, what in words, filtered by a person or a patient.

A patient stands there by the beginning of their pseudonym: whoever reads the log need not know who
that is. What isn't known by name stands as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.console import CONSOLE
from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.language import _, mark, told
from cloud.people.models import Member

STAFF = "staff/"
SHORT = 8
"""Letters of a long identifier that are shown; the whole stands in the address and in the file."""
PARTS = {"model": mark("model"), "export": mark("export")}
"""Identifiers of the cohort that are words."""
KINDS = {
    "alert": mark("alert"),
    "alert-settings": mark("quiet hours and ladder"),
    "alerts": mark("alerts"),
    "audit": mark("audit log"),
    "bands": mark("bands"),
    "card": mark("card of the clinic"),
    "caregiver": mark("somebody close"),
    "certificate": mark("certificate"),
    "channel": mark("channel"),
    "device": mark("band"),
    "drill": mark("drill"),
    "hold": mark("hold"),
    "list": mark("list of today"),
    "leave": mark("leave"),
    "patient": mark("patient"),
    "patients": mark("patients"),
    "phone": mark("phone"),
    "prescription": mark("prescription"),
    "recalls": mark("recalls"),
    "release": mark("firmware release"),
    "releases": mark("firmware releases"),
    "response": mark("cohort"),
    "site": mark("site"),
    "export": mark("bulk export"),
    "staff": mark("member of staff"),
    "system": mark("registered system"),
    "systems": mark("registered systems"),
    "team": mark("team"),
    "threshold": mark("alert threshold"),
    "training": mark("staff course"),
    "turn": mark("turn on the rota"),
    "word": mark("lift"),
}


@dataclass(frozen=True)
class Wanted:
    """Which events: of one member or of all, about one patient or about any."""

    staff_id: bytes = b""
    patient_id: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.staff_id or self.patient_id)


@dataclass(frozen=True)
class Entry:
    """One line of the page; ``patient`` is a pseudonym in hexadecimal, or empty."""

    number: int
    at_ms: int
    who: str
    action: str
    about: str
    patient: str
    route: str


def entries(
    session: Session, clinic_id: str, limit: int, wanted: Wanted, *, before: int | None = None
) -> tuple[Entry, ...]:
    """Return the newest events that are wanted, of those with lower numbers than ``before``."""
    asked = select(AuditEvent).where(AuditEvent.clinic_id == clinic_id)
    if before is not None:
        asked = asked.where(AuditEvent.number < before)
    if wanted.staff_id:
        asked = asked.where(AuditEvent.actor == f"{STAFF}{wanted.staff_id.hex()}")
    if wanted.patient_id:
        asked = asked.join(
            AuditedPatient,
            (AuditedPatient.clinic_id == AuditEvent.clinic_id)
            & (AuditedPatient.number == AuditEvent.number),
        ).where(AuditedPatient.patient_id == wanted.patient_id)
    events = session.scalars(asked.order_by(AuditEvent.number.desc()).limit(limit)).all()
    names = _names(session, clinic_id, events)
    return tuple(_entry(each, names) for each in events)


def members(session: Session, clinic_id: str) -> Sequence[tuple[str, str]]:
    """Return everybody who works or worked here, with their ids, by name."""
    found = session.scalars(
        select(Member).where(Member.clinic_id == clinic_id).order_by(Member.name)
    )
    return [(member.staff_id.hex(), member.name) for member in found]


def _entry(event: AuditEvent, names: dict[str, str]) -> Entry:
    kind, _slash, identifier = event.subject.partition("/")
    return Entry(
        event.number,
        event.at_ms,
        names.get(event.actor) or _actor(event.actor),
        event.action,
        names.get(event.subject) or _about(kind, identifier),
        identifier if kind == "patient" else "",
        event.route or "",
    )


def _actor(actor: str) -> str:
    kind, _slash, identifier = actor.partition("/")
    if actor == CONSOLE:
        return _("operator, at the console")
    if kind == "phone":
        return _("phone {name}").format(name=identifier[:SHORT])
    return f"{kind} {identifier[:SHORT]}".strip()


def _about(kind: str, identifier: str) -> str:
    words = told(KINDS[kind]) if kind in KINDS else kind
    if identifier in PARTS:
        return f"{words}: {told(PARTS[identifier])}"
    return f"{words} {identifier[:SHORT]}".strip()


def _names(session: Session, clinic_id: str, events: Iterable[AuditEvent]) -> dict[str, str]:
    """Return the name of each member whom the events name."""
    named = {text for each in events for text in (each.actor, each.subject)}
    ids = [bytes.fromhex(text.removeprefix(STAFF)) for text in named if text.startswith(STAFF)]
    found = session.scalars(
        select(Member).where(Member.clinic_id == clinic_id, Member.staff_id.in_(ids))
    )
    return {f"{STAFF}{member.staff_id.hex()}": member.name for member in found}
