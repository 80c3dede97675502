"""Days on which treating was kept from a person without their doing, from verified records.

A rest hold that the person placed in the app is their own choice and is none of these.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.dose.deliveries import is_known, record_day
from cloud.dose.models import Closure
from cloud.ledger.models import LedgerChain
from cloud.times import Times
from shared.dose.ledger import LedgerState, OpenHold
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records

FAULT, SCREENING = "fault", "screening"
DAY_S = 86_400


class Closures:
    """The closures of one chain, in the caller's transaction."""

    def __init__(self, session: Session, chain: LedgerChain, times: Times) -> None:
        self._session, self._chain, self._times = session, chain, times

    def note(self, before: LedgerState, state: LedgerState, record: records.Record) -> None:
        """Take in what one record, between the states before and after it, begins or ends."""
        body = record.body
        if isinstance(body, records.FaultBody):
            self._begin(state, record, FAULT)
        elif isinstance(body, records.GateAnswersBody):
            if body.outcome is GateOutcome.POSTPONE:
                self._begin(state, record, SCREENING, days=body.postpone_s // DAY_S)
        elif isinstance(body, records.SessionOpenedBody):
            self._end(FAULT, record)
        for hold in state.holds:
            if before.hold(hold.hold_id) is None and not _is_own_choice(hold):
                self._begin(state, record, hold.hold_id.hex())
        for hold in before.holds:
            if state.hold(hold.hold_id) is None:
                self._end(hold.hold_id.hex(), record)

    def _begin(
        self, state: LedgerState, record: records.Record, cause: str, *, days: int | None = None
    ) -> None:
        chain = self._chain
        patient_id = state.patient_id or chain.patient_id
        if not is_known(self._session, chain.clinic_id, patient_id):
            return
        from_day = record_day(self._session, chain, record, self._times)
        row = Closure(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            number=record.number,
            patient_id=patient_id,
            cause=cause,
            from_day=from_day,
            until_day=None if days is None else from_day + days,
        )
        self._session.add(row)
        self._session.flush()

    def _end(self, cause: str, record: records.Record) -> None:
        chain = self._chain
        self._session.execute(
            update(Closure)
            .where(
                Closure.clinic_id == chain.clinic_id,
                Closure.device_id == chain.device_id,
                Closure.epoch == chain.epoch,
                Closure.cause == cause,
                Closure.until_day.is_(None),
            )
            .values(until_day=record_day(self._session, chain, record, self._times))
        )


def _is_own_choice(hold: OpenHold) -> bool:
    return hold.kind is HoldKind.REST and hold.source == HoldSource.APP


def closed_days(session: Session, clinic_id: str, patient_id: bytes, *, today: int) -> set[int]:
    """Return every day up to ``today`` on which something kept this person from treating."""
    rows = session.scalars(
        select(Closure).where(Closure.clinic_id == clinic_id, Closure.patient_id == patient_id)
    )
    return {day for row in rows for day in _days(row, today)}


def closed_days_of_all(
    session: Session, clinic_id: str, *, today: int
) -> defaultdict[bytes, set[int]]:
    """Return the same for every patient of the clinic, by patient id, in one query."""
    found: defaultdict[bytes, set[int]] = defaultdict(set)
    for row in session.scalars(select(Closure).where(Closure.clinic_id == clinic_id)):
        found[row.patient_id].update(_days(row, today))
    return found


def _days(row: Closure, today: int) -> range:
    return range(row.from_day, (today if row.until_day is None else row.until_day) + 1)
