"""A made-up band: it asks the shared lock, writes the records that a band writes, and signs heads.

Order and bodies are those of a real session: docs/protocol.md, and tests compare the two.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cloud.demo_data.chance import Chance
from shared.dose import ledger
from shared.dose.lock import Case, Condition, Times, Verdict, decide
from shared.dose.prescription import Prescription, from_bytes, hash_of
from shared.stimulation.schedule import slices_of_train
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import HoldKind, HoldSource, LedgerHead, PlaceHold
from shared.wire import records
from shared.wire.records import CloseCause

FIRMWARE = "1.0.0-demo"
WELL = Condition(
    coil_temperature_c=24,
    contact=True,
    position_ok=True,
    battery_percent=90,
    self_test_passed=True,
    ledger_has_room=True,
    faulty=False,
)


@dataclass(frozen=True)
class Owner:
    """To whom a band belongs, and what says so."""

    clinic_id: str
    patient_id: bytes
    transfer: bytes
    assignment: bytes


@dataclass(frozen=True)
class Wanted:
    """A session that a person wants: stopped after so many trains, and what is wrong with it."""

    stopped_after: int | None = None
    extra_trains: int = 0
    counter_behind: int = 0


class DemoBand:
    """One band's record. ``clock_back_ms`` is by how much its clock is behind the clinic's."""

    def __init__(self, device_id: bytes, key: SoftwareKey, chance: Chance) -> None:
        self.device_id, self._key, self._chance = device_id, key, chance
        self.epoch = chance.data()
        self.state = ledger.genesis(device_id, self.epoch)
        self.data: list[bytes] = []
        self.clock_back_ms = 0
        self._boots, self._boot_ms = 1, 0
        self._plan: Prescription | None = None

    def provision(self, owner: Owner, *, now_ms: int) -> None:
        """Belong to somebody from now on, and learn the time (R7, R23)."""
        self._owner, self._boot_ms = owner, now_ms
        named = sign1.name_of(owner.transfer), sign1.name_of(owner.assignment)
        self.write(records.ProvisionedBody(*named, owner.patient_id), now_ms=now_ms, clock=False)
        self.write(records.BootBody(0, False, 0, FIRMWARE), now_ms=now_ms, clock=False)
        self.write(records.ClockSetBody(now_ms, self._chance.data(32)), now_ms=now_ms)

    def boot(self, *, now_ms: int, lost_ms: int = 0) -> None:
        """Start anew, as after a night off; the backed clock proves the time between (R5), but for
        what was lost of it: then the phone sets the clock again."""
        proven_ms = self.state.proven_at(now_ms - self._boot_ms) - lost_ms
        self._boots, self._boot_ms = self._boots + 1, now_ms
        boot = records.BootBody(proven_ms, not lost_ms, proven_ms, FIRMWARE)
        self.write(boot, now_ms=now_ms, clock=not lost_ms)
        if lost_ms:
            self.write(records.ClockLostBody(0), now_ms=now_ms, clock=False)
            self.write(records.ClockSetBody(now_ms, self._chance.data(32)), now_ms=now_ms)

    def write(self, body: records.Body, *, now_ms: int, clock: bool = True) -> None:
        """Append one record."""
        record = records.Record(
            self.state.number + 1,
            body.TYPE,
            self._boots,
            now_ms - self._boot_ms,
            now_ms - self.clock_back_ms if clock else None,
            body,
        )
        data = records.encode_record(record)
        self.state = ledger.follow(self.state, record, data)
        self.data.append(data)

    # What the phone brings

    def authorize(
        self, enrolment: bytes, app_key: SoftwareKey, number: int, *, now_ms: int
    ) -> None:
        """Take an app (R22)."""
        key_id = app_key.public_key.key_id
        body = records.AppAuthorizedBody(sign1.name_of(enrolment), key_id, number)
        self.write(body, now_ms=now_ms)

    def install(self, data: bytes, signer: bytes, *, now_ms: int) -> None:
        """Take a prescription in force; ``signer`` is the staff key's id (R17)."""
        found = from_bytes(data)
        self._plan = found
        body = records.PrescriptionInstalledBody(
            hash_of(data), found.serial, found.course_id, found.kind, signer[: records.SIGNER_BYTES]
        )
        self.write(body, now_ms=now_ms)

    def clear(self, body: records.ClearanceBody, *, now_ms: int) -> None:
        """Take the clinic's recent word (R20)."""
        self.write(body, now_ms=now_ms)

    def hold(self, placed: PlaceHold, *, now_ms: int) -> None:
        """Hold, as the clinic asked (R21)."""
        body = records.HoldPlacedBody(
            placed.hold_id, HoldKind(placed.kind), HoldSource.CLOUD, placed.reason, placed.number
        )
        self.write(body, now_ms=now_ms)

    def lift_holds(self, *, now_ms: int) -> None:
        """End every hold, by the word of a person who may (R21)."""
        for hold in self.state.holds:
            body = records.HoldLiftedBody(self._chance.data(32), hold.hold_id)
            self.write(body, now_ms=now_ms)

    # Sessions

    def asked(self, *, now_ms: int) -> Verdict:
        """Return what the lock says of a session that opens now."""
        times = Times(self.state.proven_at(now_ms - self._boot_ms), now_ms - self.clock_back_ms)
        case = Case(
            prescription=self._plan,
            device_id=self.device_id,
            ledger=self.state,
            times=times,
            condition=WELL,
        )
        return decide(case)

    def treat(self, wanted: Wanted, *, now_ms: int) -> bytes:
        """Give a session that the lock permitted; return its id."""
        plan, session_id = self._plan, self._chance.data()
        assert plan is not None
        named = hash_of_plan(self.state)
        opened = records.SessionOpenedBody(
            session_id,
            named,
            plan.pulses_per_session,
            plan.trains_per_session,
            self._chance.data(32),
        )
        self.write(opened, now_ms=now_ms)
        ended_ms = self._trains(plan, wanted, begin_ms=now_ms)
        self._close(session_id, wanted, ended_ms)
        return session_id

    def _trains(self, plan: Prescription, wanted: Wanted, *, begin_ms: int) -> int:
        part, end_ms = plan.parts[0], begin_ms
        percent = plan.percent_mso(0, self.state.course_completed)
        trains = (wanted.stopped_after or part.trains) + wanted.extra_trains
        for train in range(1, trains + 1):
            train_us = part.plan.train_begin_us(train)
            for piece in slices_of_train(part.pattern, train):
                first_us = train_us + part.pattern.pulse_us(piece.first)
                last_us = train_us + part.pattern.pulse_us(piece.first + piece.count - 1)
                counter = self.state.counter - wanted.counter_behind
                reserved = records.SliceReservedBody(
                    train, piece.number, piece.count, percent, max(0, counter)
                )
                self.write(reserved, now_ms=begin_ms + first_us // 1000)
                end_ms = begin_ms - (-last_us // 1000)
                proven_ms = self.state.proven_at(end_ms - self._boot_ms)
                closed = records.SliceClosedBody(
                    train, piece.number, piece.count, piece.count, proven_ms
                )
                self.write(closed, now_ms=end_ms)
        return end_ms

    def _close(self, session_id: bytes, wanted: Wanted, now_ms: int) -> None:
        session = self.state.session
        assert session is not None
        whole = wanted.stopped_after is None
        if not whole:
            self.write(records.SessionPausedBody(records.PauseCause.STOP), now_ms=now_ms)
        cause = CloseCause.COMPLETED if whole else CloseCause.ENDED_BY_PERSON
        body = records.SessionClosedBody(session_id, cause, whole, session.charged_pulses)
        self.write(body, now_ms=now_ms)

    # What it signs

    def head(self, nonce: bytes, *, now_ms: int, hash_: bytes | None = None) -> bytes:
        """Return a signed head over everything so far, or over another history of that length."""
        head = LedgerHead(
            self.device_id,
            self.epoch,
            self.state.number,
            self.state.hash if hash_ is None else hash_,
            nonce,
            self._boots,
            now_ms - self._boot_ms,
        )
        return sign1.sign(head, audience=self._owner.clinic_id.encode(), signer=self._key)


def hash_of_plan(state: ledger.LedgerState) -> bytes:
    """Return the name of the prescription in force."""
    assert state.prescription_hash is not None
    return state.prescription_hash


def other_history(state: ledger.LedgerState) -> bytes:
    """Return the hash of a history that never was, up to the same number."""
    return hashlib.sha256(state.hash).digest()
