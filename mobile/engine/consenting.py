"""Consent given, and taken back: kept in the words that were read, told to the clinic, and held to.

What a withdrawal stops for good, it stops here; what it keeps back from now on, `sharing` says.
"""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine import flagging, sharing
from mobile.engine.caring import tell
from mobile.engine.context import Context
from mobile.presenters.consent_sections import DETAILS, SECTIONS, TREATMENT, VERSION, Section
from mobile.presenters.consents import words_of
from shared.care.bodies import Consent


def is_awaited(context: Context) -> bool:
    """Whether the person is still to be asked: nothing goes out before."""
    return context.band_address is None and not sharing.was_asked(context.store)


def keep_all(context: Context, answers: Mapping[str, bool]) -> None:
    """Keep every section's answer, and tell the clinic of each."""
    with context.store.transaction():
        for section in SECTIONS:
            set_section(context, section, given=answers.get(section.id, False))
        sharing.keep_asked(context.store)


def set_section(context: Context, section: Section, *, given: bool) -> None:
    """Give a section, or take it back; the clinic is told, and what it stops stops now: all of it
    or none."""
    now_ms = context.instants.wall_ms()
    with context.store.transaction():
        if given:
            words = words_of(section, context.card.clinic_name)
            context.store.consents.give(section.id, words, now_ms=now_ms)
        else:
            _stop(context, section)
            context.store.consents.withdraw(section.id, now_ms=now_ms)
        tell(context, Consent(section.id, given, VERSION))


def _stop(context: Context, section: Section) -> None:
    """Stop what rests on a section. The band is held by a safety hold, since a rest hold would end
    by itself (R21); a yes given again doesn't lift it."""
    store = context.store
    if section.id == TREATMENT and store.consents.holds(TREATMENT):
        flagging.hold(context, flagging.WITHDRAWN)
    if section.id == DETAILS:
        for session_id in store.session_log.sessions():
            store.session_log.erase(session_id)
