"""English words for what a phone names by an id: a safety question, an answer, a part of consent,
a red flag's sign.

They are kept in English, as all that is stored, and said in the reader's language when they are
shown (`cloud.language.stored`). What no list names is said to be known by its code alone.
"""

from __future__ import annotations

from cloud.language import mark
from shared.care.bodies import Consent, ScreeningTold
from shared.instruments.screening import NO, UNSURE, YES, screening_rules
from shared.instruments.side_effects import side_effect_rules

ANSWERS = {YES: mark("yes"), NO: mark("no"), UNSURE: mark("not sure")}
SECTIONS = {
    "treatment": mark("sessions"),
    "answers": mark("check-ins"),
    "details": mark("the detailed log"),
    "writing": mark("what the patient writes"),
}
"""The sections of the app's consent, by the id that comes on the wire."""
SIGNS = {"mood_up": mark("mood unusually high"), "mood_down": mark("mood much worse")}
"""The red flags' signs whose id is no word by itself."""


def question_words(question: str) -> str:
    """Return what a yes to this question says, by the instrument's own text."""
    shorts = {each.id: each.short for each in screening_rules().questions}
    return shorts.get(question) or by_code(question)


def answer_words(told: ScreeningTold) -> str:
    """Return the answer in words."""
    return ANSWERS.get(told.answer) or by_code(told.answer)


def section_words(consent: Consent) -> str:
    """Return what a section of the consent is about."""
    return SECTIONS.get(consent.section) or by_code(consent.section)


def sign_words(sign: str) -> str:
    """Return what a red flag is about."""
    return SIGNS.get(sign) or (sign if sign in _signs() else by_code(sign))


def by_code(code: str) -> str:
    """Return words for what no list of ours names."""
    return f'something that only its code names: "{code}"'


def _signs() -> set[str]:
    flags = (each.red_flag for each in side_effect_rules().effects)
    return {flag.sign for flag in flags if flag is not None}
