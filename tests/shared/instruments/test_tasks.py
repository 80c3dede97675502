"""What the short tasks come to, over runs whose figures were worked out by hand."""

from __future__ import annotations

import itertools
import random

import pytest

from shared.instruments.tasks import digit_span, reaction, tapping
from shared.instruments.tasks.data import TaskData
from shared.instruments.tasks.digit_span import Span, after_try, begin, figures, is_right
from shared.instruments.tasks.tapping import LEFT, RIGHT, HandFigures, Tap


@pytest.mark.parametrize(
    "task", [reaction.reaction_task(), digit_span.digit_span_task(), tapping.tapping_task()]
)
def test_each_figure_says_where_it_is_from(task: TaskData) -> None:
    assert dict(task.provenance)["wording"] == "own"
    assert set(dict(task.provenance).values()) <= {"own", "read", "recalled"}


def test_a_run_of_reactions_is_scored_by_hand_worked_figures() -> None:
    found = reaction.score([250, 200, 400, 500, 60], 2)
    assert found.touches == 4
    assert found.median_ms == 325
    assert found.speed_per_s == round((4 + 5 + 2.5 + 2) / 4 * 1000)
    assert found.lapses == 2
    assert found.false_starts == 3, "two before the cue and one too soon after it"


def test_a_measured_touch_delay_moves_the_limit_of_a_lapse() -> None:
    assert reaction.score([356], 0).lapses == 1
    assert reaction.score([355], 0).lapses == 0
    assert reaction.score([400], 0, latency_ms=45).lapses == 0


def test_a_run_without_an_answer_has_no_times() -> None:
    assert reaction.score([], 3).as_answers() == (0, 0, 0, 0, 3)


def test_waits_lie_within_one_and_four_seconds() -> None:
    chance = random.Random(7).randint
    waits = [reaction.reaction_rules().wait_ms(chance) for _ in range(500)]
    assert 1000 <= min(waits) < 1100
    assert 3900 < max(waits) <= 4000


def run(backward: bool, *tries: bool) -> Span:
    state = begin(backward=backward)
    for right in tries:
        state = after_try(state, right=right)
    return state


def test_two_of_three_lead_on_and_two_wrong_end_it() -> None:
    assert run(False, True, True) == Span(False, 4, span=3)
    assert run(False, True, False, True) == Span(False, 4, span=3)
    ended = run(False, True, True, False, True, False)
    assert (ended.ended, ended.span, ended.length) == (True, 3, 4)
    assert after_try(ended, right=True) == ended
    assert run(True, False, False) == Span(True, 2, wrong=2, span=0, ended=True)


def test_the_longest_length_ends_it_too() -> None:
    state = run(False, *[True] * 14)
    assert (state.span, state.ended) == (9, True)


def test_backward_wants_the_figures_from_the_end() -> None:
    assert is_right((3, 1, 4), (3, 1, 4), backward=False)
    assert is_right((3, 1, 4), (4, 1, 3), backward=True)
    assert not is_right((3, 1, 4), (3, 1, 4), backward=True)
    assert not is_right((3, 1, 4), (4, 1), backward=True)


def test_no_figure_is_shown_twice_in_a_row() -> None:
    shown = figures(9, random.Random(3).randint)
    assert len(shown) == 9
    assert all(one != two for one, two in itertools.pairwise(shown))


def test_taps_count_when_they_change_the_target_and_within_ten_seconds() -> None:
    taps = [Tap(LEFT, 0), Tap(RIGHT, 200), Tap(RIGHT, 250), Tap(LEFT, 400), Tap(RIGHT, 10_001)]
    assert tapping.score(taps) == HandFigures(3, 0)


def test_unevenness_is_the_deviation_in_percent_of_the_mean() -> None:
    taps = [Tap(LEFT, 0), Tap(RIGHT, 100), Tap(LEFT, 400)]
    assert tapping.score(taps) == HandFigures(3, 50)


def test_the_ratio_compares_the_affected_hand_with_the_other() -> None:
    affected, other = HandFigures(30, 20), HandFigures(50, 10)
    assert tapping.ratio_percent(affected, other) == 60
    assert tapping.as_answers(affected, other) == (30, 20, 50, 10, 60)
    assert tapping.ratio_percent(affected, HandFigures(0, 0)) == 0
