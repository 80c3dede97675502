"""How long sessions go on without the clinic is said days before they stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from mobile.presenters.lapse import ClearanceFacts
from mobile.presenters.today import RecordFacts, today_view
from mobile.presenters.words import Now
from tests.mobile.presenters.test_today import NOW, facts

DAY_MS = 86_400_000
AWAY = RecordFacts(3, 0, None, False, None)


def at(days_left: float, record: RecordFacts = AWAY) -> tuple[str | None, list[str]]:
    """The notice's title and the rows of a day with so much left of a week's word."""
    ends_ms = NOW.wall_ms + round(days_left * DAY_MS)
    view = today_view(facts(record=record, clearance=ClearanceFacts(ends_ms, 7 * DAY_MS)))
    title = None if view.later is None else view.later.title
    return title, [row.value for row in view.rows if row.label == "Without your clinic"]


def test_with_the_clinic_in_reach_nothing_is_said_of_it() -> None:
    assert at(6.5, RecordFacts(0, 0, NOW.wall_ms, True, NOW.wall_ms)) == (None, [])


def test_out_of_reach_a_line_says_until_when_from_the_first_day_on() -> None:
    title, rows = at(6.5)
    assert title is None
    assert [row.startswith("Sessions until ") for row in rows] == [True]


def test_days_before_the_lapse_a_notice_says_when_why_and_what_to_do() -> None:
    assert at(3.6)[0] is None
    for days_left in (3.5, 2.0, 0.1):
        title, _rows = at(days_left)
        assert title is not None
        assert title.startswith("Sessions are possible until ")


def test_after_the_lapse_it_says_what_ends_it_and_that_nothing_is_lost() -> None:
    title, rows = at(-0.1)
    assert title == "Sessions wait for your clinic"
    assert rows == ["No sessions until it's reached"]
    lapsed = facts(record=AWAY, clearance=ClearanceFacts(NOW.wall_ms, 7 * DAY_MS))
    notice = today_view(lapsed).later
    assert notice is not None
    assert "nothing of it is lost" in notice.body
    assert "call your clinic" in notice.body


def test_what_the_engine_has_to_say_comes_first_and_the_lapse_below() -> None:
    lapsed = facts(record=AWAY, clearance=ClearanceFacts(NOW.wall_ms, 7 * DAY_MS))
    lapse = today_view(lapsed).later
    assert lapse is not None
    said = replace(lapse, title="The band didn't take a plan")
    view = today_view(replace(lapsed, notice=said))
    assert (view.notice, view.later) == (said, lapse)


def test_the_end_is_said_in_the_persons_own_hours() -> None:
    ends = ClearanceFacts(NOW.wall_ms + 3_600_000, DAY_MS)
    view = today_view(facts(now=Now(NOW.wall_ms, UTC), record=AWAY, clearance=ends))
    assert view.later is not None
    assert view.later.title.startswith("Sessions are possible until today ")
