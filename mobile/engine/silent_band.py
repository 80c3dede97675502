"""A band that fell silent within a session: when its page may be left, and what leaving does.

The band ends a session by its own rules where it doesn't hear the phone. Nobody is kept on that
page for longer than that by a band whose battery is empty, or that was left behind.
"""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.engine.flows import Flows
from mobile.engine.screens import Sitting, Today
from mobile.engine.session import ENDED_BY_ITSELF_MS, is_under_way


def is_in_session(context: Context) -> bool:
    """Whether a session is under way, as far as was heard, whose page the person hasn't left."""
    status = context.status
    return status is not None and is_under_way(status) and not context.under_way.is_left


def has_ended_by_itself(context: Context) -> bool:
    """Whether the band must have ended the session since it was last heard (R11, R12)."""
    mark = context.under_way.mark
    if context.is_linked or mark is None:
        return False
    if context.status is None:
        return context.instants.wall_ms() - mark.heard_wall_ms >= ENDED_BY_ITSELF_MS
    return context.instants.since_heard_ms() >= ENDED_BY_ITSELF_MS


async def leave(context: Context, flows: Flows) -> None:
    """Go to the day; the flow that waits for the session's end is given up, as its record tells
    the same when the band is heard again."""
    if not isinstance(context.screen, Sitting) or not has_ended_by_itself(context):
        return
    context.under_way.leave()
    await flows.end()
    context.go(Today())
