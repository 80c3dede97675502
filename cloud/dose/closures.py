"""Days on which treating was kept from a person without their doing, from verified records.

A rest hold that the person placed in the app is their own choice and is none of these.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.dose.deliveries import record_day
from cloud.dose.known import Known
from cloud.dose.models import Closure
from cloud.ledger.models import LedgerChain
from cloud.ledger.moving import State
from cloud.times import Times
from shared.dose.ledger import OpenHold
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records

FAULT, SCREENING = "fault", "screening"
DAY_S = 86_400
_OF_CLOSURES = (records.FaultBody, records.GateAnswersBody, records.SessionOpenedBody)


class Closures:
    """The closures of one chain, in the caller's transaction."""

    def __init__(self, session: Session, chain: LedgerChain, times: Times, known: Known) -> None:
        self._session, self._chain, self._times, self._known = session, chain, times, known
        self._open = _open_closures(session, chain)

    def note(self, before: State, state: State, record: records.Record, received_ms: int) -> None:
        """Take in what one record, between the states before and after it, begins or ends."""
        body = record.body
        concerns = isinstance(body, _OF_CLOSURES) or before.holds is not state.holds
        if not concerns:
            return
        day = record_day(record, received_ms, self._times)
        if isinstance(body, records.FaultBody):
            self._begin(state, record, FAULT, day)
        elif isinstance(body, records.GateAnswersBody):
            if body.outcome is GateOutcome.POSTPONE:
                self._begin(state, record, SCREENING, day, days=body.postpone_s // DAY_S)
        elif isinstance(body, records.SessionOpenedBody):
            self._end(FAULT, day)
        for hold in state.holds:
            if before.hold(hold.hold_id) is None and not _is_own_choice(hold):
                self._begin(state, record, hold.hold_id.hex(), day, hold=hold)
        for hold in before.holds:
            if state.hold(hold.hold_id) is None:
                self._end(hold.hold_id.hex(), day)

    def _begin(
        self,
        state: State,
        record: records.Record,
        cause: str,
        from_day: int,
        *,
        days: int | None = None,
        hold: OpenHold | None = None,
    ) -> None:
        chain = self._chain
        patient_id = state.patient_id or chain.patient_id
        if patient_id not in self._known:
            return
        row = Closure(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            number=record.number,
            patient_id=patient_id,
            cause=cause,
            from_day=from_day,
            until_day=None if days is None else from_day + days,
            hold_kind=None if hold is None else int(hold.kind),
            hold_source=None if hold is None else int(hold.source),
            hold_reason=None if hold is None else hold.reason,
        )
        self._session.add(row)
        if days is None:
            self._open.append(row)

    def _end(self, cause: str, day: int) -> None:
        for row in self._open:
            if row.cause == cause:
                row.until_day = day
        self._open = [row for row in self._open if row.until_day is None]


def _open_closures(session: Session, chain: LedgerChain) -> list[Closure]:
    return list(
        session.scalars(
            select(Closure).where(
                Closure.clinic_id == chain.clinic_id,
                Closure.device_id == chain.device_id,
                Closure.epoch == chain.epoch,
                Closure.until_day.is_(None),
            )
        )
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
