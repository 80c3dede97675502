"""Questions, the score in words, and what is said where an answer asks for it."""

from __future__ import annotations

from datetime import UTC

import pytest

from mobile.presenters.questions import (
    screening_view,
    screening_waits_view,
)
from mobile.presenters.refusals import refusal_words
from mobile.presenters.welcome import compare_view
from mobile.presenters.words import Now
from shared.dose.reasons import ReasonCode
from shared.instruments.screening import Screening, screening_rules
from shared.trust.statements import GateOutcome
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)


def test_six_digits_are_grouped_and_keep_their_noughts() -> None:
    assert compare_view(492718).number == "492 718"
    assert compare_view(42).number == "000 042"


@pytest.mark.parametrize("index", range(len(screening_rules().questions)))
def test_an_answer_shows_its_consequence_at_once(index: int) -> None:
    rules = screening_rules()

    assert screening_view(rules, index, "no").notice is None
    for answer in ("yes", "unsure"):
        assert screening_view(rules, index, answer).notice is not None


def test_the_last_questions_say_where_the_answers_go() -> None:
    rules = screening_rules()

    assert screening_view(rules, len(rules.questions) - 1, None).next_button == "Send to the band"


def test_postponement_names_its_end() -> None:
    view = screening_waits_view(Screening(GateOutcome.POSTPONE, 86_400, "sleep"), NOW)

    assert "The band opens again: Tomorrow, from " in view.body
    assert "Nothing is lost" in view.body or "nothing is lost" in view.body


def test_refusals_prefer_the_locks_own_words_and_never_hide_a_code() -> None:
    reasons = (int(ReasonCode.DAY_WINDOW), 9_999)

    assert (
        refusal_words("locked", reasons) == "Today's session is done. The band keeps the time "
        "to the next."
    )
    assert "signed at a place" in refusal_words("trust_origin")
    assert "brand_new" in refusal_words("brand_new")
