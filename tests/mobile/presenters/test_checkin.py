"""One questionnaire: the way through, the answers together, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from mobile.presenters.checkin import (
    RATHER_NOT,
    SEND,
    DoneFacts,
    Filling,
    begun,
    done_view,
    question_view,
    review_view,
    since_words,
)
from mobile.presenters.page import (
    Ask,
    Box,
    Choices,
    Figure,
    Group,
    PageView,
    Push,
    Rows,
    Scale,
)
from mobile.presenters.pieces import Call
from mobile.presenters.reach import CrisisCall, Reach
from mobile.presenters.words import Now
from shared.instruments.forms import FORMS, form, phq9
from shared.instruments.items import NOT_ASKED, NOT_SAID
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)


def words(view: PageView) -> str:
    return repr(view)


def filled(form_id: str, *answers: int) -> Filling:
    filling = begun(form(form_id))
    for answer in answers:
        filling = filling.answer(answer)
    return filling


@pytest.mark.parametrize("form_id", FORMS)
def test_every_form_can_be_gone_through_forward_and_back(form_id: str) -> None:
    filling, seen = begun(form(form_id)), []
    while filling.item is not None:
        seen.append(filling.item.id)
        assert question_view(filling).place == filling.item.id
        filling = filling.answer(max(filling.item.values))
    assert filling.is_whole
    form(form_id).check(filling.answers)
    back = filling.back()
    while back is not None and back.item is not None:
        assert seen.pop() == back.item.id
        back = back.back()
    assert seen == []


def test_an_answer_leads_on_by_itself_and_says_how_far_it_is() -> None:
    view = question_view(filled("phq-9", 1, 2))
    assert (view.title, view.subtitle) == ("Mood", "Question 3 of 9")
    assert view.blocks[1] == Ask(
        "In the last two weeks, how often did you sleep badly, or far more than usual?",
        note="Our own wording, not the official one. Only you and your care team see this.",
    )
    assert isinstance(view.blocks[2], Choices)
    assert [push.action for push in view.foot] == ["back"]
    assert "Our own wording, not the official one" in words(view)


def test_numbers_stand_on_a_scale_with_what_its_ends_mean() -> None:
    scale = question_view(filled("pain-nrs")).blocks[2]
    assert isinstance(scale, Scale)
    assert [choice.text for choice in scale.choices] == [str(n) for n in range(11)]
    assert (scale.low, scale.high) == ("No pain", "The worst that you can imagine")


def test_nothing_is_asked_twice_after_going_back_for_one_answer() -> None:
    filling = filled("phq-9", 0, 0, 0, 0)
    for _ in range(3):
        back = filling.back()
        assert back is not None
        filling = back
    assert filling.at == "phq9-2"
    assert filling.answer(3).at == "phq9-5"


def test_a_line_of_the_answers_leads_to_its_question_and_straight_back() -> None:
    filling = filled("phq-9", *[1] * 9)
    view = review_view(filling)
    rows = next(block for block in view.blocks if isinstance(block, Rows)).rows
    assert [row.value for row in rows] == ["Several days"] * 9
    assert rows[2].action == "item:phq9-3"
    assert [push.action for push in view.foot] == [SEND, "back"]
    changing = filling.change("phq9-3")
    assert changing.item is not None
    assert changing.back() == replace(filling, at=None)
    changed = changing.answer(0)
    assert (changed.at, changed.answers) == (None, (1, 1, 0, 1, 1, 1, 1, 1, 1))


def test_an_answer_changed_to_yes_asks_what_now_belongs_to_it() -> None:
    filling = filled("headache-diary", 0)
    assert (filling.at, filling.answers) == (None, (0, *[NOT_ASKED] * 10))
    filling = filling.change("headache-any").answer(1)
    assert filling.at == "headache-start"
    assert not filling.is_whole


def test_rather_not_saying_is_an_answer_and_leaves_no_score() -> None:
    filling = filled("phq-9", *[1] * 8, NOT_SAID)
    assert filling.is_whole
    assert any(push == Push("I'd rather not say", RATHER_NOT) for push in _pushes(filled("phq-9")))
    facts = DoneFacts(phq9(), phq9().scored(filling.answers), None, False, NOW.wall_ms)
    assert "With a question left out there is no score." in words(done_view(NOW, facts))


def _pushes(filling: Filling) -> list[Push]:
    return [block for block in question_view(filling).blocks if isinstance(block, Push)]


def test_answers_that_are_not_offered_change_nothing() -> None:
    filling = filled("phq-9")
    assert filling.answer(4) is filling
    assert begun(phq9(), {"phq9-1": 9, "phq9-2": 1}).at == "phq9-1"


def done(**changes: object) -> DoneFacts:
    plain = DoneFacts(
        phq9(), phq9().score([1] * 8 + [0]), None, False, NOW.wall_ms + 7 * 86_400_000
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_score_is_labelled_as_own_wording_with_its_band() -> None:
    view = done_view(NOW, done())
    group = next(block for block in view.blocks if isinstance(block, Group))
    assert group.blocks[1] == Figure("8 of 27", "Mild. Own wording, not validated")
    assert not any(isinstance(block, Box) for block in view.blocks)


def test_hard_thoughts_bring_words_of_help_first() -> None:
    reach = Reach("Clinic", "1", crisis_calls=(CrisisCall("Crisis line", "030 23125 003"),))
    view = done_view(NOW, done(hard_thoughts=True, reach=reach))
    kinds = [type(block) for block in view.blocks]
    assert kinds.index(Call) < kinds.index(Push) < kinds.index(Group), "the score comes last"
    actions = [block.action for block in view.blocks if isinstance(block, Call | Push)]
    assert actions == ["dial:030 23125 003", "dial:112", "safety-plan"]
    assert "You don't have to be alone with this" in words(view)
    assert not any(push.strong for push in view.foot)
    assert not any(isinstance(block, Figure) for block in view.blocks)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (18, 13, "5 points less than last time. That much counts as a change."),
        (10, 9, "1 point less than last time. So little goes up and down from week to week."),
        (9, 14, "5 points more than last time. That much counts as a change."),
        (9, 9, "The same as last time."),
    ],
)
def test_the_change_since_last_time_is_said_with_its_weight(
    before: int, now: int, said: str
) -> None:
    assert since_words(phq9(), before, now) == said


def test_a_form_without_a_source_for_change_says_only_the_points() -> None:
    assert since_words(form("ocd-own"), 30, 10) == "20 points less than last time."
