"""Scores and bands."""

from __future__ import annotations

import itertools

import pytest

from shared.instruments.forms import phq9
from shared.instruments.questionnaire import SELF_HARM_ITEM, AnswerError


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
