"""The day as a later start may show it at once: with its time, and nothing that may have changed.

It never says that a session can begin, nor how the band is; it offers nothing but Emergency. Of a
session that may be running it says only how to stop it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from mobile.glance.leaves import Leaf
from mobile.language import _
from mobile.presenters.pieces import Chip, Tone
from mobile.presenters.today import BandFacts, DayFacts, Nearness, today_view
from mobile.presenters.views import MessageView, TodayView
from mobile.presenters.words import Now, day_and_time

DAYS = 7
"""So many days ahead; after them a start says no more than that it looks (own figure)."""
FOREVER_MS = 1 << 53


def day_leaves(facts: DayFacts) -> tuple[Leaf, ...]:
    """Return the day as of these facts, for each stretch of time in which its words hold."""
    begin_ms = facts.now.wall_ms
    ends = [r.ends_wall_ms for r in facts.lock.reasons if r.ends_wall_ms is not None]
    midnights = [_midnight_ms(facts.now, number) for number in range(1, DAYS + 1)]
    cuts = sorted({begin_ms, *midnights, *(ms for ms in ends if begin_ms < ms < midnights[-1])})
    return tuple(
        Leaf(from_ms, until_ms, _day_from(facts, from_ms)) for from_ms, until_ms in pairwise(cuts)
    )


def session_leaves() -> tuple[Leaf, ...]:
    """Return what to say while a session may be running: no figure, and the way to stop it."""
    view = MessageView(
        _("Looking for the band"),
        _("A session may still be running. To stop it now, press the button on the band."),
        Tone.WAIT,
        None,
        None,
    )
    return (Leaf(0, FOREVER_MS, view),)


def _day_from(facts: DayFacts, wall_ms: int) -> TodayView:
    now = Now(wall_ms, facts.now.zone)
    paired = facts.band.nearness is not Nearness.NOT_PAIRED
    band = BandFacts(Nearness.CONNECTING) if paired else facts.band
    view = today_view(replace(facts, now=now, band=band, notice=None))
    as_of = _("As of {when}").format(when=day_and_time(now, facts.now.wall_ms))
    quiet = replace(
        view,
        subtitle=as_of,
        detail=None,
        button=None,
        button_action=None,
        call=None,
        rows=tuple(replace(row, action=None) for row in view.rows),
    )
    return quiet if _still_locked(facts, wall_ms) else _looking(quiet)


def _still_locked(facts: DayFacts, wall_ms: int) -> bool:
    if facts.lock.permitted:
        return False
    ends = [r.ends_wall_ms for r in facts.lock.reasons if r.ends_wall_ms is not None]
    return all(ms > wall_ms for ms in ends)


def _looking(view: TodayView) -> TodayView:
    return replace(
        view,
        chip=Chip(_("One moment"), Tone.PLAIN),
        lead=None,
        title=_("Looking how things stand"),
        body=_("Your day is here in a moment."),
        reasons=(),
    )


def _midnight_ms(now: Now, days: int) -> int:
    date = now.here.date() + timedelta(days=days)
    return round(datetime.combine(date, time(), now.zone).timestamp() * 1000)
