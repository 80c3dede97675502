"""Whom the person let see something, as this phone keeps it: sealed, and never taken for the
clinic's word. What the clinic says comes as news (`take_news`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mobile.store import Store
from shared.care.caregiver import NAME_CHARACTERS, CaregiverNews, Shown
from shared.trust.statements import ID_BYTES
from shared.wire import fields
from shared.wire.fields import wire

_SETTING = "close-by"
KEPT = 20
"""So many are kept for their names in the list of who looked; the oldest go (own figure)."""


@dataclass(frozen=True)
class Close:
    """One person; the newest of a clinic's is who it is about now.

    ``said`` is the item of this phone's last word, empty where another phone said it. ``code`` is
    an invitation's, good until ``until_ms``. ``withdrawn`` says that it was taken back here,
    whether or not that has been sent.
    """

    clinic_id: bytes = wire(1, minimum=1, maximum=32)
    caregiver_id: bytes = wire(2, length=ID_BYTES)
    name: str = wire(3, maximum=4 * NAME_CHARACTERS)
    shown: tuple[Shown, ...] = wire(4, maximum=len(Shown))
    said_ms: int = wire(5)
    said: str = wire(6, maximum=200, default="")
    code: str = wire(7, maximum=80, default="")
    until_ms: int = wire(8, default=0)
    pages: str = wire(9, maximum=256, default="")
    joined_ms: int = wire(10, default=0)
    ended_ms: int = wire(11, default=0)
    by_clinic: bool = wire(12, default=False)
    withdrawn: bool = wire(13, default=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing is shared any more, or it was taken back here."""
        return self.withdrawn or bool(self.ended_ms)


@dataclass(frozen=True)
class _Kept:
    everybody: tuple[Close, ...] = wire(1, maximum=KEPT)


def everybody(store: Store, clinic_id: bytes) -> tuple[Close, ...]:
    """Return whom the person let see something at this clinic, the newest last."""
    return tuple(each for each in _all(store) if each.clinic_id == clinic_id)


def newest(store: Store, clinic_id: bytes) -> Close | None:
    """Return who it is about now, over or not."""
    found = everybody(store, clinic_id)
    return found[-1] if found else None


def keep(store: Store, close: Close) -> None:
    """Keep somebody new, or what has changed about them."""
    before = list(_all(store))
    places = [n for n, each in enumerate(before) if each.caregiver_id == close.caregiver_id]
    if places:
        before[places[0]] = close
    else:
        before.append(close)
    store.settings.put(_SETTING, fields.pack(_Kept(tuple(before[-KEPT:]))))


def take_news(store: Store, clinic_id: bytes, news: CaregiverNews) -> None:
    """Take in how it stands at the clinic. What was said here later stays, and so does a name."""
    own = {each.caregiver_id: each for each in everybody(store, clinic_id)}
    known = own.get(news.caregiver_id)
    if known is None:
        known = Close(clinic_id, news.caregiver_id, news.name, news.shown, news.said_ms)
    elif news.said_ms > known.said_ms:
        known = replace(known, shown=news.shown, said_ms=news.said_ms, said="")
    keep(
        store,
        replace(
            known,
            name=known.name or news.name,
            pages=news.pages,
            joined_ms=news.joined_ms,
            ended_ms=news.ended_ms,
            by_clinic=news.by_clinic,
        ),
    )


def _all(store: Store) -> tuple[Close, ...]:
    data = store.settings.get(_SETTING)
    return fields.unpack(_Kept, data).everybody if data else ()
