"""Opening what phones told of care: kept as facts, scored where it is a check-in, handed to rules.

Only processes with the care key get this far. What is opened is stored by `keep_fact` and read by
`facts_of`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cloud.alerts.facts import Told
from cloud.alerts.rules.opened import of_told
from cloud.alerts.service import About, raise_all
from cloud.care.cards import newest
from cloud.care.models import CareFact, CareItem
from cloud.care.one_by_one import Words, open_each, to_open
from cloud.care.ready import in_full
from cloud.care.service import read
from cloud.checkins.scores import take_answers
from cloud.vault.errors import KeyDestroyed
from shared.care import bodies
from shared.care.bodies import CareBody, CheckinAnswers, MessageOut
from shared.trust.keys import SoftwareKey
from shared.wire import fields

WORDS = Words("care", "What the phone told", "Ask the patient what it was.")


def open_new(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Open the clinic's new items and judge them; return how many."""

    def take(item: CareItem) -> None:
        frame, told = read(item, key)
        _take(session, item, frame, told, now_ms=now_ms)

    new = to_open(session, CareItem, clinic_id, now_ms=now_ms)
    return open_each(session, new, take, WORDS, now_ms=now_ms)


def keep_fact(session: Session, item: CareItem, frame: CareBody, *, at_ms: int) -> None:
    """Store what an opened item told."""
    session.add(
        CareFact(
            clinic_id=item.clinic_id,
            patient_id=item.patient_id,
            item_id=item.item_id,
            kind=int(frame.kind),
            at_ms=at_ms,
            body=frame.body,
        )
    )
    session.flush()


def facts_of(session: Session, clinic_id: str, patient_id: bytes) -> Sequence[Told]:
    """Return what the patient told, oldest first; of who was erased nothing."""
    return _told(session, CareFact.clinic_id == clinic_id, CareFact.patient_id == patient_id)


def facts_between(
    session: Session, clinic_id: str, patient_id: bytes, first_ms: int, end_ms: int
) -> tuple[Told, ...]:
    """Return what the patient told from ``first_ms`` to before ``end_ms``, oldest first; of who
    was erased nothing."""
    return tuple(
        _told(
            session,
            CareFact.clinic_id == clinic_id,
            CareFact.patient_id == patient_id,
            CareFact.at_ms >= first_ms,
            CareFact.at_ms < end_ms,
        )
    )


def _told(session: Session, *conditions: ColumnElement[bool]) -> list[Told]:
    found = session.scalars(
        select(CareFact).where(*conditions).order_by(CareFact.at_ms, CareFact.item_id)
    )
    try:
        return [
            Told(each.item_id, each.at_ms, fields.unpack(_body_of(each.kind), each.body))
            for each in found
        ]
    except KeyDestroyed:
        return []


def _take(
    session: Session, item: CareItem, frame: CareBody, told: bodies.CareItem, *, now_ms: int
) -> None:
    about = About(item.clinic_id, item.patient_id)
    at_ms = min(frame.at_ms, item.received_ms)
    raise_all(
        session,
        about,
        of_told(Told(item.item_id, at_ms, _in_full(session, item.clinic_id, told))),
        now_ms=now_ms,
    )
    if isinstance(told, CheckinAnswers):
        take_answers(
            session,
            about,
            item.item_id,
            told.instrument,
            told.version,
            told.answers,
            pack_serial=told.pack_serial,
            answered_ms=at_ms,
            now_ms=now_ms,
        )
    keep_fact(session, item, frame, at_ms=at_ms)


def _in_full(session: Session, clinic_id: str, told: bodies.CareItem) -> bodies.CareItem:
    if isinstance(told, MessageOut):
        return in_full(told, newest(session, clinic_id))
    return told


def _body_of(kind: int | None) -> type[bodies.CareItem]:
    if kind is None:
        raise KeyDestroyed("This patient was erased.")
    return bodies.BODIES[bodies.CareKind(kind)]
