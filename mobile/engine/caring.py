"""Care between phone and clinic: what the person tells, what the clinic knows of it, its card.

`tell` and `standing` are for every flow; `Caring` is the phone's copy of what the clinic said. What
comes for the person is taken in here, what comes for the band is the errands'.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobile.engine import close_by_book
from mobile.language import _
from mobile.presenters.standing import Known, Standing
from mobile.store import Store
from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from shared.care import bodies, documents
from shared.care.bodies import CareItem
from shared.care.card import ClinicCard, Prescribed
from shared.care.caregiver import CaregiverNews
from shared.care.documents import SignedDocument
from shared.care.from_clinic import ClinicMessage, Seen
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.sealing import seal
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.items import DownKind, UpKind, care_context, care_id

if TYPE_CHECKING:
    from mobile.engine.context import Context
    from mobile.engine.enrolment import Enrolment

__all__ = [
    "WATCH_LIMIT_MS",
    "Caring",
    "Known",
    "Standing",
    "default_card",
    "standing",
    "tell",
    "watched",
]

log = logging.getLogger(__name__)

WATCH_LIMIT_MS = 15 * 60_000
"""So long after the clinic's watch last beat, nobody is watching (own figure)."""
EVERYWHERE_IN_EUROPE = "112"
_SETTING = "clinic-card"
_SALT_BYTES = 16
_CHECKIN_EVERY_DAYS = 7


def tell(context: Context, item: CareItem) -> str:
    """Queue something for the clinic's care team, sealed so that only they read it; return its id.

    Raise WireError where a field is past its limit: nothing is queued then. It goes as soon as
    there's a network.
    """
    enrolment = context.require_enrolment()
    now_ms = context.instants.wall_ms()
    plain = bodies.pack(item, at_ms=now_ms, patient_id=enrolment.patient_id)
    sealed = seal(
        plain, to=PublicKey(enrolment.care_key), context=care_context(enrolment.patient_id)
    )
    item_id = care_id(now_ms, secrets.token_bytes(_SALT_BYTES))
    context.store.outbox.queue([OutboxItem(item_id, UpKind.CARE, sealed)], now_ms=now_ms)
    context.wake()
    return item_id


def standing(context: Context, item_id: str) -> Standing:
    """Return what the clinic knows of an item, by the id that `tell` returned."""
    seen = context.caring.seen_by(item_id)
    if seen is not None:
        return Standing(Known.SEEN, seen.at_ms, seen.by)
    answered = context.store.outbox.answered(item_id)
    if answered is None:
        return Standing(Known.NOT_SENT)
    known = Known.REFUSED if answered.refused else Known.ON_SERVER
    return Standing(known, answered.at_ms)


def watched(context: Context) -> bool:
    """Return whether somebody's watch over this clinic's items beats, as far as the phone knows."""
    reached_ms, beat_ms = context.reached_wall_ms, context.watched_wall_ms
    if not context.reachable or reached_ms is None or beat_ms is None:
        return False
    silent_ms = max(reached_ms, context.instants.wall_ms()) - beat_ms
    return silent_ms <= WATCH_LIMIT_MS


def default_card(clinic_name: str | None) -> ClinicCard:
    """Return what holds until a card came: no hours, nobody on call, all questions asked."""
    return ClinicCard(
        serial=0,
        clinic_name=clinic_name or _("Your clinic"),
        zone="UTC",
        hours=(),
        day_number=_("see your letter"),
        on_call_number="",
        emergency_number=EVERYWHERE_IN_EUROPE,
        crisis_lines=(),
        medicines=(),
        asks_pregnancy=True,
        ear_protection=True,
        instruments=(Prescribed("phq-9", _CHECKIN_EVERY_DAYS),),
        ready_sentences=(),
        lessons_serial=0,
        safety_plan=(),
    )


@dataclass(frozen=True)
class _Kept:
    """A card, and whose: one clinic's is never another's."""

    clinic_id: bytes = wire(1, minimum=1, maximum=32)
    card: ClinicCard = wire(2)


class Caring:
    """What the clinic told this phone: its newest card, and what of this phone's it has seen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._card: ClinicCard | None = None
        self._seen: dict[str, Seen] = {}

    def begin(self, enrolment: Enrolment) -> None:
        """Take up what is kept of this enrolment's clinic."""
        data = self._store.settings.get(_SETTING)
        kept = None if data is None else fields.unpack(_Kept, data)
        # It was judged when it came; the certificate of that day may have ended since.
        self._card = None if kept is None or kept.clinic_id != enrolment.clinic_id else kept.card
        for item in self._store.downstream.all_of(DownKind.SEEN):
            self._take_seen(item)

    @property
    def card(self) -> ClinicCard | None:
        """The newest card that the clinic signed, if one came."""
        return self._card

    def seen_by(self, item_id: str) -> Seen | None:
        """Return who first saw an item of this phone's."""
        return self._seen.get(item_id)

    def take_in(self, enrolment: Enrolment, *, now_ms: int) -> None:
        """Take in what came for the person and not for the band."""
        for item in self._store.downstream.unapplied():
            if item.kind not in _FOR_THE_PERSON:
                continue
            with self._store.transaction():
                refusal = self._take(item, enrolment, now_ms=now_ms)
                self._store.downstream.apply(item.cursor, now_ms=now_ms, refusal=refusal)
            if refusal is not None:
                log.warning("a %s isn't taken: %s", item.kind, refusal)

    def _take(self, item: DownItem, enrolment: Enrolment, *, now_ms: int) -> str | None:
        """Take one item; return why not."""
        try:
            if item.kind is DownKind.CLINIC_CARD:
                self._take_card(item, enrolment, now_ms=now_ms)
            elif item.kind is DownKind.SEEN:
                self._take_seen(item)
            elif item.kind is DownKind.CAREGIVER:
                news = fields.unpack(CaregiverNews, item.body)
                close_by_book.take_news(self._store, enrolment.clinic_id, news)
            else:
                self._take_message(item, now_ms=now_ms)
        except (TrustError, WireError) as problem:
            return str(problem)
        return None

    def _take_card(self, item: DownItem, enrolment: Enrolment, *, now_ms: int) -> None:
        card = documents.judge_card(
            fields.unpack(SignedDocument, item.body),
            clinic_id=enrolment.clinic_id,
            root=PublicKey(enrolment.clinic_root),
            now_s=now_ms // 1000,
        )
        kept = self._card
        if kept is not None and card.serial <= kept.serial:
            raise WireError("serial", f"is {card.serial}, and {kept.serial} is here already")
        self._store.settings.put(_SETTING, fields.pack(_Kept(enrolment.clinic_id, card)))
        self._card = card

    def _take_message(self, item: DownItem, *, now_ms: int) -> None:
        message = fields.unpack(ClinicMessage, item.body)
        self._store.messages.receive(
            message.message_id.hex(), item.body, sent_ms=message.sent_ms, now_ms=now_ms
        )

    def _take_seen(self, item: DownItem) -> None:
        seen = fields.unpack(Seen, item.body)
        self._seen.setdefault(seen.item_id, seen)


_FOR_THE_PERSON = frozenset(
    {DownKind.CLINIC_CARD, DownKind.SEEN, DownKind.MESSAGE, DownKind.CAREGIVER}
)
