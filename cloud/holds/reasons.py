"""Words for a hold's reason, which the record has as a code of at most 32 characters.

The clinic's own codes stand here. The app's are a red flag's sign, or that consent was taken back;
the band's own are strong motion, a safety question, a side effect. As all that is stored the words
are English, and said in the reader's language when shown (`cloud.language.stored`). A code that
nobody of these writes has words too, which name it.
"""

from __future__ import annotations

from cloud.alerts.told_words import SECTIONS, question_words, sign_words
from cloud.language import mark
from cloud.language.stored import fitting, stored
from shared.instruments.side_effects import side_effect_rules

REASONS = {
    "clinician": mark("I want to see the patient first"),
    "side-effect": mark("Side effect reported"),
    "medicine": mark("Medicine changed"),
    "device": mark("Doubt about the device"),
}
"""What a person at the clinic chooses from."""
GONE_OVER = "replaced"
"""A hold of the band before: nobody chooses this."""
WHY = {**REASONS, GONE_OVER: mark("It stood on the band before this one")}
"""Everything that the clinic itself gives as a reason."""

SEVERAL = "seizure or stroke sign"
"""One touch in the app that stands for several signs."""
_MORE_SIGNS = {SEVERAL: mark("seizure or stroke sign")}
_OTHERS = {
    "motion": mark("The head moved strongly during a session"),
    "consent to treatment taken back": f"Consent taken back: {SECTIONS['treatment']}",
    "rest": mark("A rest"),
}
_QUESTION, _EFFECT = "screening:", "side effect:"
_ANY_QUESTION = mark("An answer to the safety questions")
_ANY_EFFECT = mark("An answer about side effects")
_WORDED = {
    "A safety question: {question}",
    "Red flag: {sign}",
    "Consent taken back: {section}",
    'A reason that only its code names: "{reason}"',
}
"""The sentences in which a reason stands."""


def in_words(reason: str) -> str:
    """Return a hold's reason in the reader's language."""
    return stored(in_english(reason))


def in_english(reason: str) -> str:
    """Return a hold's reason as it's stored, for instance in an alert; never the code alone."""
    known = WHY.get(reason) or _OTHERS.get(reason)
    if known is not None:
        return known
    if reason.startswith(_QUESTION):
        return _question(reason.removeprefix(_QUESTION))
    if reason.startswith(_EFFECT):
        return _effect(reason.removeprefix(_EFFECT))
    return _flag(reason) if reason in _signs() else _unknown(reason)


def reason_words(written: str) -> str:
    """Return in English what an alert has as a hold's reason: its code, or words already."""
    is_words = written in (*WHY.values(), *_OTHERS.values(), _ANY_QUESTION, _ANY_EFFECT)
    return written if is_words or fitting(written) in _WORDED else in_english(written)


def _question(question: str) -> str:
    """The app doesn't say which question it was: that would travel readable."""
    return f"A safety question: {question_words(question)}" if question else _ANY_QUESTION


def _effect(sign: str) -> str:
    return _flag(sign) if sign else _ANY_EFFECT


def _flag(sign: str) -> str:
    return f"Red flag: {_MORE_SIGNS.get(sign) or sign_words(sign)}"


def _unknown(reason: str) -> str:
    return f'A reason that only its code names: "{reason}"'


def _signs() -> set[str]:
    """Every sign of a red flag; each of them is a reason by itself where the app holds."""
    flags = (each.red_flag for each in side_effect_rules().effects)
    return {flag.sign for flag in flags if flag is not None} | _MORE_SIGNS.keys()
