"""Items that phones send: each is answered for itself, none holds up another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.care.service import store_sealed as store_care
from cloud.checkins.models import ScreeningAnswer
from cloud.checkins.service import store_sealed
from cloud.ingest.bodies import ItemAnswer, UpItem
from cloud.ledger import effects
from cloud.ledger.intake import ACCEPTED, DUPLICATE, Answer, Batch, Intake, refused
from cloud.ledger.models import SessionLog
from cloud.ledger.receipts import queue_receipt
from cloud.patients.models import Device
from cloud.phones.models import Phone, ReceivedItem
from cloud.proof.kinds import Kind
from cloud.proof.service import Foreign, Seen, find
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sealing import Sealed
from shared.trust.statements import GateAnswers
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import UpKind, ledger_name

_LEDGER_KINDS = (UpKind.RECORD.value, UpKind.HEAD.value)


class ItemIntake:
    """One phone's batch, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        phone: Phone,
        means: effects.Means,
        receipt_key: SoftwareKey,
        *,
        now_ms: int,
    ) -> None:
        self._session, self._phone, self._means, self._now_ms = session, phone, means, now_ms
        self._receipt_key = receipt_key
        self._device = session.get_one(Device, (phone.clinic_id, phone.device_id))

    def take(self, items: Sequence[UpItem]) -> list[ItemAnswer]:
        """Return one answer for each item, in order."""
        answers: dict[str, Answer] = {}
        batches: dict[bytes, Batch] = {}
        for item in items:
            if item.id in answers:
                continue
            if item.kind in _LEDGER_KINDS:
                self._sort_in(batches, answers, item)
            else:
                answers[item.id] = self._single(item)
        for batch in batches.values():
            self._ledger(batch)
            answers |= batch.answers
        given = ((item.id, answers[item.id]) for item in items)
        return [ItemAnswer(id=name, answer=a.answer, reason=a.reason) for name, a in given]

    def _sort_in(
        self, batches: dict[bytes, Batch], answers: dict[str, Answer], item: UpItem
    ) -> None:
        try:
            device_id, epoch, number = ledger_name(item.id, item.kind)
        except WireError:
            answers[item.id] = refused(f"The id does not name a {item.kind}.")
            return
        if device_id != self._device.device_id:
            self._foreign(number, device_id, f"Item {number} is of another band.")
            answers[item.id] = refused("This device is not the one of this phone's patient.")
            return
        batch = batches.setdefault(epoch, Batch(self._device, epoch))
        if item.kind == UpKind.RECORD.value:
            batch.add_record(item.id, number, item.body)
        else:
            batch.add_head(item.id, number, item.body)

    def _ledger(self, batch: Batch) -> None:
        for number, signer in batch.forged:
            self._foreign(number, signer, f"Head {number} names this band, and another key signed.")
        if not batch.records and not batch.heads:
            return
        intake = Intake(self._session, batch, self._phone.patient_id, now_ms=self._now_ms)
        new = intake.run()
        effects.apply(self._session, self._means, intake.chain, new, now_ms=self._now_ms)
        self._session.flush()
        if new:
            queue_receipt(
                self._session,
                intake.chain,
                self._phone.patient_id,
                self._receipt_key,
                now_ms=self._now_ms,
            )

    def _foreign(self, number: int, theirs: bytes, detail: str) -> None:
        """A band that isn't this patient's, or says so falsely: an incident, one until cleared."""
        about = Foreign(self._device, self._phone.patient_id)
        seen = Seen(Kind.FOREIGN_DEVICE, number, number, detail, self._device.device_id, theirs)
        find(self._session, about, seen, now_ms=self._now_ms)

    def _single(self, item: UpItem) -> Answer:
        owner = (self._phone.clinic_id, self._phone.patient_id)
        body_hash = hashlib.sha256(item.body).digest()
        known = self._session.get(ReceivedItem, (*owner, item.id))
        if known is not None:
            same = known.body_hash == body_hash and known.kind == item.kind
            return Answer(DUPLICATE) if same else refused("Another item came with this id before.")
        try:
            self._store(item)
        except (TrustError, WireError, ValueError) as problem:
            return refused(f"{problem}.")
        self._session.add(
            ReceivedItem(
                clinic_id=owner[0],
                patient_id=owner[1],
                item_id=item.id,
                kind=item.kind,
                body_hash=body_hash,
                received_ms=self._now_ms,
            )
        )
        self._session.flush()
        return Answer(ACCEPTED)

    def _store(self, item: UpItem) -> None:
        if item.kind == UpKind.CHECKIN.value:
            fields.unpack(Sealed, item.body)
            store_sealed(
                self._session,
                self._phone.clinic_id,
                self._phone.patient_id,
                item.id,
                item.body,
                now_ms=self._now_ms,
            )
        elif item.kind == UpKind.CARE.value:
            fields.unpack(Sealed, item.body)
            store_care(
                self._session,
                self._phone.clinic_id,
                self._phone.patient_id,
                item.id,
                item.body,
                now_ms=self._now_ms,
            )
        elif item.kind == UpKind.SESSION_LOG.value:
            self._store_session_log(item)
        elif item.kind == UpKind.GATE_ANSWERS.value:
            self._store_gate_answers(item)
        else:
            raise WireError("kind", "is none that this version takes")

    def _store_session_log(self, item: UpItem) -> None:
        fields.unpack(Sealed, item.body)
        self._session.add(
            SessionLog(
                clinic_id=self._phone.clinic_id,
                patient_id=self._phone.patient_id,
                item_id=item.id,
                sealed=item.body,
                received_ms=self._now_ms,
            )
        )

    def _store_gate_answers(self, item: UpItem) -> None:
        answers = sign1.verify(
            GateAnswers,
            item.body,
            audience=self._phone.device_id,
            key=PublicKey(self._phone.app_key),
        )
        if answers.patient_id != self._phone.patient_id:
            raise TrustError("patient", "The answers are of another patient")
        self._session.add(
            ScreeningAnswer(
                clinic_id=self._phone.clinic_id,
                patient_id=self._phone.patient_id,
                item_id=item.id,
                envelope=item.body,
                outcome=int(answers.outcome),
                received_ms=self._now_ms,
            )
        )
