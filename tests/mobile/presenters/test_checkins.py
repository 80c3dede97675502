"""What is due, what comes later, what was answered, and the safety plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mobile.presenters.checkin_history import answer_view, history_view
from mobile.presenters.checkins import (
    DAY_MS,
    Wanted,
    checkins_view,
    checkins_words,
    days_left,
    due_of,
    is_due,
)
from mobile.presenters.page import Box, LongRows, PageView, Push, Rows
from mobile.presenters.pieces import Call, Row
from mobile.presenters.safety_plan import OwnPlan, change_view, plan_view
from mobile.presenters.words import Now
from shared.care.card import ClinicCard, CrisisLine
from shared.wire.items import CheckinBody
from tests.shared.clinic import NOW_S, PATIENT_ID

NOW = Now(NOW_S * 1000, UTC)
MOOD = Wanted("phq-9", "Mood", 7, 2, NOW.wall_ms - 7 * DAY_MS)
SLEEP = Wanted("sleep-mood", "Sleep and mood", 1, 1, NOW.wall_ms - DAY_MS)
TASK = Wanted("reaction", "Quick touch", 14, 3, NOW.wall_ms - 4 * DAY_MS)

CARD = ClinicCard(
    serial=1,
    clinic_name="Clinic by the Lake",
    zone="Europe/Berlin",
    hours=(),
    day_number="+49 30 23125 100",
    on_call_number="+49 30 23125 199",
    emergency_number="112",
    crisis_lines=(CrisisLine("Night line", "+49 30 23125 111"),),
    medicines=(),
    asks_pregnancy=False,
    ear_protection=False,
    instruments=(),
    ready_sentences=(),
    lessons_serial=0,
    safety_plan=("Go where people are.",),
)


def rows(view: PageView) -> list[Row]:
    return [row for block in view.blocks if isinstance(block, Rows) for row in block.rows]


def test_the_day_counts_and_not_the_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    def at(day: int, hour: int) -> int:
        return int(datetime(2026, 12, day, hour, tzinfo=berlin).timestamp() * 1000)

    evening = replace(SLEEP, last_wall_ms=at(1, 23))
    assert not is_due(Now(at(1, 23), berlin), evening)
    assert is_due(Now(at(2, 1), berlin), evening)
    weekly = replace(MOOD, last_wall_ms=at(1, 23))
    assert days_left(Now(at(7, 23), berlin), weekly) == 1
    assert is_due(Now(at(8, 0), berlin), weekly)


def test_a_clock_change_moves_no_due_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = int(datetime(2026, 10, 24, 12, tzinfo=berlin).timestamp() * 1000)
    after = int(datetime(2026, 10, 31, 8, tzinfo=berlin).timestamp() * 1000)
    assert is_due(Now(after, berlin), replace(MOOD, last_wall_ms=before))


def test_what_is_due_stands_first_and_what_was_begun_before_all() -> None:
    assert due_of(NOW, (MOOD, TASK, SLEEP)) == (MOOD, SLEEP)
    begun = replace(SLEEP, begun=True)
    assert due_of(NOW, (MOOD, begun)) == (begun, MOOD)


def test_the_day_says_how_long_it_takes_or_when_the_next_one_comes() -> None:
    assert checkins_words(NOW, (MOOD, SLEEP, TASK)) == "Due today, 3 minutes"
    assert checkins_words(NOW, (replace(SLEEP, last_wall_ms=NOW.wall_ms),)).startswith(
        "Nothing due, next tomorrow"
    )
    assert checkins_words(NOW, (replace(MOOD, begun=True),)) == "Begun, not sent yet"
    assert checkins_words(NOW, ()) == "None asked for"


def test_the_page_lists_now_and_later_and_leads_to_the_safety_plan() -> None:
    view = checkins_view(NOW, (MOOD, SLEEP, TASK), done=12)
    assert view.subtitle == "2 are due today"
    assert rows(view)[0] == Row("Mood", "Due today, 2 minutes", "open:phq-9")
    assert rows(view)[2].action == "open:reaction"
    assert rows(view)[-1] == Row("When thoughts get dark", "Your safety plan", "safety-plan")
    assert "12 answered" in [row.value for row in rows(view)]


def test_without_anything_asked_for_the_page_says_so() -> None:
    view = checkins_view(NOW, (), done=0)
    assert view.subtitle == "Your clinic asks for none just now"
    assert [row.action for row in rows(view)] == ["checkin-history", "charts", "safety-plan"]


def answered(instrument: str, days_ago: int, *answers: int) -> CheckinBody:
    return CheckinBody(instrument, 1, PATIENT_ID, NOW.wall_ms - days_ago * DAY_MS, answers, "en")


def test_the_history_has_the_newest_first_with_scores_that_add_up() -> None:
    view = history_view(
        NOW, [answered("phq-9", 7, *[1] * 9), answered("reaction", 1, 60, 310, 3300, 4, 1)]
    )
    (long,) = [block for block in view.blocks if isinstance(block, LongRows)]
    labels = [row.label for row in long.rows if row.action]
    assert labels == ["Quick touch", "Mood: 9 of 27"]
    assert view.subtitle == "2 answered"
    assert long.rows[0].value == "", "the name of the month"
    assert long.rows[1].action == f"answer:{NOW.wall_ms - DAY_MS}"


def test_one_answer_in_full_names_each_question() -> None:
    view = answer_view(NOW, answered("headache-diary", 1, 0, *[255] * 10))
    assert rows(view) == [Row("Did you have a headache today?", "No")]
    task = answer_view(NOW, answered("reaction", 1, 60, 310, 3300, 4, 1))
    assert Row("Typical", "310 ms") in rows(task)
    assert Row("Very late touches", "4 of 60") in rows(task)


def test_an_answer_says_its_source_and_that_parts_are_only_recalled() -> None:
    said = repr(answer_view(NOW, answered("phq-9", 1, *[1] * 9)).blocks)
    assert "Source: Kroenke, Spitzer, Williams 2001" in said
    assert "parts of it from memory. Not checked by a clinician." in said
    own = repr(answer_view(NOW, answered("sleep-mood", 1, 7, 2, 6)).blocks)
    assert "Source: own. Not checked by a clinician." in own


def calls(view: PageView) -> list[Call]:
    return [block for block in view.blocks if isinstance(block, Call) and block.action]


def test_the_plan_shows_every_number_one_touch_each_the_crisis_line_first() -> None:
    own = OwnPlan(people="Ines", number="+49 30 23125 222")
    view = plan_view(CARD, own, unsent=False)
    assert [str(call.action).removeprefix("dial:") for call in calls(view)] == [
        "+49 30 23125 111",
        "112",
        "+49 30 23125 222",
        "+49 30 23125 199",
        "+49 30 23125 100",
    ]
    assert [call.urgent for call in calls(view)] == [False, True, False, False, False]
    assert "neither kept nor sent" in repr(view.blocks)
    assert "Go where people are." in repr(view.blocks)


def test_without_a_card_the_emergency_number_is_still_one_touch() -> None:
    bare = replace(
        CARD, crisis_lines=(), day_number="see your letter", on_call_number="", safety_plan=()
    )
    view = plan_view(bare, OwnPlan(), unsent=False)
    assert [call.action for call in calls(view)] == ["dial:112"]
    assert "see your letter" in repr(view.blocks)


def test_answers_that_are_not_sent_yet_are_said_and_one_touch_away() -> None:
    view = plan_view(CARD, OwnPlan(), unsent=True)
    assert "aren't sent yet" in repr([b for b in view.blocks if isinstance(b, Box)])
    assert any(isinstance(b, Push) and b.action == "send-answers" for b in view.blocks)
    assert "send-answers" not in repr(plan_view(CARD, OwnPlan(), unsent=False))


def test_own_lines_are_written_on_a_page_of_their_own() -> None:
    view = change_view(OwnPlan(signs="No sleep"))
    assert "No sleep" in repr(view.blocks)
    assert [push.action for push in view.foot] == ["keep-plan", "back"]


def test_one_answered_under_a_clock_years_ahead_does_not_put_off_the_next() -> None:
    ahead = Wanted("phq-9", "Mood", 7, 2, last_wall_ms=NOW.wall_ms + 3_000 * DAY_MS)
    assert is_due(NOW, ahead)
