"""The word that attests a band's time, as the band's own verified record allows it (R6).

It's measured from the record before the loss to now, by the clinic's clock and rounded down to a
minute: the band takes no more than its own clock saw pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.attesting.models import TimeAsked
from cloud.attesting.requests import LIFE_MS, newest
from cloud.errors import Refused
from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device
from cloud.words.models import StaffWord
from shared.care import lost_time
from shared.care.lost_time import LostTime
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.dose.ledger_state import LedgerState
from shared.trust.staff_words import AttestTime
from shared.wire import fields, records

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Offer:
    """What a band asks, and what its record says; ``signed`` is the newest word over its nonce."""

    asked: TimeAsked | None
    lost: LostTime
    boot_count: int
    signed: StaffWord | None = None

    def until_ms(self) -> int:
        """Until when the band takes an answer, at most."""
        return 0 if self.asked is None else self.asked.asked_ms + LIFE_MS

    def expired(self, now_ms: int) -> bool:
        """Whether the band takes none any more."""
        return self.asked is not None and now_ms >= self.until_ms()

    @property
    def signed_for_another_boot(self) -> bool:
        """Whether the band restarted since the word was signed, and doesn't take it."""
        if self.signed is None:
            return False
        return fields.unpack(AttestTime, self.signed.data).boot_count != self.boot_count

    def is_open(self, now_ms: int) -> bool:
        """Whether a word can be signed now."""
        waits = self.signed is not None and not self.signed_for_another_boot
        return self.asked is not None and not (
            self.expired(now_ms) or waits or not self.lost.is_enough
        )

    def elapsed_ms(self, now_ms: int) -> int:
        """How long ago the record before the loss is, in whole minutes of milliseconds."""
        if self.lost.before is None:
            return 0
        return (now_ms - self.lost.before.clock_ms) // MINUTE_MS * MINUTE_MS

    def word(self, device_id: bytes, nonce: str, *, now_ms: int) -> AttestTime:
        """Return the word; raise Refused where none can be signed, or another nonce was meant."""
        before = self.lost.before
        if self.asked is None or before is None or not self.is_open(now_ms):
            raise Refused("The band takes no such word now. Open the page again.", code="time")
        if self.asked.nonce.hex() != nonce:
            raise Refused("The band asked anew. Open the page again.", code="nonce")
        return AttestTime(
            device_id,
            self.boot_count,
            before.number,
            before.hash,
            self.asked.nonce,
            self.elapsed_ms(now_ms),
        )


def offer(session: Session, device: Device) -> Offer:
    """Return what the band asks, beside what its verified record says of lost time."""
    asked = newest(session, device.clinic_id, device.device_id)
    if asked is None:
        return Offer(None, LostTime(), 0)
    lost, state = _read(session, device)
    return Offer(asked, lost, state.boot_count, _signed(session, asked))


def _read(session: Session, device: Device) -> tuple[LostTime, LedgerState]:
    """Fold the whole verified record: this page is opened seldom, and keeps no state of its own."""
    lost, state = LostTime(), LedgerState()
    chain = session.scalar(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == device.clinic_id, LedgerChain.device_id == device.device_id)
        .order_by(LedgerChain.received_to.desc())
        .limit(1)
    )
    if chain is None:
        return lost, state
    state = ledger.genesis(chain.device_id, chain.epoch)
    try:
        for each in stretches.records(session, chain, last=chain.verified_to):
            record = records.decode_record(each.data)
            state = ledger.follow(state, record, each.data)
            lost = lost_time.note(lost, record, state)
    except LedgerError:
        return LostTime(), state
    return lost, state


def _signed(session: Session, asked: TimeAsked) -> StaffWord | None:
    """The newest word that was signed over this nonce."""
    found = session.scalars(
        select(StaffWord)
        .where(
            StaffWord.clinic_id == asked.clinic_id,
            StaffWord.device_id == asked.device_id,
            StaffWord.type == AttestTime.TYPE,
            StaffWord.signed_ms.is_not(None),
        )
        .order_by(StaffWord.signed_ms.desc())
    )
    over = (word for word in found if fields.unpack(AttestTime, word.data).nonce == asked.nonce)
    return next(over, None)
