"""Holding the bands of a recall and telling their patients; nobody is held or told twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.console import CONSOLE, note
from cloud.care.models import SentMessage
from cloud.care.service import send_message
from cloud.errors import NotFound, Refused
from cloud.holds.service import ask
from cloud.people.models import Member
from cloud.recall.criteria import Criteria
from cloud.recall.finding import REASON, Found, Standing
from cloud.recall.models import Recall
from cloud.vault.errors import VaultError

COMMAND = "recall"


@dataclass(frozen=True)
class Told:
    """The patients who were told now, those told before, and the serials of whom nobody reached."""

    sent: tuple[bytes, ...]
    before: tuple[bytes, ...]
    unreached: tuple[str, ...]


def hold_all(
    session: Session, recall: Recall, found: Sequence[Found], by: Member, *, now_ms: int
) -> int:
    """Ask for a hold of every band of the recall that isn't held; return how many.

    The worker signs each, the phone hands it on, and the band decides as of any other hold.
    """
    held = 0
    for each in found:
        if each.standing is not Standing.NOT_HELD:
            continue
        assert each.device.patient_id is not None
        hold = ask(
            session,
            each.device,
            each.device.patient_id,
            REASON,
            by.staff_id,
            now_ms=now_ms,
            recall_id=recall.recall_id,
        )
        note(
            session,
            recall.clinic_id,
            COMMAND,
            "asked for a hold",
            f"hold/{hold.hold_id.hex()}",
            now_ms=now_ms,
            patients=[hold.patient_id],
        )
        held += 1
    return held


def tell_all(
    session: Session, clinic_id: str, found: Sequence[Found], text: str, author: str, *, now_ms: int
) -> Told:
    """Send every patient who has such a band a message, once.

    Each for itself: one whose key is missing keeps nobody else from being told.
    """
    sent, before, unreached = [], [], []
    for each in found:
        patient_id = each.device.patient_id
        if patient_id is None:
            continue
        try:
            with session.begin_nested():
                if text in _sent(session, clinic_id, patient_id):
                    before.append(patient_id)
                    continue
                send_message(
                    session,
                    clinic_id,
                    patient_id,
                    text,
                    author=author,
                    actor=CONSOLE,
                    now_ms=now_ms,
                    route=f"circlet-cloud {COMMAND}",
                )
        except VaultError:
            unreached.append(each.device.serial)
            continue
        sent.append(patient_id)
    return Told(tuple(sent), tuple(before), tuple(unreached))


def note_look(
    session: Session, clinic_id: str, criteria: Criteria, found: Sequence[Found], *, now_ms: int
) -> None:
    """Write down that the operator looked, for which bands, and whose they are."""
    serials = criteria.serials
    meant = f"{serials.first}..{serials.last}" if serials else "all"
    subject = f"bands/{meant}/{criteria.firmware or 'any firmware'}"
    whose = [each.device.patient_id for each in found if each.device.patient_id is not None]
    note(session, clinic_id, COMMAND, "looked for bands", subject, now_ms=now_ms, patients=whose)


def member_named(session: Session, clinic_id: str, name: str) -> Member:
    """Return the one member of staff of that name who works here.

    Raises:
        NotFound: nobody has it.
        Refused: several have it.
    """
    here = session.scalars(
        select(Member).where(
            Member.clinic_id == clinic_id, Member.name == name, Member.left_ms.is_(None)
        )
    ).all()
    if not here:
        raise NotFound("Nobody of that name works here.")
    if len(here) > 1:
        raise Refused("Several people of that name work here.", code="by")
    return here[0]


def _sent(session: Session, clinic_id: str, patient_id: bytes) -> set[str]:
    sent = session.scalars(
        select(SentMessage).where(
            SentMessage.clinic_id == clinic_id, SentMessage.patient_id == patient_id
        )
    )
    return {each.text for each in sent}
