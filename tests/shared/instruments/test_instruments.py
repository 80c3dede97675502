"""Scores, bands and what safety answers come to."""

from __future__ import annotations

import itertools

import pytest

from shared.instruments.forms import phq9
from shared.instruments.questionnaire import SELF_HARM_ITEM, AnswerError
from shared.instruments.screening import screening_rules
from shared.trust.statements import GateOutcome

QUESTIONS = screening_rules().questions
ALL_NO = {question.id: "no" for question in QUESTIONS}


def answers_of(total: int) -> list[int]:
    """Return nine answers that add up to ``total``."""
    return [min(3, max(0, total - 3 * index)) for index in range(9)]


def test_bands_cover_every_score_once() -> None:
    covered = list(
        itertools.chain.from_iterable(range(band.lowest, band.highest + 1) for band in phq9().bands)
    )
    assert covered == list(range(phq9().maximum + 1))


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately severe"),
        (19, "moderately severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_a_score_is_the_sum_with_its_band_and_its_label(total: int, band: str) -> None:
    score = phq9().score(answers_of(total))
    assert (score.total, score.maximum, score.band) == (total, 27, band)
    assert "own wording" in score.label


@pytest.mark.parametrize("given", [[], [0] * 8, [0] * 10])
def test_every_question_needs_its_answer(given: list[int]) -> None:
    with pytest.raises(AnswerError, match="answers"):
        phq9().score(given)


@pytest.mark.parametrize("wrong", [-1, 4, 100])
def test_an_answer_that_is_not_offered_is_named_by_its_question(wrong: int) -> None:
    with pytest.raises(AnswerError) as refused:
        phq9().score([0, 0, wrong, 0, 0, 0, 0, 0, 0])
    assert refused.value.field == "phq9-3"


def test_the_question_on_self_harm_is_the_last_of_nine() -> None:
    assert [item.id for item in phq9().items][-1] == SELF_HARM_ITEM
    assert len({item.id for item in phq9().items}) == 9


def test_no_on_every_question_passes() -> None:
    outcome = screening_rules().outcome(ALL_NO)
    assert (outcome.outcome, outcome.postpone_s, outcome.reason) == (GateOutcome.PASS, 0, None)


@pytest.mark.parametrize("answer", ["yes", "unsure"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_yes_and_not_being_sure_do_what_the_question_says(question: object, answer: str) -> None:
    (asked,) = (one for one in QUESTIONS if one is question)
    outcome = screening_rules().outcome({**ALL_NO, asked.id: answer})
    assert outcome.outcome is asked.if_yes is not GateOutcome.PASS
    assert outcome.postpone_s == asked.postpone_h * 3600
    assert outcome.reason == asked.id


def test_a_postponement_has_hours_and_a_hold_has_none() -> None:
    for question in QUESTIONS:
        assert (question.postpone_h > 0) is (question.if_yes is GateOutcome.POSTPONE)


def test_the_gravest_answer_decides() -> None:
    rules = screening_rules()
    both = rules.outcome({**ALL_NO, "sleep": "yes", "seizure": "yes"})
    assert (both.outcome, both.reason) == (GateOutcome.HOLD, "seizure")
    longer = rules.outcome({**ALL_NO, "sleep": "yes", "drugs": "yes"})
    assert (longer.postpone_s, longer.reason) == (48 * 3600, "drugs")


@pytest.mark.parametrize("answer", [None, "", "maybe", "NO"])
def test_a_question_left_open_is_no_pass(answer: str | None) -> None:
    given = {key: value for key, value in ALL_NO.items() if key != "fever"}
    if answer is not None:
        given["fever"] = answer
    with pytest.raises(AnswerError) as refused:
        screening_rules().outcome(given)
    assert refused.value.field == "fever"
