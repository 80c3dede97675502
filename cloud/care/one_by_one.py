"""Sealed items, each opened for itself: one that fails holds up no other, red flags least of all.

What can't be opened (sealed to a key that this process doesn't hold, or damaged) is told now, tried
again each hour and opened once the right key is there. What opens and can't be taken is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, raise_alert
from cloud.care.models import CareItem
from cloud.checkins.models import Checkin
from cloud.vault.errors import KeyDestroyed, VaultError
from shared.trust.errors import TrustError

OPENED_AT_ONCE = 200
"""So many in one transaction, so that none is long; the rest comes in the next round."""
TRIED_AGAIN_MS = 3_600_000
ERASED = KeyDestroyed.__name__
"""The refusal of what an erased patient's phone had told; nobody is told of it."""
LOCKED = TrustError.__name__
"""The refusal of what couldn't be opened; ``opened_ms`` is then when that was tried last."""

Item = TypeVar("Item", CareItem, Checkin)


@dataclass(frozen=True)
class Words:
    """A kind of item in its alerts: ``key`` begins their cause, ``noun`` their title."""

    key: str
    noun: str
    advice: str


def waiting(
    table: type[Item], clinic_id: str | ColumnElement[str], now_ms: int | ColumnElement[int]
) -> Select[Item]:
    """Select the clinic's items to open now: the new ones, and those to try again.

    What was tried at a time ahead of now is tried again too: the clock was set back.
    """
    tried_ms = table.opened_ms
    again = or_(tried_ms <= now_ms - TRIED_AGAIN_MS, tried_ms > now_ms)
    return select(table).where(
        table.clinic_id == clinic_id,
        or_(tried_ms.is_(None), and_(table.refusal == LOCKED, again)),
    )


def to_open(session: Session, table: type[Item], clinic_id: str, *, now_ms: int) -> Sequence[Item]:
    """Return the clinic's items to open now: the new ones first, then those to try again."""
    tried_ms = table.opened_ms
    return session.scalars(
        waiting(table, clinic_id, now_ms)
        .order_by(tried_ms.is_not(None), tried_ms, table.received_ms, table.item_id)
        .limit(OPENED_AT_ONCE)
    ).all()


def open_each(
    session: Session,
    items: Sequence[Item],
    take: Callable[[Item], None],
    words: Words,
    *,
    now_ms: int,
) -> int:
    """Take each item in a savepoint of its own; whatever that raises refuses it alone."""
    for item in items:
        was_locked = item.refusal == LOCKED
        try:
            with session.begin_nested():
                take(item)
            item.refusal = None
        except KeyDestroyed:
            item.refusal = ERASED
        except (TrustError, VaultError):
            item.refusal = LOCKED
        except Exception as problem:
            item.refusal = type(problem).__name__
        item.opened_ms = now_ms
        if was_locked or item.refusal == LOCKED:
            _tell_locked(session, item, words, now_ms=now_ms)
        if item.refusal not in (None, LOCKED, ERASED):
            title = f"{words.noun} could not be read"
            cause = Cause(f"{words.key}/{item.item_id}", "today", title)
            raise_alert(session, item, cause, words.advice, now_ms=now_ms)
    return len(items)


def _tell_locked(session: Session, item: Item, words: Words, *, now_ms: int) -> None:
    cause = Cause(
        f"locked/{words.key}/{item.item_id}",
        "now",
        f"{words.noun} could not be opened",
        int(item.refusal == LOCKED),
    )
    detail = "The worker's keys do not open it. Ask the patient what it was, check the keys."
    raise_alert(session, item, cause, detail, now_ms=now_ms, ends_by_itself=True)
