"""Looks at each verified record for what must never be: counter, clock, dose, owner.

The dose is compared as the band compares it, by the same fold and the same windows, with what was
signed and in force then. So a sound band never comes near a flaw, however close to its limits.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.dose.deliveries import is_known
from cloud.ledger.models import LedgerChain
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find
from shared.dose.ledger import LedgerState, OpenSession
from shared.dose.prescription import Prescription, from_bytes
from shared.dose.totals import WEEK_MS, Amount
from shared.wire import records
from shared.wire.records import SessionKind

CLOCK_TOLERANCE_MS = 5 * 60_000
"""How far a band's clock may be ahead of the clinic's, or behind its own past (own figure)."""

Charge = records.SliceReservedBody | records.SliceClosedBody


class Watch:
    """One batch of one chain, in the caller's transaction."""

    def __init__(self, session: Session, chain: LedgerChain, *, now_ms: int) -> None:
        self._session, self._chain, self._now_ms = session, chain, now_ms
        self._signed: dict[bytes, Prescription | None] = {}

    def note(self, before: LedgerState, state: LedgerState, record: records.Record) -> None:
        """Look at one record between the states before and after it."""
        body, number = record.body, record.number
        self._note_clock(record)
        if isinstance(body, records.SessionOpenedBody) and state.patient_id is not None:
            self._note_owner(state.patient_id, number)
        if isinstance(body, records.SliceReservedBody) and body.counter != before.counter:
            detail = f"The counter says {body.counter}, the record {before.counter}."
            self._find(Kind.COUNTER, number, detail)
        if isinstance(body, Charge) and state.session is not None:
            for kind, detail in self._beyond(state, state.session):
                self._find(kind, number, detail)

    def _note_clock(self, record: records.Record) -> None:
        clock_ms, last_ms = record.clock_ms, self._chain.clock_ms
        if clock_ms is None:
            if isinstance(record.body, records.SessionOpenedBody):
                self._find(Kind.CLOCK, record.number, "A session began without a time.")
            return
        if clock_ms > self._now_ms + CLOCK_TOLERANCE_MS:
            ahead_min = (clock_ms - self._now_ms) // 60_000
            detail = f"It is {ahead_min} min ahead of the clinic's."
            self._find(Kind.CLOCK, record.number, detail)
        elif last_ms is not None and clock_ms < last_ms - CLOCK_TOLERANCE_MS:
            back_min = (last_ms - clock_ms) // 60_000
            self._find(Kind.CLOCK, record.number, f"It went back by {back_min} min.")
        self._chain.clock_ms = clock_ms

    def _note_owner(self, patient_id: bytes, number: int) -> None:
        if not is_known(self._session, self._chain.clinic_id, patient_id):
            detail = "A session is of a patient who is not in this clinic; it counts for nobody."
            self._find(Kind.STRANGER, number, detail)

    def _beyond(self, state: LedgerState, session: OpenSession) -> Iterator[tuple[Kind, str]]:
        signed = self._prescription(state, session.prescription_hash)
        if signed is None:
            name = session.prescription_hash.hex()[:16]
            yield Kind.UNSIGNED, f"The band names {name}, which nobody here signed for this person."
            return
        most = max(session.planned_pulses, 0)
        if session.charged_pulses > most or most > signed.pulses_per_session:
            allowed = min(most, signed.pulses_per_session)
            yield Kind.BEYOND_SESSION, _words(session.charged_pulses, allowed, "pulses")
        if session.kind is SessionKind.TITRATION:
            return
        limits, now_ms = signed.limits, state.proven_ms
        for kind, charged, limit in (
            (
                Kind.BEYOND_DAY,
                state.windows.within(limits.day_window_s * 1000, now_ms),
                Amount(limits.pulses_per_day_window, limits.sessions_per_day_window),
            ),
            (
                Kind.BEYOND_WEEK,
                state.windows.within(WEEK_MS, now_ms),
                Amount(limits.pulses_per_week, limits.sessions_per_week),
            ),
            (
                Kind.BEYOND_COURSE,
                state.course,
                Amount(limits.course_pulses, limits.course_sessions),
            ),
        ):
            if charged.pulses > limit.pulses:
                yield kind, _words(charged.pulses, limit.pulses, "pulses")
            elif charged.sessions > limit.sessions:
                yield kind, _words(charged.sessions, limit.sessions, "sessions")

    def _prescription(self, state: LedgerState, hash_: bytes) -> Prescription | None:
        if hash_ not in self._signed:
            data = self._session.scalar(
                select(StoredPrescription.data).where(
                    StoredPrescription.clinic_id == self._chain.clinic_id,
                    StoredPrescription.patient_id == state.patient_id,
                    StoredPrescription.device_id == self._chain.device_id,
                    StoredPrescription.hash == hash_,
                    StoredPrescription.signed_ms.is_not(None),
                )
            )
            self._signed[hash_] = None if data is None else from_bytes(data)
        return self._signed[hash_]

    def _find(self, kind: Kind, number: int, detail: str) -> None:
        seen = Seen(kind, number, number, detail)
        find(self._session, self._chain, seen, now_ms=self._now_ms)


def _words(charged: int, limit: int, unit: str) -> str:
    return f"{charged:,} {unit} where {limit:,} are prescribed."
