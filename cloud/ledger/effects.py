"""What verified records mean for the clinic: sessions delivered, holds and prescriptions in force.

Runs the shared fold over the verified bytes; a dose is never counted any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import or_, select, true, update
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, raise_alert
from cloud.attesting import requests as time_requests
from cloud.bands.retiring import LAST_WORD, retire
from cloud.dose.closures import Closures
from cloud.dose.days import Touched
from cloud.dose.deliveries import Delivered, Deliveries
from cloud.dose.known import Known
from cloud.holds import confirming
from cloud.holds.models import Hold
from cloud.holds.placing import by_record
from cloud.ledger import runs
from cloud.ledger.firmware import Firmwares
from cloud.ledger.folds import Folds
from cloud.ledger.intake import News
from cloud.ledger.models import LedgerChain
from cloud.ledger.moving import Moving, State
from cloud.ledger.slices import Slice
from cloud.ledger.stretches import Verified
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find
from cloud.proof.watch import Watch
from cloud.times import Times
from cloud.words.service import note_record as note_word
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.wire import records
from shared.wire.errors import WireError
from shared.wire.records import Record


@dataclass(frozen=True)
class Means:
    """What the effects of items need of their process: kept folds, the days' time zone, and the
    address of the clinic's pages."""

    folds: Folds
    times: Times
    pages: str = ""


def apply(
    session: Session,
    means: Means,
    chain: LedgerChain,
    news: News,
    *,
    now_ms: int,
    stand_back: Callable[[], None] = lambda: None,
) -> set[Touched]:
    """Fold the newly verified records and write down what they mean; return the days that are to be
    summed anew. ``stand_back`` is called between runs of records."""
    if not news.records:
        return set()
    # What a band runs is told also by a record that doesn't add up.
    firmwares = Firmwares(session, chain)
    for line, one in zip(news.lines, news.records, strict=True):
        if isinstance(line, Record):
            firmwares.note(line, one.received_ms)
    meaning = _Meaning(session, means.times, chain, now_ms=now_ms)
    first = news.records[0].number
    meaning.number = first
    try:
        moving = Moving(means.folds.state(session, chain, first - 1, news.before))
        meaning.follow(moving, news, stand_back)
        state = moving.state()
        means.folds.keep(state)
        chain.holds_open = len(state.holds)
    except (LedgerError, WireError) as problem:
        detail = f"Record {meaning.number} does not follow from those before it: {problem}."
        seen = Seen(Kind.UNSOUND, meaning.number, news.records[-1].number, detail)
        find(session, chain, seen, now_ms=now_ms)
    meaning.watch.close()
    meaning.deliveries.write()
    return meaning.deliveries.touched


class _Meaning:
    """What one batch's records mean; ``number`` is the record that is being looked at."""

    def __init__(self, session: Session, times: Times, chain: LedgerChain, *, now_ms: int) -> None:
        self._session, self._chain, self._now_ms = session, chain, now_ms
        self._known = Known(session, chain.clinic_id)
        self.deliveries = Deliveries(session, chain, times, self._known)
        self._closures = Closures(session, chain, times, self._known)
        self.watch = Watch(session, chain, self._known, now_ms=now_ms)
        self.number = 0

    def follow(self, moving: Moving, news: News, stand_back: Callable[[], None]) -> None:
        """Lead over the records, runs of slices at once; raise LedgerError, WireError."""
        new, lines, place = news.records, news.lines, 0
        while place < len(new):
            end = place
            while end < len(lines) and isinstance(lines[end], Slice):
                end += 1
            if end > place:
                stand_back()
                slices = cast(Sequence[Slice], lines[place:end])
                self._run(moving, slices, new[place:end])
                place = end
            else:
                self._one(moving, cast(Record, lines[place]), new[place])
                place += 1

    def _run(self, moving: Moving, slices: Sequence[Slice], new: Sequence[Verified]) -> None:
        run = runs.follow(moving, slices, new[-1].hash)
        if run is not None and self.watch.passes(moving, run, slices):
            moving.change(run.changes)
            self.deliveries.progress(moving, run.percent_mso)
            return
        for line, each in zip(slices, new, strict=True):
            self._one(moving, line.record(), each)

    def _one(self, moving: Moving, record: Record, each: Verified) -> None:
        self.number = each.number
        before: State = moving
        if not moving.take(record, each.hash):
            before = moving.state()
            moving.move_to(ledger.follow(before, record, each.data))
        self._note(before, moving, record)
        self.watch.note(before, moving, record)
        self._closures.note(before, moving, record, each.received_ms)
        row = self.deliveries.note(moving, record, each.received_ms)
        if row is not None and isinstance(record.body, records.SessionClosedBody):
            _tell_partial(self._session, row, record.body, now_ms=self._now_ms)

    def _note(self, before: State, state: State, record: Record) -> None:
        session, chain, body, now_ms = self._session, self._chain, record.body, self._now_ms
        if isinstance(body, records.ProvisionedBody):
            if body.patient_id in self._known:
                chain.patient_id = body.patient_id
        elif isinstance(body, records.HoldPlacedBody):
            _hold_in_force(session, chain, state, record, body, now_ms=now_ms)
        elif isinstance(body, records.PrescriptionInstalledBody):
            _installed(session, chain, record, body, now_ms=now_ms)
        elif isinstance(body, records.RetiredBody):
            retire(session, chain, LAST_WORD, now_ms=record.clock_ms or now_ms)
        elif isinstance(body, records.FaultBody):
            key = f"fault/{chain.device_id.hex()}/{chain.epoch.hex()}/{record.number}"
            cause = Cause(key, "now", "The band reports a fault")
            raise_alert(session, chain, cause, f"It locked itself: {body.code}.", now_ms=now_ms)
        elif isinstance(body, records.HoldConfirmedBody):
            owner = (chain.clinic_id, chain.device_id, body.hold_id)
            confirming.note_record(session, *owner, record_number=record.number, now_ms=now_ms)
        note_word(session, chain.clinic_id, chain.device_id, record, now_ms=now_ms)
        time_requests.note_record(session, chain, chain.device_id, record, now_ms=now_ms)
        if before.holds is not state.holds:
            _holds_ended(session, chain, before, state, now_ms=now_ms)


def _tell_partial(
    session: Session, row: Delivered, body: records.SessionClosedBody, *, now_ms: int
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
    state: State,
    record: Record,
    body: records.HoldPlacedBody,
    *,
    now_ms: int,
) -> None:
    hold = session.get(Hold, (chain.clinic_id, body.hold_id))
    if hold is None or hold.device_id != chain.device_id:
        cause = Cause(f"hold/{body.hold_id.hex()}", "now", "The band holds treatment")
        detail = f"{by_record(body)}. Reason on the record: {body.reason}."
        raise_alert(session, chain, cause, detail, now_ms=now_ms)
        return
    hold.in_force_ms = now_ms
    hold.record_number = record.number
    if state.hold(body.hold_id) is None:  # the band had no room for one more
        hold.joined_id = state.holds[-1].hold_id


def _holds_ended(
    session: Session, chain: LedgerChain, before: State, state: State, *, now_ms: int
) -> None:
    """End what is open no more, and what had joined it; where nothing is open, all that was."""
    gone = [each.hold_id for each in before.holds if state.hold(each.hold_id) is None]
    if not gone:
        return
    over = or_(Hold.hold_id.in_(gone), Hold.joined_id.in_(gone))
    ended = update(Hold).where(
        Hold.clinic_id == chain.clinic_id,
        Hold.device_id == chain.device_id,
        Hold.in_force_ms.is_not(None),
        Hold.ended_ms.is_(None),
        over if state.holds else true(),
    )
    session.execute(ended.values(ended_ms=now_ms))


def _installed(
    session: Session,
    chain: LedgerChain,
    record: Record,
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
            prescription.record_number, prescription.known_ms = record.number, now_ms


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
