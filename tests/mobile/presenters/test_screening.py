"""The safety questions on the screen: the way through them, and what an answer that locks says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from mobile.presenters.answering import Answering, Page, recalled
from mobile.presenters.page import Ask, Choices, PageView, Rows, Steps, Words
from mobile.presenters.pieces import Call, Row
from mobile.presenters.reach import Reach
from mobile.presenters.screening import (
    FOLLOW_GROUP,
    GO_ON,
    SAFETY_PLAN,
    AskedNow,
    CheckFacts,
    SeatFacts,
    SofterFacts,
    check_view,
    question_view,
    seat_words,
    sure_view,
    waits_view,
)
from mobile.presenters.words import Now
from shared.instruments.screening import (
    NO,
    YES,
    Circumstances,
    Given,
    ScreeningAction,
    screening_rules,
)
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)
DAY_MS = 86_400_000
CLOSED = Reach(
    "Demo clinic", "030 23125 001", emergency_number="112", opens_wall_ms=NOW.wall_ms + DAY_MS
)
ALL = Circumstances(
    pregnancy=True,
    ear_protection=True,
    medicines={"paracetamol": True, "tramadol": False},
)
SEATED = SeatFacts(contact=True, position_ok=True, battery_percent=82, battery_least=30)


def begun() -> Answering:
    return Answering(screening_rules(), ALL)


def usual(way: Answering) -> Answering:
    """Answer the present question as on an ordinary day."""
    return way.choose(YES if way.question.gate is not None else NO, way.question.id)


def up_to(question_id: str) -> Answering:
    way = begun()
    while way.question.id != question_id:
        way = usual(way)
    return way


def words_of(view: PageView) -> str:
    """Everything that stands on a page."""
    return str(view)


def test_an_ordinary_answer_moves_on_by_itself_to_the_check() -> None:
    way = begun()
    for number in range(len(way.questions)):
        assert (way.at, way.page) == (number, Page.QUESTION)
        way = usual(way)
    assert way.page is Page.CHECK
    assert len(way.questions) == 12


def test_a_second_touch_on_a_question_left_behind_does_nothing() -> None:
    way = begun()
    first = way.question.id
    once = way.choose(NO, first)
    assert once.choose(NO, first) == once
    assert once.choose("nonsense", once.question.id) == once


def test_back_leads_to_the_question_before_and_out_of_the_first() -> None:
    way = up_to("alcohol")
    back = way.press("back")
    assert back is not None
    assert (back.question.id, back.answer) == ("sleep_some", Given(NO))
    assert begun().press("back") is None


@pytest.mark.parametrize("answer", [YES, "unsure"])
def test_an_answer_that_locks_is_asked_once_more_and_can_be_changed(answer: str) -> None:
    way = up_to("fever").choose(answer, "fever")
    assert way.page is Page.SURE
    back = way.press("back")
    assert back is not None
    assert (back.page, back.question.id, back.answer) == (Page.QUESTION, "fever", None)


def test_metal_that_comes_off_goes_on_and_what_stays_locks() -> None:
    asked = up_to("metal").choose(YES, "metal")
    assert asked.page is Page.FOLLOW
    off = asked.choose("off", FOLLOW_GROUP)
    assert (off.page, off.question.id) == (Page.QUESTION, "pregnancy")
    assert asked.choose("stays", FOLLOW_GROUP).page is Page.SURE


def test_medicines_are_picked_one_by_one_and_only_then_decide() -> None:
    asked = up_to("medicine").choose("unsure", "medicine")
    assert asked.press(GO_ON) == asked
    harmless = asked.choose("paracetamol", FOLLOW_GROUP)
    assert harmless.page is Page.FOLLOW
    gone_on = harmless.press(GO_ON)
    assert gone_on is not None
    assert gone_on.question.id == "fever"
    both = harmless.choose("tramadol", FOLLOW_GROUP).press(GO_ON)
    assert both is not None
    assert both.page is Page.SURE
    taken_away = harmless.choose("tramadol", FOLLOW_GROUP).choose("tramadol", FOLLOW_GROUP)
    assert taken_away.given == harmless.given


def test_what_has_to_be_confirmed_waits_for_its_yes() -> None:
    way = up_to("ear").choose(NO, "ear")
    assert (way.page, way.question.id) == (Page.QUESTION, "ear")
    assert "The session waits for it" in words_of(question_view(_asked(way)))
    assert way.choose(YES, "ear").page is Page.CHECK


def test_a_way_that_was_kept_comes_back_and_one_that_does_not_fit_begins_anew() -> None:
    ways = [begun(), up_to("metal"), up_to("metal").choose(YES, "metal")]
    ways += [up_to("fever").choose(YES, "fever"), usual(up_to("ear"))]
    for way in ways:
        assert recalled(screening_rules(), ALL, way.draft()) == way
    broken: list[dict[str, Any]] = [
        {"at": 99},
        {"at": 3},
        {"at": 1, "given": {"seizure": ["yes", []]}},
        {"page": "check"},
        {"page": "nowhere"},
        {"given": {"seizure": 7}},
    ]
    for draft in broken:
        assert recalled(screening_rules(), ALL, draft) == begun()


def test_a_lock_by_the_clinic_names_its_next_opening_and_where_the_session_goes() -> None:
    way = up_to("head_injury").choose(YES, "head_injury")
    view = sure_view(_asked(way), ScreeningAction.HOLD, NOW, CLOSED)
    text = words_of(view)
    assert "Somebody reads it from tomorrow" in text
    assert "Call if you need help now" in text
    assert "at once" not in text, "nobody can promise that it arrives"
    assert "moves to the end of your course" in text
    assert [push.action for push in view.foot] == ["sure", "back"]


def test_a_postponement_names_its_end() -> None:
    way = up_to("drugs").choose(YES, "drugs")
    text = words_of(sure_view(_asked(way), ScreeningAction.POSTPONE, NOW, CLOSED))
    assert "The band waits 48 hours." in text
    assert "It opens again " in text
    assert "Somebody reads it" not in text


def test_after_a_seizure_the_emergency_words_stand_first() -> None:
    way = begun().choose("unsure", "seizure")
    view = sure_view(_asked(way), ScreeningAction.HOLD, NOW, CLOSED)
    words, call = view.blocks[0], view.blocks[1]
    assert isinstance(words, Words)
    assert "Take the band off and call" in words.text
    assert isinstance(call, Call)
    assert (call.action, call.urgent) == ("dial:112", True)
    assert not any(push.strong for push in view.foot), "no other button is as strong"


def test_who_has_to_wait_is_told_until_when_and_where_help_is() -> None:
    held = waits_view(NOW, CLOSED, opens_wall_ms=None, sent=False)
    assert held.title == "Your clinic looks at this first"
    assert "Somebody reads it from tomorrow" in words_of(held)
    assert "Your answer isn't sent yet" in words_of(held)
    rested = waits_view(NOW, CLOSED, opens_wall_ms=NOW.wall_ms + DAY_MS, sent=True)
    assert "The band opens again tomorrow, from " in words_of(rested)
    for view in (held, rested):
        assert SAFETY_PLAN in words_of(view)
        assert "dial:030 23125 001" in words_of(view)
        assert "nothing is lost" in words_of(view)


@pytest.mark.parametrize(
    ("seat", "words", "why_not"),
    [
        (None, "Bring the band near", "Bring the band near"),
        (replace(SEATED, contact=False, position_ok=False), "doesn't touch", "put the band right"),
        (replace(SEATED, position_ok=False), "isn't in its place", "put the band right"),
        (replace(SEATED, battery_percent=29), "It needs 30 %", "charge the band"),
        (replace(SEATED, moving=True), "Sit still", "Sit still"),
        (SEATED, "It sits well", ""),
    ],
)
def test_the_seat_says_one_thing_to_put_right_and_only_then_gets_ready(
    seat: SeatFacts | None, words: str, why_not: str
) -> None:
    assert words in seat_words(seat)
    view = check_view(CheckFacts((), seat, "T.P."))
    (ready,) = (push for push in view.foot if push.action == "get-ready")
    assert ready.enabled is (seat is SEATED)
    assert why_not in ready.why_not
    assert Row("The band shows", "T.P.") in _rows(view)


@pytest.mark.parametrize("contact", [True, False])
def test_a_band_that_sits_badly_is_set_down_anew_step_by_step(*, contact: bool) -> None:
    """It tells neither side nor direction, so nobody is sent one way."""
    view = check_view(CheckFacts((), replace(SEATED, contact=contact, position_ok=False), "T.P."))
    (steps,) = (block.steps for block in view.blocks if isinstance(block, Steps))
    assert "off" in steps[0]
    assert ("hair clips" in steps[0]) is not contact
    assert "over the middle of your face" in steps[1]
    assert "Press it down" in steps[2]
    assert "call your clinic" in words_of(view)
    said = words_of(view).lower()
    assert not [side for side in ("left", "right,", "forward", "backward") if side in said]


def test_where_the_pulses_go_is_said_where_the_plan_is_known() -> None:
    place = Row("Place of the pulses", "left, in front (F3)")
    assert place in _rows(check_view(CheckFacts((), SEATED, "T.P.", place=place.value)))
    assert "Place of the pulses" not in words_of(check_view(CheckFacts((), SEATED, "T.P.")))


def _rows(view: PageView) -> list[Row]:
    return [row for block in view.blocks if isinstance(block, Rows) for row in block.rows]


def test_the_check_names_what_was_said_besides_no_and_what_it_does() -> None:
    way = up_to("sleep_some").choose(YES, "sleep_some")
    answers = ((way.questions[2], ScreeningAction.ASK), (way.questions[0], ScreeningAction.PASS))
    text = words_of(check_view(CheckFacts(answers, SEATED, "T.P.")))
    assert "Your clinic reads it" in text
    calm = check_view(CheckFacts(answers[1:], SEATED, "T.P."))
    assert "nothing speaks against the session" in words_of(calm)


def test_softer_is_offered_with_its_figures_where_it_was_wished_for() -> None:
    view = check_view(CheckFacts((), SEATED, "T.P.", softer=SofterFacts(60, 55, chosen=True)))
    (offered,) = (block for block in view.blocks if isinstance(block, Choices))
    assert "55 instead of 60 percent" in offered.choices[0].text
    assert offered.chosen == frozenset({"softer"})


def test_questions_say_how_many_there_are() -> None:
    view = question_view(_asked(up_to("ear")))
    assert view.subtitle == "12 of 12"
    assert any(isinstance(block, Ask) for block in view.blocks)


def _asked(way: Answering) -> AskedNow:
    return AskedNow(way.question, way.at + 1, len(way.questions), way.answer)
