"""What verified records mean for the clinic: sessions delivered, holds and prescriptions in force.

Runs the shared fold over the verified bytes; a dose is never counted any other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, raise_alert
from cloud.dose.closures import Closures
from cloud.dose.days import sum_up
from cloud.dose.deliveries import Deliveries, is_known
from cloud.holds.models import Hold
from cloud.ledger.folds import Folds
from cloud.ledger.intake import Verified
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find
from cloud.proof.watch import Watch
from cloud.times import Times
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.wire import records
from shared.wire.errors import WireError


@dataclass(frozen=True)
class Means:
    """What the effects of records need of their process: kept folds, and the days' time zone."""

    folds: Folds
    times: Times


def apply(
    session: Session, means: Means, chain: LedgerChain, new: Sequence[Verified], *, now_ms: int
) -> None:
    """Fold the newly verified records and write down what they mean."""
    if not new:
        return
    deliveries = Deliveries(session, chain, means.times)
    closures = Closures(session, chain, means.times)
    watch = Watch(session, chain, now_ms=now_ms)
    number = new[0].number
    try:
        state = means.folds.state(session, chain, number - 1)
        for each in new:
            number = each.number
            before, record = state, records.decode_record(each.data)
            state = ledger.follow(state, record, each.data)
            _note(session, chain, record, now_ms=now_ms)
            watch.note(before, state, record)
            closures.note(before, state, record)
            row = deliveries.note(state, record)
            if row is not None and isinstance(record.body, records.SessionClosedBody):
                _tell_partial(session, row, record.body, now_ms=now_ms)
        means.folds.keep(state)
    except (LedgerError, WireError) as problem:
        detail = f"Record {number} does not follow from those before it: {problem}."
        seen = Seen(Kind.UNSOUND, number, new[-1].number, detail)
        find(session, chain, seen, now_ms=now_ms)
    sum_up(session, chain.clinic_id, deliveries.touched)


def _note(session: Session, chain: LedgerChain, record: records.Record, *, now_ms: int) -> None:
    body = record.body
    if isinstance(body, records.ProvisionedBody):
        if is_known(session, chain.clinic_id, body.patient_id):
            chain.patient_id = body.patient_id
    elif isinstance(body, records.HoldPlacedBody):
        _hold_in_force(session, chain, record, body, now_ms=now_ms)
    elif isinstance(body, records.PrescriptionInstalledBody):
        _installed(session, chain, record, body, now_ms=now_ms)
    elif isinstance(body, records.FaultBody):
        key = f"fault/{chain.device_id.hex()}/{chain.epoch.hex()}/{record.number}"
        cause = Cause(key, "now", "The band reports a fault")
        raise_alert(session, chain, cause, f"It locked itself: {body.code}.", now_ms=now_ms)


def _tell_partial(
    session: Session, row: DeliveredSession, body: records.SessionClosedBody, *, now_ms: int
) -> None:
    if body.completed:
        return
    key = f"partial/{row.device_id.hex()}/{row.epoch.hex()}/{row.opened_number}"
    cause = Cause(key, "today", "A session ended early")
    detail = f"{row.charged_pulses} of {row.planned_pulses} pulses: {cause_words(body.cause)}."
    raise_alert(session, row, cause, detail, now_ms=row.closed_ms or row.opened_ms or now_ms)


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
    record: records.Record,
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
            prescription.in_force_ms = record.clock_ms or now_ms


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
