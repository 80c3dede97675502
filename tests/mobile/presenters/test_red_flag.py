"""A red flag's page says what is so: of the band, of the clinic, and whom to call first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from mobile.presenters.page import Choices, PageView, Push
from mobile.presenters.pieces import Call
from mobile.presenters.reach import CrisisCall, Reach
from mobile.presenters.red_flag import SLIP, BandHold, Heard, RedFlagFacts, red_flag_view
from mobile.presenters.words import Now
from shared.instruments.side_effects import side_effect_rules
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)
REACH = Reach(
    "Demo clinic",
    "030 23125 001",
    on_call_number="030 23125 002",
    crisis_calls=(CrisisCall("Crisis line", "030 23125 003"),),
    watched=True,
)
SEIZURE, SKIN, MOOD = (side_effect_rules().find(name) for name in ("seizure", "skin", "mood_down"))
FACTS = RedFlagFacts(NOW, SEIZURE, BandHold.HELD, Heard.NOT_SENT, None, "", REACH)


def numbers(view: PageView) -> list[str]:
    """The numbers on the page, in order."""
    return [block.action or "" for block in view.blocks if isinstance(block, Call | Push)]


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (Heard.NOT_SENT, "Not sent yet: call."),
        (Heard.ON_SERVER, "Sent {time}. Nobody has read it yet: please call."),
        (Heard.SEEN, "Seen by K., {time}."),
        (Heard.REFUSED, "It could not be delivered: call."),
    ],
)
def test_what_the_clinic_knows_is_said_and_nothing_more(heard: Heard, words: str) -> None:
    at_ms = None if heard in (Heard.NOT_SENT, Heard.REFUSED) else NOW.wall_ms
    view = red_flag_view(replace(FACTS, heard=heard, heard_wall_ms=at_ms, seen_by="K."))
    assert words.format(time=NOW.here.strftime("%H:%M")) in str(view)
    assert "Nobody is watching now" not in str(view)


@pytest.mark.parametrize(
    "reach", [replace(REACH, watched=False), replace(REACH, on_call_number="")]
)
def test_without_a_rota_or_a_heartbeat_nobody_is_watching(reach: Reach) -> None:
    view = red_flag_view(replace(FACTS, reach=reach))
    assert "Nobody is watching now" in str(view)
    assert isinstance(view.blocks[1], Call)


def test_yesterdays_arrival_names_its_day() -> None:
    facts = replace(FACTS, heard=Heard.ON_SERVER, heard_wall_ms=NOW.wall_ms - 86_400_000)
    assert "Sent yesterday" in str(red_flag_view(facts))


def test_an_emergency_puts_the_ambulance_first_and_others_the_clinic() -> None:
    assert numbers(red_flag_view(FACTS))[0] == "dial:112"
    assert numbers(red_flag_view(replace(FACTS, effect=SKIN)))[1] == "dial:112"


def test_a_very_dark_mood_puts_the_crisis_line_and_the_safety_plan_first() -> None:
    found = numbers(red_flag_view(replace(FACTS, effect=MOOD)))
    assert found[:3] == ["dial:030 23125 003", "dial:112", "safety-plan"]


def test_after_hours_the_one_who_is_on_call_stands_before_the_clinic() -> None:
    skin = replace(FACTS, effect=SKIN)
    assert numbers(red_flag_view(skin))[0] == "dial:030 23125 002"
    open_now = replace(skin, reach=replace(REACH, open_now=True))
    assert numbers(red_flag_view(open_now))[0] == "dial:030 23125 001"


def test_a_slip_is_asked_for_while_it_can_be_taken_back() -> None:
    skin = replace(FACTS, effect=SKIN, undo_left_ms=42_000)
    assert "for 42 more seconds" in str(red_flag_view(skin))
    late = red_flag_view(replace(skin, undo_left_ms=0))
    assert not any(isinstance(block, Choices) for block in late.blocks)
    assert any(isinstance(block, Choices) for block in red_flag_view(FACTS).blocks)


def test_after_a_slip_the_band_says_whether_its_lock_stays() -> None:
    taken = replace(FACTS, effect=SKIN, answer=SLIP, hold=BandHold.TAKEN_BACK)
    assert "The band isn't locked" in str(red_flag_view(taken))
    stays = red_flag_view(replace(FACTS, answer=SLIP))
    assert "probably a slip" in str(stays)


def test_a_band_that_was_not_told_yet_is_never_called_locked() -> None:
    text = str(red_flag_view(replace(FACTS, hold=BandHold.ON_ITS_WAY)))
    assert "The band isn't told yet" in text
    assert "The band is locked" not in text
    assert "Until then keep it off" in text
    assert "It gives nothing" not in text
