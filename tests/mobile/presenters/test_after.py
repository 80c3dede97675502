"""After a session: what was given, what was noticed, what helps; red flags on every page."""

from __future__ import annotations

from datetime import UTC

import pytest

from mobile.presenters.after import (
    RED_FLAG,
    AfterFacts,
    advice_view,
    after_view,
    grade_view,
    noticed_view,
)
from mobile.presenters.page import Box, Choices, PageView
from mobile.presenters.reach import Reach
from mobile.presenters.words import Now
from shared.instruments.side_effects import side_effect_rules
from shared.wire.records import CloseCause
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)
RULES = side_effect_rules()
FACTS = AfterFacts(
    NOW, 8, 600, 600, completed=True, cause=CloseCause.COMPLETED, ended_wall_ms=NOW.wall_ms
)
REACH = Reach("Demo clinic", "030 23125 001", open_now=True)


@pytest.mark.parametrize("cause", [None, *CloseCause])
def test_afterwards_counts_and_reason_are_said(cause: CloseCause | None) -> None:
    completed = cause is CloseCause.COMPLETED
    view = after_view(AfterFacts(NOW, 8, 180, 600, completed, cause, NOW.wall_ms))

    assert view.summary.startswith("180 of 600 pulses given.")
    assert view.title == ("All done for today" if completed else "Session ended early")
    assert view.red_flag_action == RED_FLAG


def test_a_session_whose_end_no_clock_knew_has_its_number_alone() -> None:
    view = after_view(AfterFacts(NOW, 8, 180, 600, False, CloseCause.REBOOT, None))
    assert view.subtitle == "Session 8"


def test_red_flags_stand_on_every_page() -> None:
    noticed = {"headache": 2}
    pages = [
        noticed_view(RULES, noticed, FACTS),
        grade_view(RULES, RULES.find("headache"), 1, 1, 0),
        advice_view(RULES, noticed, REACH, NOW, softer=False),
    ]
    for page in pages:
        assert any(isinstance(b, Box) and b.action == RED_FLAG for b in page.blocks)


def test_the_list_has_all_twelve_and_goes_on_with_one_at_least() -> None:
    none = noticed_view(RULES, {}, FACTS)
    assert not none.foot[0].enabled
    some = noticed_view(RULES, {"tired": 0, "scalp": 0}, FACTS)
    assert some.foot[0].enabled
    (listed,) = (block for block in some.blocks if isinstance(block, Choices))
    assert len(listed.choices) == 12
    assert listed.chosen == {"tired", "scalp"}


def test_advice_and_a_softer_session_are_offered_from_grade_two_on() -> None:
    mild = advice_view(RULES, {"headache": 1}, REACH, NOW, softer=False)
    assert not _offers_softer(mild)
    assert "What helps now" not in str(mild)
    moderate = advice_view(RULES, {"headache": 2}, REACH, NOW, softer=False)
    assert _offers_softer(moderate)
    assert "What helps now" in str(moderate)
    assert "Your clinic will ask" not in str(moderate)
    severe = advice_view(RULES, {"headache": 3}, REACH, NOW, softer=True)
    assert "Your clinic will ask" in str(severe)


def _offers_softer(view: PageView) -> bool:
    return any(isinstance(block, Choices) and block.group == "softer" for block in view.blocks)
