"""The clinic's text packs on this phone: each judged when it came, the newest of a form kept.

A pack's certificate may end later than the day on which it was judged; the words stay good.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobile.store import Store
from mobile.store.downstream import DownItem
from shared.care.documents import SignedDocument
from shared.instruments import packs
from shared.instruments.packs import PackError, TextPack
from shared.instruments.questionnaire import Questionnaire
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.items import DownKind

if TYPE_CHECKING:
    from mobile.engine.enrolment import Enrolment

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kept:
    """A pack, and whose: one clinic's is never another's."""

    clinic_id: bytes = wire(1, minimum=1, maximum=32)
    pack: TextPack = wire(2)


class TextPacks:
    """Finds the words of a form in a language."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clinic_id = b""
        self._known: dict[tuple[str, str], TextPack | None] = {}

    def begin(self, enrolment: Enrolment) -> None:
        """Take up what is kept of this enrolment's clinic."""
        self._clinic_id = enrolment.clinic_id
        self._known.clear()

    def find(self, form_id: str, language: str) -> Questionnaire | None:
        """Return the form in the clinic's words; None where no pack came for it."""
        pack = self._pack(form_id, language)
        return None if pack is None else packs.apply(pack)

    def take_in(self, enrolment: Enrolment, *, now_ms: int) -> None:
        """Take in the packs that came since the last look."""
        for item in self._store.downstream.unapplied():
            if item.kind is DownKind.TEXT_PACK:
                refusal = self._take(item, enrolment, now_ms=now_ms)
                if refusal is not None:
                    log.warning("a text pack isn't taken: %s", refusal)
                self._store.downstream.apply(item.cursor, now_ms=now_ms, refusal=refusal)

    def _take(self, item: DownItem, enrolment: Enrolment, *, now_ms: int) -> str | None:
        """Keep a pack; return why not."""
        try:
            pack = packs.judge(
                fields.unpack(SignedDocument, item.body),
                clinic_id=enrolment.clinic_id,
                root=PublicKey(enrolment.clinic_root),
                now_s=now_ms // 1000,
            )
        except (TrustError, WireError, PackError) as problem:
            return str(problem)
        kept = self._pack(pack.instrument, pack.language)
        if kept is not None and pack.serial <= kept.serial:
            return f"serial {pack.serial} isn't above {kept.serial}"
        name = _setting(pack.instrument, pack.language)
        self._store.settings.put(name, fields.pack(_Kept(enrolment.clinic_id, pack)))
        self._known[(pack.instrument, pack.language)] = pack
        return None

    def _pack(self, form_id: str, language: str) -> TextPack | None:
        key = (form_id, language)
        if key not in self._known:
            data = self._store.settings.get(_setting(*key))
            kept = None if not data else fields.unpack(_Kept, data)
            ours = kept is not None and kept.clinic_id == self._clinic_id
            self._known[key] = kept.pack if kept is not None and ours else None
        return self._known[key]


def _setting(form_id: str, language: str) -> str:
    return f"pack/{form_id}/{language}"
