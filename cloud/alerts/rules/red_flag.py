"""A red flag that was reported: somebody is told now, whatever the band did of it (R9, R21).

Which effects are red flags, and from which grade on, stands in shared/instruments/side_effects.json
(own rules after Rossi et al. 2009 and 2021; not checked by a clinician).
"""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Told
from cloud.alerts.findings import NOW, TODAY, Cause, Finding
from cloud.alerts.told_words import answer_words, question_words, sign_words
from shared.care.bodies import RedFlag, ScreeningTold, SideEffects
from shared.instruments.items import AnswerError
from shared.instruments.screening import ScreeningAction
from shared.instruments.side_effects import SideEffect, side_effect_rules

SELF_HARM_QUESTION = "alone_distress"
"""Its answers belong to the rule of self-harm."""


def red_flags(told: Told) -> Iterator[Finding]:
    """Yield what a red flag, side effects or an answer before a session ask for."""
    item = told.item
    if isinstance(item, RedFlag):
        yield _touched(told, item)
    elif isinstance(item, SideEffects):
        yield from _noticed(told, item)
    elif isinstance(item, ScreeningTold) and item.question != SELF_HARM_QUESTION:
        yield from _screening(told, item)


def _touched(told: Told, flag: RedFlag) -> Finding:
    said = sign_words(flag.what)
    if not flag.slip:
        cause = Cause(_key(told, flag.what, flag.session_id), NOW, f"Red flag: {said}")
        return Finding(cause, "Reported on the phone. The patient needs a call.")
    cause = Cause(f"red-flag-slip/{told.item_id}", TODAY, f"Red flag taken back: {said}")
    return Finding(cause, "The patient says that it was touched by mistake. Ask whether it was.")


def _noticed(told: Told, effects: SideEffects) -> Iterator[Finding]:
    rules = side_effect_rules()
    for graded in effects.grades:
        try:
            effect = rules.find(graded.id)
        except AnswerError:
            title = f"An unknown side effect, grade {graded.grade}"
            yield Finding(
                Cause(f"side-effect/{told.item_id}/{graded.id}", TODAY, title),
                f"The phone names it {graded.id}; its list is of version {effects.rules_version}.",
            )
            continue
        yield from _graded(told, effects, effect, graded.grade)


def _graded(told: Told, effects: SideEffects, effect: SideEffect, grade: int) -> Iterator[Finding]:
    if effect.red_flag is not None and effect.holds(grade):
        sign = effect.red_flag.sign
        cause = Cause(_key(told, sign, effects.session_id), NOW, f"Red flag: {sign_words(sign)}")
        yield Finding(cause, f"{effect.text}, grade {grade}. The patient needs a call.")
    elif effect.asks(grade):
        cause = Cause(
            f"side-effect/{told.item_id}/{effect.id}", TODAY, f"{effect.text}, grade {grade}"
        )
        yield Finding(cause, "Reported after a session. Ask how it is now.")


def _screening(told: Told, answer: ScreeningTold) -> Iterator[Finding]:
    question, said = question_words(answer.question), answer_words(answer)
    detail = f" {answer.detail}." if answer.detail else ""
    key = f"screening/{told.item_id}"
    if answer.action == ScreeningAction.HOLD:
        reason = f"It holds treatment until a person lifts it.{detail}"
        yield Finding(Cause(key, NOW, f"A safety question holds: {question} ({said})"), reason)
    elif answer.action == ScreeningAction.ASK:
        reason = f"Answered before a session, which went on.{detail}"
        yield Finding(Cause(key, TODAY, f"A safety question: {question} ({said})"), reason)


def _key(told: Told, sign: str, session_id: bytes | None) -> str:
    """One alert for a sign and a session, however often and in whichever form it was told."""
    return f"red-flag/{sign}/{session_id.hex() if session_id else told.item_id}"
