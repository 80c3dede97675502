"""Whom the person can reach now, from the clinic's card."""

from __future__ import annotations

from mobile.engine import caring
from mobile.engine.context import Context
from mobile.presenters.reach import CrisisCall, Reach
from shared.care.hours import is_open, next_opening


def reach_of(context: Context) -> Reach:
    """Return numbers and hours as the newest card has them, at this instant."""
    card, now_ms = context.card, context.instants.wall_ms()
    return Reach(
        clinic_name=card.clinic_name,
        day_number=card.day_number,
        on_call_number=card.on_call_number,
        emergency_number=card.emergency_number,
        crisis_calls=tuple(CrisisCall(line.name, line.number) for line in card.crisis_lines),
        open_now=is_open(card, now_ms),
        opens_wall_ms=next_opening(card, now_ms),
        watched=caring.watched(context),
        dials=context.dials,
    )
