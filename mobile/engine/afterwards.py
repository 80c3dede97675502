"""What is asked after a session: of which session, and where the answers go (R9).

A session whose end the app didn't see is found in the record; it's asked about at the next look.
"""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine import caring, own_words
from mobile.engine.context import Context
from mobile.engine.own_words import OwnWord, WordKind
from shared.care.bodies import Graded, SideEffects
from shared.dose.ledger_state import ClosedSession
from shared.instruments.side_effects import side_effect_rules
from shared.trust import sign1
from shared.trust.statements import SideEffectAnswers
from shared.wire.records import SessionKind

_SETTING = "afterwards-answered"
_ASKED_ABOUT = frozenset({SessionKind.TREATMENT, SessionKind.MAKE_UP})


def unanswered(context: Context) -> ClosedSession | None:
    """Return the last session if it gave pulses and nobody was asked about it yet."""
    last = None if context.ledger is None else context.ledger.state.last_session
    if last is None or last.kind not in _ASKED_ABOUT or not last.charged_pulses:
        return None
    if last.red_flag is not None or context.store.settings.get(_SETTING) == last.session_id:
        return None
    return last


def answer(
    context: Context,
    session_id: bytes,
    noticed: Mapping[str, int],
    *,
    red_flag: str | None,
    softer: bool,
) -> str:
    """Keep the answers for the band and queue them for the clinic; return that item's id.

    Raise StoreError where neither can be kept.
    """
    rules, enrolment = side_effect_rules(), context.require_enrolment()
    said = SideEffectAnswers(session_id, enrolment.patient_id, rules.version, red_flag)
    message = sign1.sign(said, audience=enrolment.device_id, signer=context.app_key)
    grades = tuple(Graded(name, grade) for name, grade in noticed.items())
    with context.store.transaction():
        own_words.keep(context.store, OwnWord(WordKind.SIDE_EFFECTS, message))
        context.store.settings.put(_SETTING, session_id)
        return caring.tell(context, SideEffects(session_id, rules.version, grades, softer))
