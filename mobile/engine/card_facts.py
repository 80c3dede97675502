"""What stands on the emergency card: the clinic's numbers, the caregiver's, the last session."""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.language import _
from mobile.presenters.emergency_card import CardFacts
from mobile.presenters.words import day_and_time


def card_facts(context: Context) -> CardFacts:
    """Return what stands on the emergency card."""
    card, chosen = context.card, context.preferences
    last = None if context.ledger is None else context.ledger.state.last_session
    when = None if last is None else last.closed_wall_ms
    return CardFacts(
        initials="" if context.enrolment is None else context.enrolment.initials,
        clinic_name=card.clinic_name,
        day_number=card.day_number,
        on_call_number=card.on_call_number,
        emergency_number=card.emergency_number,
        caregiver_name=chosen.caregiver_name,
        caregiver_number=chosen.caregiver_number,
        last_session_words=""
        if when is None
        else _("Last session: {when}.").format(when=day_and_time(context.now, when)),
    )
