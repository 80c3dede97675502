"""Whom to call and how: numbers from the clinic's card, dialled by the phone's system."""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.language import _
from mobile.platform.biometrics import Recognised
from mobile.platform.errors import PlatformError
from mobile.presenters.emergency_card import CardFacts
from mobile.presenters.help_page import called_notice
from mobile.presenters.words import day_and_time
from shared.care.card import dialled


def emergency_number(context: Context) -> str:
    """Return the emergency number of where the person is."""
    return context.card.emergency_number


def number_of(context: Context, button: str) -> str:
    """Return the number behind a ``call-`` button; empty where there's none."""
    card = context.card
    return {
        "call-clinic": card.day_number,
        "call-on-call": card.on_call_number,
        "call-emergency": card.emergency_number,
        "call-caregiver": context.preferences.caregiver_number,
    }.get(button, "")


async def call(context: Context, button: str) -> None:
    """Hand the number to the telephone's keypad; where that can't be, say the number."""
    number = number_of(context, button)
    if not number:
        return
    notice = called_notice(number)
    if dialled(number) is None:
        context.say(notice.title, notice.body)
        return
    try:
        await context.phone.ways_out.dial(number)
    except PlatformError:
        context.say(notice.title, notice.body)


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


def recognises(context: Context) -> bool:
    """Whether the phone's system could recognise its owner now."""
    return context.phone.biometrics.are_there


async def is_recognised(context: Context) -> bool:
    """Ask the system whether this is the phone's owner."""
    answer = await context.phone.biometrics.ask(
        _("Open Circlet"), _("It's locked after a minute away."), _("Use the PIN")
    )
    return answer is Recognised.YES
