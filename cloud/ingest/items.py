"""Items that phones send: each is answered for itself, none holds up another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from cloud.attesting import requests as time_requests
from cloud.care.service import store_sealed as store_care
from cloud.caregivers.service import take_word
from cloud.checkins.models import ScreeningAnswer
from cloud.checkins.service import store_sealed
from cloud.ingest.bodies import UpItem
from cloud.ingest.ledger_items import LedgerItems
from cloud.ledger import effects
from cloud.ledger.batch import KNOWN, REFUSED, TAKEN, Answer, refused
from cloud.ledger.models import SessionLog
from cloud.phones.models import Phone, ReceivedItem
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sealing import Sealed
from shared.trust.statements import GateAnswers
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import UpKind

ITEMS_IN_ONE_GO = 100
"""After so many a large upload may stand back for a small one."""
_OTHER = "Another item came with this id before."
_LEDGER_KINDS = (UpKind.RECORD.value, UpKind.HEAD.value)


class ItemIntake:
    """One phone's batch, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        phone: Phone,
        means: effects.Means,
        receipt_key: SoftwareKey,
        stand_back: Callable[[], None] = lambda: None,
        *,
        now_ms: int,
    ) -> None:
        self._session, self._phone, self._now_ms = session, phone, now_ms
        self._stand_back, self._pages = stand_back, means.pages
        self._ledger = LedgerItems(session, phone, means, receipt_key, stand_back, now_ms=now_ms)

    def take(self, items: Sequence[UpItem]) -> list[Answer]:
        """Return the answer to each item, in their order."""
        answers: dict[str, Answer] = {}
        firsts: dict[str, UpItem] = {}
        again: dict[int, UpItem] = {}
        for start in range(0, len(items), ITEMS_IN_ONE_GO):
            self._stand_back()
            for place, item in enumerate(items[start : start + ITEMS_IN_ONE_GO], start):
                if firsts.setdefault(item.id, item) is not item:
                    again[place] = item
                elif item.kind in _LEDGER_KINDS:
                    self._ledger.sort_in(answers, item)
                else:
                    answers[item.id] = self._single(item)
        self._ledger.take(answers)
        given = [answers[item.id] for item in items]
        for place, item in again.items():
            given[place] = _to_the_second(item, firsts[item.id], given[place])
        return given

    def _single(self, item: UpItem) -> Answer:
        owner = (self._phone.clinic_id, self._phone.patient_id)
        body_hash = hashlib.sha256(item.body).digest()
        known = self._session.get(ReceivedItem, (*owner, item.id))
        if known is not None:
            same = known.body_hash == body_hash and known.kind == item.kind
            return KNOWN if same else refused(_OTHER)
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
        return TAKEN

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
        elif item.kind == UpKind.CAREGIVER.value:
            take_word(
                self._session,
                self._phone,
                item.body,
                pages=self._pages,
                now_ms=self._now_ms,
            )
        elif item.kind == UpKind.SESSION_LOG.value:
            self._store_session_log(item)
        elif item.kind == UpKind.GATE_ANSWERS.value:
            self._store_gate_answers(item)
        elif item.kind == UpKind.TIME_REQUEST.value:
            time_requests.take(self._session, self._phone, item.id, item.body, now_ms=self._now_ms)
        else:
            raise WireError("kind", "is none that this version takes")

    def _store_session_log(self, item: UpItem) -> None:
        fields.unpack(Sealed, item.body)
        self._session.add(
            SessionLog(
                clinic_id=self._phone.clinic_id,
                patient_id=self._phone.patient_id,
                item_id=item.id,
                body=item.body,
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


def _to_the_second(item: UpItem, first: UpItem, answer: Answer) -> Answer:
    """Return what the second of two items with one id is answered in the same request."""
    if (item.kind, item.body) != (first.kind, first.body):
        return refused(_OTHER)
    return answer if answer.answer == REFUSED else KNOWN
