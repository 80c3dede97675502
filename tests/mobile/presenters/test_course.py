"""The course in words and charts: every number adds up with the sessions and answers behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mobile.presenters.charts import axis_of, charts_view, dose_chart, symptom_charts, task_charts
from mobile.presenters.course import (
    calendar_of,
    course_view,
    make_up_words,
    missed_view,
    sessions_view,
)
from mobile.presenters.course_end import EndFacts, change_words, course_end_view
from mobile.presenters.course_facts import (
    CourseFacts,
    MakeUp,
    Sitting,
    outlook_of,
    sittings_of,
)
from mobile.presenters.page import (
    Bar,
    BarKind,
    Box,
    Calendar,
    Charts,
    Dot,
    LongRows,
    Mark,
    PageView,
    Rows,
    Zone,
)
from mobile.presenters.words import Now
from shared.dose.ledger_state import ClosedSession
from shared.instruments.forms import form, phq9
from shared.wire.items import CheckinBody
from shared.wire.records import CloseCause, SessionKind
from tests.shared.clinic import PATIENT_ID, itbs

DAY_MS = 86_400_000
TODAY = datetime(2026, 9, 21, 18, tzinfo=UTC)
"""A Monday."""
NOW = Now(int(TODAY.timestamp() * 1000), UTC)


def sitting(days_ago: int, pulses: int = 600) -> Sitting:
    return Sitting(NOW.wall_ms - days_ago * DAY_MS, pulses, 600, pulses == 600)


def mood(days_ago: int, total: int) -> CheckinBody:
    answers = tuple(min(3, max(0, total - 3 * index)) for index in range(9))
    return CheckinBody("phq-9", 1, PATIENT_ID, NOW.wall_ms - days_ago * DAY_MS, answers, "en")


def facts(sittings: tuple[Sitting, ...] = (), **changes: Any) -> CourseFacts:
    plan = changes.pop("prescription", itbs())
    plain = CourseFacts(NOW, plan, sittings, outlook_of(NOW, plan, sittings))
    return replace(plain, **changes)


FIRST_WEEK = tuple(sitting(days) for days in (14, 13, 12, 11, 10))
"""Monday to Friday of two weeks ago; then nothing for a week."""


def calendar(view: PageView) -> Calendar:
    return next(block for block in view.blocks if isinstance(block, Calendar))


def test_the_calendar_shows_done_missed_and_planned_days_and_today() -> None:
    found = calendar(course_view(facts(FIRST_WEEK)))
    marks = [[cell.mark for cell in week.cells] for week in found.weeks]
    assert marks[0] == [Mark.DONE] * 5 + [Mark.NONE] * 2
    assert marks[1] == [Mark.NONE] * 2 + [Mark.MISSED] * 5
    assert marks[2] == [Mark.PLANNED] * 5 + [Mark.NONE] * 2
    assert [cell.text for week in found.weeks for cell in week.cells if cell.today] == ["21"]
    assert found.weeks[0].label == "September"
    assert found.words == "5 sessions given, 5 missed and 25 to come. The next one fits today."


def test_each_mark_on_the_calendar_has_its_word_and_no_other() -> None:
    found = calendar(course_view(facts((*FIRST_WEEK, sitting(0, 180)))))
    shown = {cell.mark for week in found.weeks for cell in week.cells} - {Mark.NONE}
    assert {mark for mark, _word in found.legend} == shown
    assert Mark.PARTIAL in shown


def test_planned_days_add_up_to_what_is_left() -> None:
    look = facts(FIRST_WEEK).outlook
    assert look is not None
    assert sum(day.planned for day in look.days) == look.left == 25


def test_a_long_course_shows_eight_weeks_around_today() -> None:
    plan = itbs(limits=replace(itbs().limits, sessions_per_week=1, course_sessions=30))
    course = facts((sitting(70), sitting(63)), prescription=plan)
    assert course.outlook is not None
    found = calendar_of(NOW, course.outlook, today=course.today)
    assert len(found.weeks) == 8
    assert any(cell.today for week in found.weeks for cell in week.cells)


def test_a_missed_week_is_told_with_new_end_on_one_page() -> None:
    view = missed_view(facts(FIRST_WEEK), can_write=True)
    said = repr(view.blocks)
    assert "5 sessions were missed" in said
    assert "Missed on Wednesday, Thursday, Friday, Saturday and yesterday." in said
    assert "your course now ends about Friday 23 October, 7 days later." in said
    assert "What can be made up" in said
    assert "It is simply given later." in said


def test_the_rest_of_a_partial_session_is_told_with_its_end() -> None:
    make_up = MakeUp(420, NOW.wall_ms + 20 * 3_600_000)
    assert make_up_words(NOW, make_up).startswith(
        "420 pulses of your last session are left. You can have them until tomorrow 14:00"
    )


def test_sessions_beyond_the_plan_lead_to_the_clinic() -> None:
    plan = itbs(not_after_s=NOW.wall_ms // 1000 + 7 * 86_400)
    view = missed_view(facts(FIRST_WEEK, prescription=plan), can_write=True)
    said = repr(view.blocks)
    assert "Your plan holds until Monday 28 September, and 25 sessions are left." in said
    assert "messages" in said
    assert "messages" not in repr(missed_view(facts(prescription=plan), can_write=False).blocks)


def test_without_a_plan_the_page_says_what_comes() -> None:
    view = course_view(CourseFacts(NOW, None, (), None))
    assert view.subtitle == "Your plan comes from your clinic"
    assert "Once your clinic has signed a plan" in repr(view.blocks)


def test_what_is_left_of_the_last_session_is_offered_on_the_course_first() -> None:
    make_up = MakeUp(420, NOW.wall_ms + 3_600_000)
    view = course_view(facts((*FIRST_WEEK, sitting(0, 180)), make_up=make_up))
    box = next(block for block in view.blocks if isinstance(block, Box))
    assert box.action == "missed-sessions"
    assert "420 pulses of your last session are left." in box.notice.body
    page = missed_view(facts(make_up=make_up), can_write=False)
    assert "make-up" in repr(page.blocks)


def test_nothing_missed_shows_no_warning() -> None:
    view = course_view(facts((sitting(2), sitting(1))))
    assert not any(isinstance(block, Box) for block in view.blocks)


def test_sessions_are_listed_with_the_newest_first() -> None:
    view = sessions_view(facts((*FIRST_WEEK, sitting(1, 180))))
    (rows,) = [block.rows for block in view.blocks if isinstance(block, LongRows)]
    assert rows[0].label == "Session 6: 180 of 600"
    assert [row.label for row in rows[1:]] == [f"Session {n}: 600 of 600" for n in (5, 4, 3, 2, 1)]


def closed(kind: SessionKind, pulses: int, *, completed: bool, days_ago: int) -> ClosedSession:
    at_ms = NOW.wall_ms - days_ago * DAY_MS
    return ClosedSession(
        bytes(16), bytes(32), 600, pulses, completed, CloseCause.COMPLETED, at_ms, kind
    )


def test_what_was_made_up_joins_its_session_and_thresholds_are_none() -> None:
    found = sittings_of(
        [
            closed(SessionKind.TITRATION, 20, completed=True, days_ago=5),
            closed(SessionKind.TREATMENT, 180, completed=False, days_ago=4),
            closed(SessionKind.MAKE_UP, 420, completed=True, days_ago=3),
            closed(SessionKind.TREATMENT, 0, completed=False, days_ago=2),
        ]
    )
    assert found == (Sitting(NOW.wall_ms - 4 * DAY_MS, 180, 600, True, 420),)
    assert found[0].given == 600


# Charts


def test_symptoms_lie_in_their_bands_with_the_last_value_labelled() -> None:
    (chart,) = symptom_charts(facts(answers=(mood(14, 18), mood(7, 12), mood(0, 7))))
    assert [dot.value for dot in chart.dots] == [18, 12, 7]
    assert [dot.at for dot in chart.dots] == [0.5, 7.5, 14.5]
    assert chart.last == "7"
    assert chart.zones[0] == Zone(0, 4, "minimal")
    assert [zone.name for zone in chart.zones] == [band.name for band in phq9().bands]
    assert chart.words == (
        "Monday 7 September: 18. Today: 7, mild. 3 answers; lowest 7, highest 18."
    )
    assert "Own wording, not validated" in chart.title
    assert chart.key.startswith("Lower is better. 0 to 4: minimal, 5 to 9: mild, ")


def test_a_chart_says_which_direction_is_better() -> None:
    sleep = CheckinBody("sleep-mood", 1, PATIENT_ID, NOW.wall_ms, (7, 3, 8), "en")
    (rising,) = symptom_charts(facts(answers=(sleep,)))
    assert rising.key == "Higher is better."
    tasks = [
        CheckinBody("reaction", 1, PATIENT_ID, NOW.wall_ms, (58, 318, 3_220, 9, 2), "en"),
        CheckinBody("digit-span", 1, PATIENT_ID, NOW.wall_ms, (6, 4), "en"),
    ]
    falling, growing = task_charts(facts(answers=tuple(tasks)))
    assert (falling.key, growing.key) == ("Lower is better.", "Higher is better.")


def test_dose_is_prescribed_given_partial_and_missed_in_numbers_that_add_up() -> None:
    course = facts((*FIRST_WEEK, sitting(0, 180)))
    (chart,) = dose_chart(course)
    kinds = [bar.kind for bar in chart.bars]
    assert kinds == [BarKind.WHOLE] * 5 + [BarKind.MISSED] * 5 + [BarKind.PARTIAL]
    assert chart.bars[-1] == Bar(14.5, 180, BarKind.PARTIAL, "180")
    assert chart.line == (Dot(0.0, 600),)
    total = sum(bar.value for bar in chart.bars)
    assert total == 5 * 600 + 180
    assert chart.words == (
        "5 whole sessions, 1 in part (180 of 600) and 5 missed. 3,180 pulses in all."
    )


def test_a_changed_prescription_steps_on_the_day_it_changed() -> None:
    later = Sitting(NOW.wall_ms - DAY_MS, 900, 900, True)
    (chart,) = dose_chart(facts((sitting(4), later)))
    assert chart.line == (Dot(0.0, 600), Dot(3.0, 900))
    assert chart.highest == 900


def test_all_charts_share_one_axis_from_the_first_day_to_today() -> None:
    course = facts(FIRST_WEEK, answers=(mood(20, 18), mood(0, 7)))
    view = charts_view(course)
    (charts,) = [block for block in view.blocks if isinstance(block, Charts)]
    assert charts.axis == axis_of(course)
    assert charts.axis.days == 21
    places = [dot.at for chart in charts.charts for dot in chart.dots]
    places += [bar.at for chart in charts.charts for bar in chart.bars]
    assert min(places) == 0.5
    assert max(places) == 20.5
    assert all(chart.words for chart in charts.charts)


def test_tasks_are_charted_with_what_they_cannot_tell() -> None:
    run = CheckinBody("reaction", 1, PATIENT_ID, NOW.wall_ms, (58, 318, 3_220, 9, 2), "en")
    course = facts(answers=(run,))
    (chart,) = task_charts(course)
    assert (chart.last, chart.words) == ("318", "Today: 318 ms. Done once.")
    assert "A trembling hand makes them longer" in repr(charts_view(course).blocks)


def test_an_answer_without_a_score_is_no_point_of_the_chart() -> None:
    left_out = CheckinBody("phq-9", 1, PATIENT_ID, NOW.wall_ms, (1,) * 8 + (254,), "en")
    (chart,) = symptom_charts(facts(answers=(mood(7, 12), left_out)))
    assert len(chart.dots) == 1


# The end


def end(course: CourseFacts, **changes: Any) -> PageView:
    plain = EndFacts(course, "", None, can_return=True)
    return course_end_view(replace(plain, **changes))


def test_before_and_after_stand_beside_each_other_once_the_course_is_done() -> None:
    plan = itbs(limits=replace(itbs().limits, course_sessions=5))
    course = facts(FIRST_WEEK, prescription=plan, answers=(mood(14, 18), mood(0, 9)))
    view = end(course)
    assert (view.title, view.subtitle) == ("Your course is done", "5 sessions")
    rows = [row for block in view.blocks if isinstance(block, Rows) for row in block.rows]
    assert (rows[0].label, rows[0].value) == ("Mood", "Monday 7 September: 18; today: 9")
    assert rows[-1].action == "return-band"
    assert "half of before or less" in repr(view.blocks)
    assert "A score is a sign, no proof." in repr(view.blocks)


def test_before_its_end_the_page_says_what_is_to_go() -> None:
    view = end(facts(FIRST_WEEK), can_return=False)
    assert (view.title, view.subtitle) == ("After the course", "25 sessions to go")
    assert "return-band" not in repr(view.blocks)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (18, 4, "Mood: below 5 now. The source calls that remission."),
        (4, 3, "Mood: a little lower than before."),
        (18, 9, "Mood: half of before or less. The source calls that a response."),
        (18, 13, "Mood: lower by so much that it counts as a change."),
        (18, 17, "Mood: a little lower than before."),
        (9, 9, "Mood: the same as before."),
        (9, 11, "Mood: a little higher than before."),
        (9, 14, "Mood: higher by so much that it counts. Talk to your clinic."),
    ],
)
def test_a_change_is_called_what_the_source_calls_it(first: int, last: int, said: str) -> None:
    assert change_words(phq9(), first, last) == said


def test_without_a_source_for_change_nothing_is_compared() -> None:
    assert form("ocd-own").change.points is None
    answers = tuple(
        CheckinBody("ocd-own", 1, PATIENT_ID, NOW.wall_ms - days * DAY_MS, (days,) * 10, "en")
        for days in (3, 1)
    )
    assert "Once you have answered a check-in twice" in repr(
        end(facts(FIRST_WEEK, answers=answers)).blocks
    )
