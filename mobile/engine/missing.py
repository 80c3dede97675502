"""What a lost phone never sent: found by a new one, from the band's record and the clinic's list.

Each session stands on the band's record. A day with a session of which nothing came at the clinic
(no answers before it, none after it) is a day whose answers are gone, unless the clinic was told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from mobile.engine.caring import tell
from mobile.engine.former_ledgers import every_session
from mobile.presenters.words import Now
from mobile.sync.answers import Received
from shared.care.bodies import PhoneLost
from shared.trust import sign1
from shared.trust.statements import Enrolment as EnrolmentStatement
from shared.wire import fields

if TYPE_CHECKING:
    from mobile.engine.context import Context

_SETTING = "missing-days"
BACK_MS = 60 * 86_400_000
"""Sessions before that are left alone: the clinic's list goes back 90 days (own figure)."""
_DAYS_MAX = 120


def is_further_phone(context: Context) -> bool:
    """Return whether another phone was this band's before."""
    body = sign1.peek(context.require_enrolment().statement).body
    return fields.from_map(EnrolmentStatement, body).number > 1


def missing_days(context: Context) -> tuple[str, ...] | None:
    """Return the days whose answers never came, as dates; None while nobody has looked."""
    kept = context.store.settings.get(_SETTING)
    return None if kept is None else tuple(json.loads(kept))


async def look(context: Context) -> None:
    """Look, because the person says that the other phone is lost, and tell the clinic."""
    received = await context.ingest.received()
    now_ms = context.instants.wall_ms()
    sessions = [at for at in _session_times(context) if now_ms - at < BACK_MS]
    others = [each for each in received if context.store.outbox.answered(each.id) is None]
    days = days_without_answers(sessions, others, context.zone)
    with context.store.transaction():
        context.store.settings.put(_SETTING, json.dumps(days).encode())
        if days:
            tell(context, PhoneLost(tuple(days)))


def days_without_answers(
    sessions_ms: Iterable[int], received: Iterable[Received], zone: tzinfo
) -> list[str]:
    """Return the dates of sessions for which nothing came, in order."""
    came = tuple(received)
    days = {
        _date(at_ms, zone)
        for at_ms in sessions_ms
        if not any(_answers(each, at_ms, zone) for each in came)
    }
    return sorted(days)[-_DAYS_MAX:]


def _answers(item: Received, closed_ms: int, zone: tzinfo) -> bool:
    """Whether it was told around a session: the answers before it, or anything after it that day.

    The first have no time in their id, so the day on which they came counts."""
    if _date(item.at_ms, zone) != _date(closed_ms, zone):
        return False
    return item.kind == "gate_answers" or item.at_ms >= closed_ms


def _session_times(context: Context) -> list[int]:
    closed = (each.session.closed_wall_ms for each in every_session(context))
    return [each for each in closed if each is not None]


def _date(wall_ms: int, zone: tzinfo) -> str:
    return Now(wall_ms, zone).here.date().isoformat()
