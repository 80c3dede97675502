"""Writes down the sessions that verified records tell of, each for the patient whose band it was.

Whose band it is says the record itself: after a hand-over the same chain goes on for another.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cloud.dose.known import Known
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.ledger.moving import State
from cloud.times import Times
from shared.trust.statements import ID_BYTES
from shared.wire import records
from shared.wire.records import SessionKind

NO_COURSE = bytes(ID_BYTES)
"""The course of what is charged to none."""


@dataclass
class Delivery:
    """A row of delivered sessions that is still to be written, all of a batch's at once."""

    clinic_id: str
    device_id: bytes
    epoch: bytes
    opened_number: int
    patient_id: bytes
    course_id: bytes
    prescription_hash: bytes
    kind: int
    day: int
    opened_ms: int | None
    planned_pulses: int
    planned_trains: int
    charged_pulses: int = 0
    trains: int = 0
    percent_mso: int | None = None
    closed_ms: int | None = None
    cause: int | None = None


Delivered = DeliveredSession | Delivery


class Deliveries:
    """The sessions of one chain, in the caller's transaction; ``touched`` is what changed. What is
    new is written by `write`, behind the last record."""

    def __init__(self, session: Session, chain: LedgerChain, times: Times, known: Known) -> None:
        self._session, self._chain, self._times, self._known = session, chain, times, known
        self._open: Delivered | None = _open_session(session, chain)
        self._new: list[Delivery] = []
        self.touched: set[tuple[bytes, bytes, int]] = set()

    def write(self) -> None:
        """Write the new sessions."""
        if self._new:
            self._session.execute(insert(DeliveredSession), [vars(each) for each in self._new])

    def note(self, state: State, record: records.Record, received_ms: int) -> Delivered | None:
        """Take in what one record, and the state after it, say of a session; return its row."""
        body = record.body
        if isinstance(body, records.SessionOpenedBody):
            self._open = self._opened(state, record, body, received_ms)
        elif self._open is None:
            return None
        elif isinstance(body, records.SliceReservedBody):
            self.progress(state, body.percent_mso)
        elif isinstance(body, records.SliceClosedBody):
            self.progress(state)
        elif isinstance(body, records.SessionClosedBody):
            return self._close(self._open, state, record, body)
        else:
            return None
        return self._open

    def progress(self, state: State, percent_mso: int | None = None) -> None:
        """Take in how far the open session has come; ``percent_mso`` is what pulses came with."""
        row = self._open
        if row is None or state.session is None:
            return
        row.charged_pulses = state.session.charged_pulses
        row.trains = state.session.trains_begun
        if percent_mso is not None:
            row.percent_mso = percent_mso
        self._touch(row)

    def _opened(
        self,
        state: State,
        record: records.Record,
        body: records.SessionOpenedBody,
        received_ms: int,
    ) -> Delivery | None:
        chain = self._chain
        patient_id = state.patient_id or chain.patient_id
        if patient_id not in self._known:
            return None
        charged = body.kind is not SessionKind.TITRATION
        row = Delivery(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            opened_number=record.number,
            patient_id=patient_id,
            course_id=(state.course_id if charged else None) or NO_COURSE,
            prescription_hash=body.prescription_hash,
            kind=int(body.kind),
            day=record_day(record, received_ms, self._times),
            opened_ms=record.clock_ms,
            planned_pulses=body.planned_pulses,
            planned_trains=body.planned_trains,
        )
        self._new.append(row)
        self._touch(row)
        return row

    def _close(
        self,
        row: Delivered,
        state: State,
        record: records.Record,
        body: records.SessionClosedBody,
    ) -> Delivered:
        if state.last_session is not None:
            row.charged_pulses = state.last_session.charged_pulses
        row.closed_ms = record.clock_ms
        row.cause = int(body.cause)
        self._touch(row)
        self._open = None
        return row

    def _touch(self, row: Delivered) -> None:
        self.touched.add((row.patient_id, row.course_id, row.day))


def record_day(record: records.Record, received_ms: int, times: Times) -> int:
    """The day of the record's clock; without one, the day on which the clinic received it."""
    at_ms = received_ms if record.clock_ms is None else record.clock_ms
    return times.day(at_ms).toordinal()


def _open_session(session: Session, chain: LedgerChain) -> DeliveredSession | None:
    return session.scalar(
        select(DeliveredSession)
        .where(
            DeliveredSession.clinic_id == chain.clinic_id,
            DeliveredSession.device_id == chain.device_id,
            DeliveredSession.epoch == chain.epoch,
            DeliveredSession.cause.is_(None),
        )
        .order_by(DeliveredSession.opened_number.desc())
        .limit(1)
    )
