"""What the samples say fits together, and fits the picture that they stand on."""

from __future__ import annotations

import subprocess
import sys

from kivy.uix.textinput import TextInput

from mobile.presenters.page import Choices, Field, PageView
from mobile.presenters.views import View
from tests.mobile.screens import samples_course, samples_day, samples_home, spoken
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import SAMPLES
from tests.mobile.screens.session_facts import NOW

SETTINGS_SEEN = """
from mobile.language import use
from mobile.presenters.appearance import Appearance, Contrast
from tests.mobile.screens.drawn_as import draw_as
draw_as(Appearance(Contrast.HIGH, 200))
use("de")
from tests.mobile.screens.samples_home import SAMPLES_HOME
from tests.mobile.screens.test_samples_add_up import chosen
for name in ("setting-text", "setting-contrast", "setting-language"):
    print(chosen(SAMPLES_HOME[name]))
"""


def chosen(view: View) -> str:
    """What is picked on a page of one choice."""
    assert isinstance(view, PageView)
    (choices,) = [each for each in view.blocks if isinstance(each, Choices)]
    (choice,) = choices.chosen
    return choice


def test_the_settings_are_those_of_the_picture() -> None:
    """In a process of its own: samples are made at import, as they are drawn then."""
    asked = [sys.executable, "-c", SETTINGS_SEEN]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["200", "high", "de"]


def test_the_clinic_opens_in_the_morning() -> None:
    opens_ms = samples_day.REACH.opens_wall_ms
    assert opens_ms is not None
    assert f"{NOW.local(opens_ms):%H:%M}" == "08:00"
    assert opens_ms > NOW.wall_ms


def test_a_rest_is_as_long_as_the_plan_says() -> None:
    facts, next_ms = samples_day.TODAY, samples_day.NEXT_MS
    assert facts.prescription is not None
    assert facts.last_session_wall_ms is not None
    rest_ms = next_ms - facts.last_session_wall_ms
    assert rest_ms == facts.prescription.limits.day_window_s * 1000
    assert "Tomorrow, from" in str(SAMPLES["today-remind"])


def test_as_many_answers_stand_there_as_questions_were_counted() -> None:
    count = len(samples_day.RULES.questions)
    assert f"of {count}" in str(SAMPLES["screening"])
    for name in ("seat-good", "seat-softer"):
        assert f"Your {count} answers" in str(SAMPLES[name])


def test_a_course_on_time_has_nothing_left_of_a_session() -> None:
    assert "pulses of your last session are left" not in str(SAMPLES["course-on-time"])
    assert "pulses of your last session are left" in str(SAMPLES["course-make-up"])


def test_the_course_is_one_persons() -> None:
    plan = samples_course.PLAN
    planned = plan.limits.course_sessions
    assert len(samples_course.WHOLE) == planned
    assert f"{planned} sessions" in str(SAMPLES["course-end"])
    assert "missed" not in str(SAMPLES["course-on-time"])
    assert "2 sessions were missed" in str(SAMPLES["course"])
    assert "Missed on Monday 14 September and Tuesday" in str(SAMPLES["course-missed"])


def test_the_rest_of_a_session_is_offered_only_while_it_may_be_given() -> None:
    facts, last = samples_course.facts(), samples_course.SITTINGS[-1]
    within_s = samples_course.PLAN.make_up_within_s
    assert facts.make_up is not None
    assert within_s is not None
    assert facts.make_up.pulses == last.planned_pulses - last.given
    assert facts.make_up.until_ms == last.at_ms + within_s * 1000


def test_check_ins_are_counted_and_compared_as_the_history_has_them() -> None:
    assert f"{len(samples_course.KEPT)} answered" in str(SAMPLES["check-ins"])
    assert "2 points less than last time" in str(SAMPLES["check-in-done"])
    before, now = (sum(one.answers) for one in samples_course.MOODS[-2:])
    assert before - now == 2


def test_a_time_is_called_wrong_only_where_it_is() -> None:
    view = SAMPLES["form-time"]
    assert isinstance(view, PageView)
    (time,) = [each for each in view.blocks if isinstance(each, Field) and each.name == "time"]
    assert "Write the time" in str(view)
    assert int(time.text.partition(":")[0]) > 23


def test_the_day_is_one_on_which_the_open_clinic_could_be_open() -> None:
    assert spoken.REACH.open_now
    assert "08" <= f"{spoken.NOW.here:%H}" < "17"


def test_as_much_waits_on_one_page_as_on_the_other() -> None:
    waiting = 1 + 1 + 12
    assert f"{waiting} items" in str(SAMPLES["diagnostics"])
    assert "12 parts of the band's record" in str(samples_home.ERASE.unsent)
    assert len(samples_home.ERASE.unsent) == 3


def test_a_clinic_that_is_open_closes_later_today() -> None:
    assert f"{samples_home.NOW.here:%H}" < "17"
    assert "Open until 17:00" in str(SAMPLES["help-page"])


async def test_a_picture_has_nothing_of_the_page_before_it(running: Running) -> None:
    await running.open(SAMPLES["travel"])
    await running.open(SAMPLES["travel-found"])
    (line,) = [each for each in running.app.stage.walk() if isinstance(each, TextInput)]
    assert line.text == "Norway"
