"""Words for what somebody close may see: off at first, and never more said than is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mobile.presenters import close_by
from mobile.presenters.close_by import CloseFacts
from mobile.presenters.page import Choices, PageView
from mobile.presenters.pieces import Row
from mobile.presenters.standing import Known, Standing
from shared.care.caregiver import Shown
from tests.mobile.screens.samples_close import (
    ENDED,
    IN,
    INVITED,
    NOW,
    SAMPLES_CLOSE,
    SENT,
    TAKEN_BACK,
    WAITS,
)

REFUSED = Standing(Known.REFUSED, NOW.wall_ms)


def choices(view: PageView) -> Choices:
    (found,) = (block for block in view.blocks if isinstance(block, Choices))
    return found


def test_nothing_is_ticked_at_first_and_each_thing_is_said_in_plain_words() -> None:
    found = choices(close_by.choose_page(frozenset(), name=""))
    assert (found.chosen, found.many) == (frozenset(), True)
    assert [each.id for each in found.choices] == [str(int(each)) for each in Shown]
    assert len({each.text for each in found.choices}) == len(Shown)


def test_what_is_never_offered_is_said() -> None:
    for view in (close_by.choose_page(frozenset(), name=""), close_by.close_page(IN)):
        assert "They never see what you write, your messages, or your answers one by one" in str(
            view
        )


@pytest.mark.parametrize(
    ("changes", "words", "never"),
    [
        ({"standing": WAITS, "link": ""}, "as soon as this phone has reached", "They type"),
        ({"link": ""}, "Nobody sees anything yet", "They type"),
        ({}, "They type this code: demo-7KQ4-M2XD-9RTB", "can see what you chose"),
        ({"until_ms": NOW.wall_ms - 1}, "Nobody used it in its 7 days", "They type"),
        ({"joined_ms": 1}, "can see what you chose", "They type"),
        ({"joined_ms": 1, "standing": WAITS}, "they see what you chose before", "They type"),
        ({"standing": REFUSED}, "didn't take your last choice", "They type"),
    ],
)
def test_how_it_stands_is_what_the_clinic_has_answered(
    changes: dict[str, Any], words: str, never: str
) -> None:
    page = str(close_by.close_page(replace(INVITED, **changes)))
    assert words in page
    assert never not in page


def test_the_page_lists_what_is_shown_and_what_is_not() -> None:
    page = close_by.close_page(IN)
    rows = {row.label: row.value for row in _rows(page)}
    assert rows["Your sessions"] == "Shown"
    assert rows["Results of check-ins"] == "Not shown"


def test_taking_back_says_first_what_it_does() -> None:
    page = close_by.ask_page(IN)
    assert "is signed out at once" in str(page)
    assert [push.action for push in page.foot] == ["withdraw", "keep"]


def test_until_the_clinic_has_heard_it_they_still_see_it() -> None:
    page = close_by.still_page(TAKEN_BACK)
    assert "Not sent yet: Ada Berg still sees it" in str(page)
    assert "sees nothing any more" not in str(page)
    assert "030 23125 001" in str(page)
    assert [push.action for push in page.foot] == ["back"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (ENDED, "It has ended at your clinic, too"),
        (replace(ENDED, withdrawn=False, by_clinic=True), "Your clinic ended it"),
        (replace(TAKEN_BACK, standing=REFUSED), "may still see it"),
    ],
)
def test_how_it_ended_stands_above_a_new_choice(facts: CloseFacts, words: str) -> None:
    page = close_by.choose_page(frozenset(), name="", before=facts)
    assert words in str(page)
    assert [push.action for push in page.foot] == ["invite", "back"]


def test_what_could_not_be_kept_is_said_with_whom_to_call() -> None:
    page = str(close_by.close_page(IN, untold=True))
    assert "they still see it" in page
    assert "030 23125 001" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (None, "Nothing"),
        (INVITED, "Invited"),
        (IN, "What you chose"),
        (TAKEN_BACK, "Taken back, not sent yet"),
        (replace(TAKEN_BACK, standing=SENT), "Nothing"),
        (ENDED, "Nothing"),
    ],
)
def test_the_line_in_the_settings(facts: CloseFacts | None, words: str) -> None:
    assert close_by.short_state(facts) == words


def test_what_is_handed_on_has_the_link() -> None:
    assert INVITED.link in close_by.message_of(INVITED)


def _rows(page: PageView) -> list[Row]:
    return [row for block in page.blocks for row in getattr(block, "rows", ())]


def test_an_address_to_read_off_breaks_before_its_path() -> None:
    view = SAMPLES_CLOSE["close-by-invited"]
    assert repr("\nhttps://clinic.example/\ncare/join")[1:-1] in repr(view)
