"""Looks at each verified record for what must never be: counter, clock, dose, owner.

The dose is compared as the band compares it, by the same fold and the same windows, with what was
signed and in force then. So a sound band never comes near a flaw, however close to its limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.dose.known import Known
from cloud.ledger.models import LedgerChain
from cloud.ledger.moving import State
from cloud.ledger.runs import Run
from cloud.ledger.slices import Slice
from cloud.phones.bands import Enrolments
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find
from shared.dose.ledger import OpenSession
from shared.dose.prescription import Prescription, from_bytes
from shared.dose.totals import WEEK_MS, Amount
from shared.wire import records
from shared.wire.records import SessionKind

CLOCK_TOLERANCE_MS = 5 * 60_000
"""How far a band's clock may be ahead of the clinic's, or behind its own past (own figure)."""

Charge = records.SliceReservedBody | records.SliceClosedBody


class Watch:
    """One batch of one chain, in the caller's transaction; to be closed behind the last record."""

    def __init__(self, session: Session, chain: LedgerChain, known: Known, *, now_ms: int) -> None:
        self._session, self._chain, self._now_ms = session, chain, now_ms
        self._known = known
        self._enrolments = Enrolments(session, chain.clinic_id)
        self._signed: dict[bytes, Prescription | None] = {}
        self._grown: dict[Kind, Seen] = {}

    def note(self, before: State, state: State, record: records.Record) -> None:
        """Look at one record between the states before and after it."""
        body, number = record.body, record.number
        self._note_clock(record)
        if isinstance(body, records.SessionOpenedBody) and state.patient_id is not None:
            self._note_owner(state.patient_id, number)
            self._note_replaced(state.patient_id, record)
        if isinstance(body, records.SliceReservedBody) and body.counter != before.counter:
            detail = f"The counter says {body.counter}, the record {before.counter}."
            self._find(Kind.COUNTER, number, detail)
        if isinstance(body, Charge) and state.session is not None:
            for kind, detail in self._beyond(state, state.session):
                self._find(kind, number, detail)

    def passes(self, before: State, run: Run, slices: Sequence[Slice]) -> bool:
        """Take a run of slices in as a whole where none of them can be a flaw; else return False,
        and each is to be noted by itself."""
        return self._within(before, run) and self._pass_clock(slices)

    def _within(self, before: State, run: Run) -> bool:
        session = before.session
        if session is None:
            return False
        signed = self._prescription(before, session.prescription_hash)
        if signed is None or session.planned_pulses > signed.pulses_per_session:
            return False
        if run.charged_at_most > session.planned_pulses:
            return False
        if session.kind is SessionKind.TITRATION:
            return True
        # Windows only lose as time goes by: what was in them before, and all that came, is the most
        # that they can have held in between.
        return all(
            held.pulses + run.added.pulses <= limit.pulses
            and held.sessions + run.added.sessions <= limit.sessions
            for _, held, limit in _windows(before, signed, newest=True)
        )

    def _pass_clock(self, slices: Sequence[Slice]) -> bool:
        told = [one.clock_ms for one in slices if one.clock_ms is not None]
        if not told:
            return True
        last_ms = told[0] if self._chain.clock_ms is None else self._chain.clock_ms
        went_back = told[0] < last_ms - CLOCK_TOLERANCE_MS or told != sorted(told)
        if went_back or told[-1] > self._now_ms + CLOCK_TOLERANCE_MS:
            return False
        self._chain.clock_ms = told[-1]
        return True

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
        if patient_id not in self._known:
            detail = "A session is of a patient who is not in this clinic; it counts for nobody."
            self._find(Kind.STRANGER, number, detail)

    def _note_replaced(self, patient_id: bytes, record: records.Record) -> None:
        """A session, for that is what the course on the other band doesn't know of; whatever else a
        replaced band writes, as it's started to give its record up, harms nobody."""
        if record.clock_ms is None:
            return
        at_ms = record.clock_ms - CLOCK_TOLERANCE_MS
        since_ms = self._enrolments.replaced_ms(patient_id, self._chain.device_id, at_ms)
        if since_ms is not None:
            after_min = (record.clock_ms - since_ms) // 60_000
            detail = f"A session began {after_min:,} min after its patient had another band."
            self._find(Kind.REPLACED, record.number, detail)

    def _beyond(self, state: State, session: OpenSession) -> Iterator[tuple[Kind, str]]:
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
        for kind, charged, limit in _windows(state, signed):
            if charged.pulses > limit.pulses:
                yield kind, _words(charged.pulses, limit.pulses, "pulses")
            elif charged.sessions > limit.sessions:
                yield kind, _words(charged.sessions, limit.sessions, "sessions")

    def _prescription(self, state: State, hash_: bytes) -> Prescription | None:
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
        """Tell the first of a kind at once; of what follows, how far it went, when all is seen."""
        seen = Seen(kind, number, number, detail)
        if kind not in self._grown:
            find(self._session, self._chain, seen, now_ms=self._now_ms)
        self._grown[kind] = seen

    def close(self) -> None:
        """Write down how far each flaw went."""
        for seen in self._grown.values():
            find(self._session, self._chain, seen, now_ms=self._now_ms)


def _windows(
    state: State, signed: Prescription, *, newest: bool = False
) -> Iterator[tuple[Kind, Amount, Amount]]:
    """Yield what is charged in the day, the week and the course, beside what may be; ``newest``
    counts the newest charge in, however old it is."""
    limits = signed.limits
    for kind, window_ms, limit in (
        (
            Kind.BEYOND_DAY,
            limits.day_window_s * 1000,
            Amount(limits.pulses_per_day_window, limits.sessions_per_day_window),
        ),
        (
            Kind.BEYOND_WEEK,
            WEEK_MS,
            Amount(limits.pulses_per_week, limits.sessions_per_week),
        ),
    ):
        held = state.windows.within(window_ms, state.proven_ms)
        last = state.windows.buckets[-1] if newest and state.windows.buckets else None
        if last is not None and last.last_ms <= state.proven_ms - window_ms:
            held = Amount(held.pulses + last.pulses, held.sessions + last.sessions)
        yield kind, held, limit
    yield Kind.BEYOND_COURSE, state.course, Amount(limits.course_pulses, limits.course_sessions)


def _words(charged: int, limit: int, unit: str) -> str:
    return f"{charged:,} {unit} where {limit:,} are prescribed."
