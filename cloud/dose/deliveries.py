"""Writes down the sessions that verified records tell of, each for the patient whose band it was.

Whose band it is says the record itself: after a hand-over the same chain goes on for another.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import DeliveredSession, LedgerChain, StoredRecord
from cloud.patients.models import Patient
from cloud.times import Times
from shared.dose.ledger import LedgerState
from shared.trust.statements import ID_BYTES
from shared.wire import records
from shared.wire.records import SessionKind

NO_COURSE = bytes(ID_BYTES)
"""The course of what is charged to none."""


class Deliveries:
    """The sessions of one chain, in the caller's transaction; ``touched`` is what changed."""

    def __init__(self, session: Session, chain: LedgerChain, times: Times) -> None:
        self._session, self._chain, self._times = session, chain, times
        self._open: DeliveredSession | None = _open_session(session, chain)
        self.touched: set[tuple[bytes, bytes, int]] = set()

    def note(self, state: LedgerState, record: records.Record) -> DeliveredSession | None:
        """Take in what one record, and the state after it, say of a session; return its row."""
        body = record.body
        if isinstance(body, records.SessionOpenedBody):
            self._open = self._opened(state, record, body)
        elif self._open is None:
            return None
        elif isinstance(body, records.SliceReservedBody | records.SliceClosedBody):
            self._progress(self._open, state, body)
        elif isinstance(body, records.SessionClosedBody):
            return self._close(self._open, state, record, body)
        else:
            return None
        return self._open

    def _opened(
        self, state: LedgerState, record: records.Record, body: records.SessionOpenedBody
    ) -> DeliveredSession | None:
        chain = self._chain
        patient_id = state.patient_id or chain.patient_id
        if not is_known(self._session, chain.clinic_id, patient_id):
            return None
        charged = body.kind is not SessionKind.TITRATION
        row = DeliveredSession(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            opened_number=record.number,
            patient_id=patient_id,
            course_id=(state.course_id if charged else None) or NO_COURSE,
            prescription_hash=body.prescription_hash,
            kind=int(body.kind),
            day=record_day(self._session, chain, record, self._times),
            opened_ms=record.clock_ms,
            planned_pulses=body.planned_pulses,
            planned_trains=body.planned_trains,
            charged_pulses=0,
            trains=0,
            percent_mso=None,
            closed_ms=None,
            cause=None,
        )
        self._session.add(row)
        self._session.flush()
        self._touch(row)
        return row

    def _progress(
        self,
        row: DeliveredSession,
        state: LedgerState,
        body: records.SliceReservedBody | records.SliceClosedBody,
    ) -> None:
        if state.session is None:
            return
        row.charged_pulses = state.session.charged_pulses
        row.trains = state.session.trains_begun
        if isinstance(body, records.SliceReservedBody):
            row.percent_mso = body.percent_mso
        self._touch(row)

    def _close(
        self,
        row: DeliveredSession,
        state: LedgerState,
        record: records.Record,
        body: records.SessionClosedBody,
    ) -> DeliveredSession:
        if state.last_session is not None:
            row.charged_pulses = state.last_session.charged_pulses
        row.closed_ms = record.clock_ms
        row.cause = int(body.cause)
        self._touch(row)
        self._open = None
        return row

    def _touch(self, row: DeliveredSession) -> None:
        self.touched.add((row.patient_id, row.course_id, row.day))


def record_day(session: Session, chain: LedgerChain, record: records.Record, times: Times) -> int:
    """The day of the record's clock; without one, the day on which the clinic received it."""
    at_ms = record.clock_ms
    if at_ms is None:
        key = (chain.clinic_id, chain.device_id, chain.epoch, record.number)
        at_ms = session.get_one(StoredRecord, key).received_ms
    return times.day(at_ms).toordinal()


def is_known(session: Session, clinic_id: str, patient_id: bytes) -> bool:
    """Return whether the clinic has this patient."""
    return session.get(Patient, (clinic_id, patient_id)) is not None


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
