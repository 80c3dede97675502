"""The band's refusals in words: a sentence for each that a person can meet, none for what isn't."""

import pytest

from mobile.presenters import refusals
from mobile.presenters.refusals import refusal_words
from scripts.refusal_codes import refusal_codes, trust_codes
from shared.dose.reasons import WORDS, ReasonCode

CODES = [each.code for each in refusal_codes()] + [f"trust_{code}" for code in trust_codes()]
# Ways in which a plan can come wrong; each has words of its own.
PLAN = (
    "prescription_unreadable",
    "outside_envelope",
    "other_device",
    "other_patient",
    "other_clinic",
    "serial_not_next",
    "replaces_another",
    "install_by_passed",
    "trust_issuer",
    "trust_signature",
    "trust_origin",
    "trust_rp_id",
    "trust_scope",
    "trust_expired",
)


@pytest.mark.parametrize("code", PLAN)
def test_a_plan_that_comes_wrong_has_words_of_its_own(code: str) -> None:
    assert code in CODES
    words = refusal_words(code)
    assert words.endswith(".")
    assert code not in words


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_a_sentence_and_one_without_words_keeps_its_code(code: str) -> None:
    words = refusal_words(code)
    assert words.endswith(".")
    assert "_" not in words or code in words


def test_no_words_stand_for_a_refusal_that_does_not_exist() -> None:
    assert {code for code in refusals._WORDS if code not in CODES} == set()


def test_the_locks_reasons_speak_for_themselves() -> None:
    assert refusal_words("locked", (int(ReasonCode.HOLD),)) == WORDS[ReasonCode.HOLD]
