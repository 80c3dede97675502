"""Writing and checking the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.clinics.service import locked_clinic
from shared.trust.audit_chain import AuditLine, beginning, hash_of
from shared.trust.statements import ID_BYTES

PATIENT = "patient/"
_READ_AT_ONCE = 1000


def record(
    session: Session,
    clinic_id: str,
    *,
    actor: str,
    action: str,
    subject: str,
    now_ms: int,
    route: str = "",
    patients: Iterable[bytes] = (),
) -> None:
    """Append one event; ``actor`` and ``subject`` are ids, never names.

    ``route`` is the page or command, ``patients`` are those whom it is about; a subject that is a
    patient is about that patient.
    """
    locked_clinic(session, clinic_id)
    last = session.scalar(_events(clinic_id).order_by(AuditEvent.number.desc()).limit(1))
    about = sorted({*patients, *_patient_of(subject)})
    number, before = (last.number + 1, last.hash) if last else (1, beginning(clinic_id))
    line = AuditLine(number, now_ms, actor, action, subject, route, tuple(about))
    session.add(
        AuditEvent(
            clinic_id=clinic_id,
            number=number,
            at_ms=now_ms,
            actor=actor,
            action=action,
            subject=subject,
            hash=hash_of(before, line),
            route=route,
            patients=b"".join(about),
        )
    )
    session.flush()
    session.add_all(
        AuditedPatient(clinic_id=clinic_id, patient_id=each, number=number) for each in about
    )
    session.flush()


def line_of(event: AuditEvent) -> AuditLine:
    """Return what an event's hash covers."""
    about = event.patients or b""
    patients = tuple(about[at : at + ID_BYTES] for at in range(0, len(about), ID_BYTES))
    return AuditLine(
        event.number,
        event.at_ms,
        event.actor,
        event.action,
        event.subject,
        event.route or "",
        patients,
    )


def first_broken(session: Session, clinic_id: str) -> int | None:
    """Return the number of the first event that is missing or was changed; None if all hold."""
    before, wanted = beginning(clinic_id), 1
    for event in in_order(session, clinic_id):
        if event.number != wanted or event.hash != hash_of(before, line_of(event)):
            return wanted
        before, wanted = event.hash, wanted + 1
    return None


def first_unlinked(session: Session, clinic_id: str, first: int, last: int) -> int | None:
    """Return the first event of these numbers that is missing or doesn't hang on the one before
    it; None if all do. What it costs goes by how many they are, not by how long the log is."""
    before = beginning(clinic_id)
    if first > 1:
        (found,) = some_from(session, clinic_id, first - 1, first - 1) or (None,)
        if found is None:
            return first - 1
        before = found.hash
    for at in range(first, last + 1, _READ_AT_ONCE):
        to = min(last, at + _READ_AT_ONCE - 1)
        events = {each.number: each for each in some_from(session, clinic_id, at, to)}
        for number in range(at, to + 1):
            event = events.get(number)
            if event is None or event.hash != hash_of(before, line_of(event)):
                return number
            before = event.hash
            session.expunge(event)
    return None


def first_misplaced(session: Session, clinic_id: str) -> int | None:
    """Return the first event that is found under other patients than its line names; None if none.

    By these rows a patient is shown who looked; the line's hash doesn't cover them.
    """
    rows = session.execute(
        select(AuditedPatient.number, AuditedPatient.patient_id)
        .where(AuditedPatient.clinic_id == clinic_id)
        .order_by(AuditedPatient.number)
        .execution_options(yield_per=_READ_AT_ONCE)
    )
    groups = groupby(rows, key=lambda row: row.number)
    number, found = next(groups, (None, iter(())))
    for event in in_order(session, clinic_id):
        here: set[bytes] = set()
        if number == event.number:
            here = {row.patient_id for row in found}
            number, found = next(groups, (None, iter(())))
        if here != set(line_of(event).patients):
            return event.number
    return None


def in_order(session: Session, clinic_id: str) -> Iterator[AuditEvent]:
    """Yield all events from the first, a thousand at a time."""
    after = 0
    while True:
        some = session.scalars(
            _events(clinic_id)
            .where(AuditEvent.number > after)
            .order_by(AuditEvent.number)
            .limit(_READ_AT_ONCE)
        ).all()
        yield from some
        if len(some) < _READ_AT_ONCE:
            return
        after = some[-1].number
        for each in some:
            session.expunge(each)


def newest(
    session: Session, clinic_id: str, limit: int = 100, *, before: int | None = None
) -> tuple[AuditEvent, ...]:
    """Return the newest events, of those with lower numbers than ``before``; newest first."""
    wanted = _events(clinic_id)
    if before is not None:
        wanted = wanted.where(AuditEvent.number < before)
    return tuple(session.scalars(wanted.order_by(AuditEvent.number.desc()).limit(limit)))


def some_from(session: Session, clinic_id: str, first: int, last: int) -> tuple[AuditEvent, ...]:
    """Return the events of these numbers, both among them, as far as they are there."""
    between = AuditEvent.number.between(first, last)
    return tuple(session.scalars(_events(clinic_id).where(between).order_by(AuditEvent.number)))


def _events(clinic_id: str) -> Select[AuditEvent]:
    return select(AuditEvent).where(AuditEvent.clinic_id == clinic_id)


def _patient_of(subject: str) -> tuple[bytes, ...]:
    if not subject.startswith(PATIENT):
        return ()
    return (bytes.fromhex(subject.removeprefix(PATIENT)),)
