"""Words for a second, a new and a lost phone, and for the ends."""

from __future__ import annotations

import pytest

from mobile.presenters import leaving, phones
from mobile.presenters.leaving import ChangeFacts, Going, ReturnFacts
from mobile.presenters.phones import LostFacts, PhonesFacts
from tests.shared.care.cards import card


@pytest.mark.parametrize(
    ("leads", "near", "words", "offered"),
    [
        (True, True, "This phone leads the band", False),
        (False, True, "Another phone leads the band", True),
        (False, False, "Another phone leads the band", False),
        (None, False, "isn't known yet", False),
    ],
)
def test_which_phone_leads_is_said_and_taking_it_offered_where_it_can_be(
    leads: bool | None, near: bool, words: str, offered: bool
) -> None:
    view = phones.new_phone_page(PhonesFacts(card(), leads, near, waiting=0, reachable=True))
    assert words in str(view)
    assert ("Use the band from this phone" in str(view)) is offered


def test_an_old_phone_sends_first() -> None:
    view = phones.new_phone_page(PhonesFacts(card(), True, True, waiting=3, reachable=True))
    assert "3 items aren't sent yet" in str(view)
    assert "would be lost with it" in str(view)
    assert view.foot[0].enabled
    view = phones.new_phone_page(PhonesFacts(card(), True, True, waiting=0, reachable=True))
    assert not view.foot[0].enabled


def test_a_lost_phones_days_are_named_and_nobody_is_blamed() -> None:
    view = phones.lost_phone_page(LostFacts(card(), True, ("2026-03-03", "2026-03-05"), 0))
    assert "Tuesday 3 March" in str(view)
    assert "Thursday 5 March" in str(view)
    view = phones.lost_phone_page(LostFacts(card(), True, (), 0))
    assert "Nothing is missing" in str(view)


def test_who_has_only_one_phone_is_not_asked_to_look() -> None:
    assert len(phones.lost_phone_page(LostFacts(card(), False, None, 0)).foot) == 1
    assert phones.lost_phone_page(LostFacts(card(), True, None, 0)).foot[0].action == "look"


@pytest.mark.parametrize(
    ("going", "words", "action"),
    [
        (Going.NO_WORD, "hasn't signed yet", "back"),
        (Going.READY, "it can't be taken back", "let-go"),
        (Going.HANDED_OVER, "2 items wait for a network", "send-all"),
        (Going.ALL_SENT, "All is done", "back"),
    ],
)
def test_the_band_goes_back_step_by_step(going: Going, words: str, action: str) -> None:
    view = leaving.return_page(ReturnFacts(card(), going, near=True, waiting=2))
    assert words in str(view)
    assert view.foot[0].action == action


def test_a_band_that_is_away_can_not_be_let_go() -> None:
    view = leaving.return_page(ReturnFacts(card(), Going.READY, near=False, waiting=0))
    assert not view.foot[0].enabled
    assert "Bring the band near" in str(view)


def test_what_would_be_lost_is_said_before_a_clinic_is_left() -> None:
    view = leaving.change_page(ChangeFacts(card(), 2, True, True))
    assert "2 items aren't sent yet" in str(view)
    assert [(each.action, each.strong) for each in view.foot] == [
        ("send-first", True), ("begin", False), ("back", False),
    ]  # fmt: skip
    asked = leaving.change_page(ChangeFacts(card(), 2, False, True, asked=True))
    assert "can't be reached" in str(asked)
    assert asked.foot[0].action == "send-first"
    assert asked.foot[1].danger
    free = leaving.change_page(ChangeFacts(card(), 0, True, band_is_free=False))
    assert [(each.action, each.strong) for each in free.foot] == [("begin", True), ("back", False)]
    assert "still belongs to Demo clinic" in str(free)
