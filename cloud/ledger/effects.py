"""What verified records mean for the clinic: sessions delivered, holds and prescriptions in force.

Runs the shared fold over the verified bytes; a dose is never counted any other way.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, raise_alert
from cloud.holds.models import Hold
from cloud.ledger.intake import Verified
from cloud.ledger.models import DeliveredSession, LedgerChain, StoredRecord
from cloud.prescriptions.models import StoredPrescription
from shared.dose import ledger
from shared.dose.ledger import LedgerError, LedgerState
from shared.wire import records
from shared.wire.errors import WireError

CACHED_STATES = 256


class Folds:
    """The state after a chain's verified part; kept for the chains that were busy last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, LedgerState] = OrderedDict()

    def state(self, session: Session, chain: LedgerChain, before: int) -> LedgerState:
        """Return the state after record ``before`` (0: the genesis)."""
        if before == 0:
            return ledger.genesis(chain.device_id, chain.epoch)
        newest = session.get_one(
            StoredRecord, (chain.clinic_id, chain.device_id, chain.epoch, before)
        )
        kept = self._kept.get(newest.hash or b"")
        return kept if kept is not None else self._from_the_start(session, chain, before)

    def keep(self, state: LedgerState) -> None:
        """Remember a state by its hash."""
        self._kept[state.hash] = state
        while len(self._kept) > CACHED_STATES:
            self._kept.popitem(last=False)

    def _from_the_start(self, session: Session, chain: LedgerChain, to: int) -> LedgerState:
        state = ledger.genesis(chain.device_id, chain.epoch)
        for data in verified_records(session, chain, to):
            state = ledger.take(state, data)
        return state


def verified_records(session: Session, chain: LedgerChain, to: int | None = None) -> list[bytes]:
    """Return the bytes of the chain's verified records, in order."""
    found = session.scalars(
        select(StoredRecord.data)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number <= (chain.verified_to if to is None else to),
        )
        .order_by(StoredRecord.number)
    )
    return list(found)


def newest_records(session: Session, chain: LedgerChain, limit: int) -> list[bytes]:
    """Return the newest verified records, newest first."""
    found = session.scalars(
        select(StoredRecord.data)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number <= chain.verified_to,
        )
        .order_by(StoredRecord.number.desc())
        .limit(limit)
    )
    return list(found)


def apply(
    session: Session, folds: Folds, chain: LedgerChain, new: Sequence[Verified], *, now_ms: int
) -> None:
    """Fold the newly verified records and write down what they mean."""
    if not new:
        return
    try:
        state = folds.state(session, chain, new[0].number - 1)
        for each in new:
            state = ledger.take(state, each.data)
            _note(session, chain, state, records.decode_record(each.data), now_ms=now_ms)
    except (LedgerError, WireError) as problem:
        chain.conflict = f"the device's own record does not add up: {problem}"
        return
    folds.keep(state)


def _note(
    session: Session,
    chain: LedgerChain,
    state: LedgerState,
    record: records.Record,
    *,
    now_ms: int,
) -> None:
    body = record.body
    if isinstance(body, records.SessionOpenedBody):
        _open(session, chain, record, body)
    elif isinstance(body, records.SliceReservedBody | records.SliceClosedBody):
        _progress(session, chain, state, body)
    elif isinstance(body, records.SessionClosedBody):
        _close(session, chain, state, record, body)
    elif isinstance(body, records.HoldPlacedBody):
        _hold_in_force(session, chain, record, body, now_ms=now_ms)
    elif isinstance(body, records.PrescriptionInstalledBody):
        _installed(session, chain, body, now_ms=now_ms)
    elif isinstance(body, records.FaultBody):
        cause = Cause(f"fault/{record.number}", "now", "The band reports a fault")
        raise_alert(session, chain, cause, f"It locked itself: {body.code}.", now_ms=now_ms)


def _open(
    session: Session, chain: LedgerChain, record: records.Record, body: records.SessionOpenedBody
) -> None:
    session.add(
        DeliveredSession(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            opened_number=record.number,
            patient_id=chain.patient_id,
            opened_ms=record.clock_ms,
            planned_pulses=body.planned_pulses,
            planned_trains=body.planned_trains,
            charged_pulses=0,
            trains=0,
            percent_mso=None,
            closed_ms=None,
            cause=None,
        )
    )
    session.flush()


def _progress(
    session: Session,
    chain: LedgerChain,
    state: LedgerState,
    body: records.SliceReservedBody | records.SliceClosedBody,
) -> None:
    row = _newest_session(session, chain)
    if row is None or state.session is None:
        return
    row.charged_pulses = state.session.charged_pulses
    row.trains = state.session.trains_begun
    if isinstance(body, records.SliceReservedBody):
        row.percent_mso = body.percent_mso


def _close(
    session: Session,
    chain: LedgerChain,
    state: LedgerState,
    record: records.Record,
    body: records.SessionClosedBody,
) -> None:
    row = _newest_session(session, chain)
    closed = state.last_session
    if row is None or closed is None:
        return
    row.charged_pulses = closed.charged_pulses
    row.closed_ms = record.clock_ms
    row.cause = int(body.cause)
    if not body.completed:
        cause = Cause(f"partial/{row.opened_number}", "today", "A session ended early")
        detail = f"{row.charged_pulses} of {row.planned_pulses} pulses: {cause_words(body.cause)}."
        raise_alert(session, chain, cause, detail, now_ms=record.clock_ms or row.opened_ms or 0)


def _hold_in_force(
    session: Session,
    chain: LedgerChain,
    record: records.Record,
    body: records.HoldPlacedBody,
    *,
    now_ms: int,
) -> None:
    hold = session.get(Hold, (chain.clinic_id, body.hold_id))
    if hold is None or hold.device_id != chain.device_id:
        cause = Cause(f"hold/{body.hold_id.hex()}", "now", "The band holds treatment")
        raise_alert(session, chain, cause, f"Reason on the record: {body.reason}.", now_ms=now_ms)
        return
    hold.in_force_ms = now_ms
    hold.record_number = record.number


def _installed(
    session: Session,
    chain: LedgerChain,
    body: records.PrescriptionInstalledBody,
    *,
    now_ms: int,
) -> None:
    found = session.scalars(
        select(StoredPrescription).where(
            StoredPrescription.clinic_id == chain.clinic_id,
            StoredPrescription.patient_id == chain.patient_id,
            StoredPrescription.serial == body.serial,
            StoredPrescription.signed_ms.is_not(None),
        )
    )
    for prescription in found:
        if prescription.hash == body.prescription_hash:
            prescription.in_force_ms = now_ms


def _newest_session(session: Session, chain: LedgerChain) -> DeliveredSession | None:
    return session.scalar(
        select(DeliveredSession)
        .where(
            DeliveredSession.clinic_id == chain.clinic_id,
            DeliveredSession.device_id == chain.device_id,
            DeliveredSession.epoch == chain.epoch,
        )
        .order_by(DeliveredSession.opened_number.desc())
        .limit(1)
    )


def cause_words(cause: int) -> str:
    """Return why a session ended, in words."""
    return _CAUSES.get(records.CloseCause(cause), "ended")


_CAUSES = {
    records.CloseCause.COMPLETED: "complete",
    records.CloseCause.ENDED_BY_PERSON: "ended by the patient",
    records.CloseCause.PAUSE_LIMIT: "paused for too long",
    records.CloseCause.OVER_TEMPERATURE: "the coil grew warm",
    records.CloseCause.FAULT: "fault",
    records.CloseCause.HOLD: "a hold came",
    records.CloseCause.PRESCRIPTION_ENDED: "the prescription was ended",
    records.CloseCause.MOTION: "strong motion",
    records.CloseCause.REBOOT: "the band restarted",
    records.CloseCause.LOCKED_ON_RESUME: "locked when resuming",
}
