"""The records and heads of one upload, taken in by band and epoch, each item with its answer.

Locks are taken in one order, so that uploads don't wait for each other for ever: chains by band and
epoch, then days, then what waits for the phone. What a phone alone can bring about is found last,
for it locks the clinic's log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from cloud.dose.days import Touched, sum_up
from cloud.ingest.bodies import UpItem
from cloud.ledger import effects
from cloud.ledger.batch import Answer, Batch, refused
from cloud.ledger.headless import make_room
from cloud.ledger.intake import Intake
from cloud.ledger.models import LedgerChain
from cloud.ledger.names import BEGINNING, is_number
from cloud.ledger.receipts import queue_receipt
from cloud.patients.models import Device
from cloud.phones.bands import bands_of
from cloud.phones.models import Phone
from cloud.proof.kinds import Kind
from cloud.proof.service import Foreign, Seen, find
from shared.trust.keys import SoftwareKey
from shared.wire.errors import WireError
from shared.wire.items import UpKind, ledger_name

_RECORD = UpKind.RECORD.value


class LedgerItems:
    """What one phone's upload brings of its patient's bands, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        phone: Phone,
        means: effects.Means,
        receipt_key: SoftwareKey,
        stand_back: Callable[[], None],
        *,
        now_ms: int,
    ) -> None:
        self._session, self._phone, self._means, self._now_ms = session, phone, means, now_ms
        self._receipt_key, self._stand_back = receipt_key, stand_back
        self._device = session.get_one(Device, (phone.clinic_id, phone.device_id))
        self._device_id = self._device.device_id
        self._bands: dict[bytes, Device] | None = None
        self._batches: dict[tuple[bytes, bytes], Batch] = {}
        self._beginnings: dict[str, Batch] = {}
        self._of_others: list[tuple[int, bytes]] = []
        self._renewed: list[LedgerChain] = []
        self._unattested: list[tuple[LedgerChain, Seen]] = []
        self._touched: set[Touched] = set()

    def sort_in(self, answers: dict[str, Answer], item: UpItem) -> None:
        """Put an item to its neighbours, or answer why not."""
        name = item.id
        beginning, digits = name[:BEGINNING], name[BEGINNING:]
        known = self._beginnings.get(beginning) if item.kind == _RECORD else None
        if known is not None and is_number(digits):
            known.add_record(name, int(digits), item.body)
            return
        try:
            device_id, epoch, number = ledger_name(name, item.kind)
        except WireError:
            answers[name] = refused(f"The id does not name a {item.kind}.")
            return
        batch = self._batch(device_id, epoch)
        if batch is None:
            self._of_others.append((number, device_id))
            answers[name] = refused("This device is not the one of this phone's patient.")
        elif item.kind == _RECORD:
            self._beginnings[beginning] = batch
            batch.add_record(name, number, item.body)
        else:
            batch.add_head(name, number, item.body)

    def _batch(self, device_id: bytes, epoch: bytes) -> Batch | None:
        """The records and heads of a band of this patient's."""
        batch = self._batches.get((device_id, epoch))
        if batch is None:
            device = self._band(device_id)
            if device is None:
                return None
            batch = self._batches[device_id, epoch] = Batch(device, epoch)
        return batch

    def _band(self, device_id: bytes) -> Device | None:
        if device_id == self._device_id:
            return self._device
        if self._bands is None:
            self._bands = bands_of(self._session, self._phone.clinic_id, self._phone.patient_id)
        return self._bands.get(device_id)

    def take(self, answers: dict[str, Answer]) -> None:
        """Take in what was sorted in, and answer each item."""
        for _, batch in sorted(self._batches.items()):
            self._ledger(batch)
            answers |= batch.answers
        sum_up(self._session, self._phone.clinic_id, self._touched)
        for chain in self._renewed:
            self._receipt(chain)
        for chain, seen in self._unattested:
            find(self._session, chain, seen, now_ms=self._now_ms)
        self._find_foreign()

    def _ledger(self, batch: Batch) -> None:
        if not batch.records and not batch.heads:
            return
        if not batch.heads:
            make_room(self._session, batch.device, batch.epoch)
        intake = Intake(self._session, batch, self._phone, now_ms=self._now_ms)
        self._stand_back()
        news = intake.run()
        self._touched |= effects.apply(
            self._session,
            self._means,
            intake.chain,
            news,
            stand_back=self._stand_back,
            now_ms=self._now_ms,
        )
        self._session.flush()
        if news.records:
            self._renewed.append(intake.chain)
        if news.unattested is not None:
            self._unattested.append((intake.chain, news.unattested))

    def _receipt(self, chain: LedgerChain) -> None:
        # A phone reaches the band that it's enrolled for, and no other.
        if chain.device_id != self._device_id:
            return
        queue_receipt(
            self._session,
            chain,
            self._phone.patient_id,
            self._receipt_key,
            now_ms=self._now_ms,
        )

    def _find_foreign(self) -> None:
        words = "Item {} is of another band."
        self._foreign(self._device, self._of_others, words)
        words = "Head {} names this band, and another key signed."
        for _, batch in sorted(self._batches.items()):
            self._foreign(batch.device, batch.forged, words)

    def _foreign(self, device: Device, found: Sequence[tuple[int, bytes]], words: str) -> None:
        """A band that isn't this patient's, or says so falsely: an incident, one until cleared, and
        looked for once in an upload."""
        if not found:
            return
        (number, theirs), last = found[0], max(number for number, _ in found)
        about = Foreign(device, self._phone.patient_id)
        detail = words.format(number)
        ours, phone_id = device.device_id, self._phone.phone_id
        seen = Seen(Kind.FOREIGN_DEVICE, number, last, detail, ours, theirs, phone_id)
        find(self._session, about, seen, now_ms=self._now_ms)
