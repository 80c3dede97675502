"""A session as the band's verified record tells it: its slices, its pauses, its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger import stretches
from cloud.ledger.models import DeliveredSession
from shared.wire import records
from shared.wire.record_types import CloseCause, PauseCause
from shared.wire.records import Record, SessionKind, decode_record

AFTER = 64
"""So many records behind the end are looked at for the answers after it."""


@dataclass
class Slice:
    """Pulses of a train that were reserved, then fired. ``commanded`` and ``measured`` are None
    where the band never closed it: its reservation counts then (R1). Times in milliseconds from
    the session's beginning."""

    train: int
    number: int
    at_ms: int
    reserved: int
    percent_mso: int
    commanded: int | None = None
    measured: int | None = None

    @property
    def charged(self) -> int:
        """What it counts for, by R1."""
        if self.commanded is None or self.measured is None:
            return self.reserved
        return max(self.commanded, self.measured)


@dataclass
class Pause:
    """Pulses ended for a while; ``resumed_ms`` is None where nobody went on."""

    cause: PauseCause
    at_ms: int
    resumed_ms: int | None = None


@dataclass
class SessionRecord:
    """One session. ``ended_ms`` is None while the record doesn't hold its end; ``answered`` says
    whether the questions after it were, ``red_flag`` what they came to."""

    session_id: bytes
    kind: SessionKind
    planned_pulses: int
    planned_trains: int
    prescription_hash: bytes
    first_number: int
    last_number: int
    opened_wall_ms: int | None
    slices: list[Slice] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    ended_ms: int | None = None
    cause: CloseCause | None = None
    completed: bool = False
    charged_pulses: int = 0
    answered: bool = False
    red_flag: bool = False

    @property
    def trains(self) -> int:
        """Trains that began."""
        return len({each.train for each in self.slices})

    @property
    def length_ms(self) -> int:
        """From its beginning to its end, or to the last that is known."""
        last = [each.at_ms for each in self.slices] + [each.at_ms for each in self.pauses]
        return self.ended_ms if self.ended_ms is not None else max(last, default=0)


def row_of(
    session: Session, clinic_id: str, patient_id: bytes, epoch: bytes, number: int
) -> DeliveredSession | None:
    """Return the patient's session that a record's number begins; None where there's none."""
    return session.scalar(
        select(DeliveredSession).where(
            DeliveredSession.clinic_id == clinic_id,
            DeliveredSession.patient_id == patient_id,
            DeliveredSession.epoch == epoch,
            DeliveredSession.opened_number == number,
        )
    )


def made_up_by(session: Session, row: DeliveredSession) -> DeliveredSession | None:
    """Return the session that gave the rest of this one, if the next of its course is that."""
    found = session.scalar(
        select(DeliveredSession)
        .where(
            DeliveredSession.clinic_id == row.clinic_id,
            DeliveredSession.patient_id == row.patient_id,
            DeliveredSession.device_id == row.device_id,
            DeliveredSession.epoch == row.epoch,
            DeliveredSession.course_id == row.course_id,
            DeliveredSession.opened_number > row.opened_number,
            DeliveredSession.charged_pulses > 0,
        )
        .order_by(DeliveredSession.opened_number)
        .limit(1)
    )
    return found if found is not None and found.kind == int(SessionKind.MAKE_UP) else None


def read_session(session: Session, row: DeliveredSession) -> SessionRecord | None:
    """Return what the verified records from its opening to its end say; None where they aren't
    here any more."""
    found: SessionRecord | None = None
    began_ms = 0
    for one in stretches.records(session, row, first=row.opened_number):
        record = decode_record(one.data)
        if found is None:
            if not isinstance(record.body, records.SessionOpenedBody):
                return None
            found, began_ms = _opened(record, record.body), record.uptime_ms
        elif _is_over(found, record) or not _take(found, record, record.uptime_ms - began_ms):
            break
    return found


def _is_over(found: SessionRecord, record: Record) -> bool:
    return found.cause is not None and record.number > found.last_number + AFTER


def _opened(record: Record, body: records.SessionOpenedBody) -> SessionRecord:
    return SessionRecord(
        session_id=body.session_id,
        kind=body.kind,
        planned_pulses=body.planned_pulses,
        planned_trains=body.planned_trains,
        prescription_hash=body.prescription_hash,
        first_number=record.number,
        last_number=record.number,
        opened_wall_ms=record.clock_ms,
    )


def _take(found: SessionRecord, record: Record, at_ms: int) -> bool:
    """Take one record in; False where the next session begins or the answers have come."""
    body = record.body
    if isinstance(body, records.SessionOpenedBody):
        return False
    if isinstance(body, records.SideEffectAnswersBody) and body.session_id == found.session_id:
        found.answered, found.red_flag = True, body.red_flag
        return False
    if found.cause is None:
        _during(found, record, at_ms)
    return True


def _during(found: SessionRecord, record: Record, at_ms: int) -> None:
    body = record.body
    found.last_number = record.number
    if isinstance(body, records.SliceReservedBody):
        found.slices.append(Slice(body.train, body.slice, at_ms, body.pulses, body.percent_mso))
    elif isinstance(body, records.SliceClosedBody):
        for each in _open(found.slices, body):
            each.commanded, each.measured = body.commanded, body.measured
    elif isinstance(body, records.SessionPausedBody):
        found.pauses.append(Pause(body.cause, at_ms))
    elif isinstance(body, records.SessionResumedBody):
        if found.pauses and found.pauses[-1].resumed_ms is None:
            found.pauses[-1].resumed_ms = at_ms
    elif isinstance(body, records.SessionClosedBody):
        found.ended_ms, found.cause = at_ms, body.cause
        found.completed, found.charged_pulses = body.completed, body.charged_pulses


def _open(slices: Iterable[Slice], body: records.SliceClosedBody) -> Iterable[Slice]:
    named = (body.train, body.slice)
    return [one for one in slices if (one.train, one.number) == named and one.commanded is None]
