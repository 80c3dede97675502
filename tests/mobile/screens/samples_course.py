"""Check-ins, tasks and the course, made by the presenters from facts that add up.

`SPOKEN_COURSE` makes each view in the language spoken when it's called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

from mobile.language import _
from mobile.presenters import tasks
from mobile.presenters.charts import charts_view
from mobile.presenters.checkin import (
    DoneFacts,
    Filling,
    begun,
    done_view,
    question_view,
    review_view,
)
from mobile.presenters.checkin_history import answer_view, history_view
from mobile.presenters.checkins import DAY_MS, Wanted, checkins_view
from mobile.presenters.course import course_view, missed_view, sessions_view
from mobile.presenters.course_end import EndFacts, course_end_view
from mobile.presenters.course_facts import CourseFacts, MakeUp, Sitting, outlook_of
from mobile.presenters.reach import CrisisCall, Reach
from mobile.presenters.safety_plan import OwnPlan, change_view, plan_view
from mobile.presenters.tasks import LightFacts
from mobile.presenters.views import View
from mobile.presenters.words import Now
from shared.care.card import ClinicCard, CrisisLine
from shared.instruments.forms import form, phq9
from shared.instruments.questionnaire import Task
from shared.instruments.registry import task_data
from shared.instruments.tasks.digit_span import begin as span_of
from shared.wire.items import CheckinBody
from tests.mobile.screens.written import ADVICE, NIGHT_LINE, OWN_HELPS, OWN_SIGNS, SOMEBODY
from tests.shared.clinic import NOW_S, PATIENT_ID, itbs

NOW = Now(NOW_S * 1000, UTC)

CARD = ClinicCard(
    serial=1,
    clinic_name="Clinic by the Lake",
    zone="Europe/Berlin",
    hours=(),
    day_number="+49 30 23125 100",
    on_call_number="+49 30 23125 199",
    emergency_number="112",
    crisis_lines=(CrisisLine(NIGHT_LINE, "+49 30 23125 111"),),
    medicines=(),
    asks_pregnancy=False,
    ear_protection=False,
    instruments=(),
    ready_sentences=(),
    lessons_serial=0,
    safety_plan=(ADVICE,),
)
OWN = OwnPlan(
    OWN_SIGNS,
    OWN_HELPS,
    SOMEBODY,
    "+49 30 23125 222",
)
WANTED = (
    Wanted("phq-9", "Mood", 7, 2, NOW.wall_ms - 7 * DAY_MS),
    Wanted("sleep-mood", "Sleep and mood", 1, 1, NOW.wall_ms - DAY_MS, begun=True),
    Wanted("gad-7", "Worry", 7, 2, NOW.wall_ms - 3 * DAY_MS),
    Wanted("reaction", "Quick touch", 14, 3),
)


def filled(form_id: str, *answers: int) -> Filling:
    filling = begun(form(form_id))
    for answer in answers:
        filling = filling.answer(answer)
    return filling


def mood(weeks_ago: int, *answers: int) -> CheckinBody:
    at_ms = NOW.wall_ms - weeks_ago * 7 * DAY_MS
    return CheckinBody("phq-9", 1, PATIENT_ID, at_ms, answers, "en")


MOODS = (
    mood(5, 3, 3, 2, 3, 2, 2, 2, 1, 0),
    mood(4, 3, 2, 2, 3, 2, 2, 1, 1, 1),
    mood(3, 2, 2, 2, 2, 1, 2, 1, 1, 0),
    mood(2, 2, 2, 1, 2, 1, 1, 1, 1, 0),
    mood(1, 1, 2, 1, 2, 1, 1, 1, 0, 0),
    mood(0, 1, 1, 1, 1, 1, 1, 1, 0, 0),
)
SLEEPS = tuple(
    CheckinBody(
        "sleep-mood",
        1,
        PATIENT_ID,
        NOW.wall_ms - days * DAY_MS - 3_600_000,
        (6, 2, days % 10),
        "en",
    )
    for days in range(35, 0, -1)
)
REACTION = CheckinBody(
    "reaction", 1, PATIENT_ID, NOW.wall_ms - 7_200_000, (58, 318, 3_220, 9, 2), "en"
)
HAND = CheckinBody("tapping", 1, PATIENT_ID, NOW.wall_ms - 3 * DAY_MS, (31, 24, 52, 11, 60), "en")
HEADACHES = tuple(
    CheckinBody("headache-diary", 1, PATIENT_ID, NOW.wall_ms - days * DAY_MS + 5, answers, "en")
    for days, answers in (
        (9, (1, 8, 17, 3, 0, 1, 1, 1, 1, 1, 2)),
        (8, (0, *[255] * 10)),
        (2, (1, 14, 16, 1, 0, 0, 0, 0, 0, 0, 255)),
    )
)
WORRY = CheckinBody("gad-7", 1, PATIENT_ID, NOW.wall_ms - 3 * DAY_MS, (1,) * 7, "en")
KEPT = (*SLEEPS, *MOODS[:-1], WORRY)
"""What was answered before today, of which the list of check-ins speaks as well."""
SCORE = phq9().score(MOODS[-1].answers)

DATA_COURSE = frozenset(
    {
        CARD.clinic_name,
        *(line.name for line in CARD.crisis_lines),
        *(line.number for line in CARD.crisis_lines),
        CARD.day_number,
        CARD.on_call_number,
        *CARD.safety_plan,
        OWN.signs,
        OWN.helps,
        OWN.people,
        OWN.number,
        phq9().source,
        task_data(Task.REACTION).source,
    }
)
"""What stands on these screens and is nobody's to translate."""

PLAN = itbs(make_up_within_s=4 * 3_600)


def sitting(days_ago: int, pulses: int = 600) -> Sitting:
    return Sitting(NOW.wall_ms - days_ago * DAY_MS, pulses, 600, pulses == 600)


SITTINGS = (
    *(sitting(days) for days in (19, 18, 17, 14, 13)),
    *(sitting(days) for days in (12, 11)),
    sitting(10, 180),
    *(sitting(days) for days in (5, 4, 3)),
    Sitting(NOW.wall_ms - 3_600_000, 420, 600, False),
)
"""Three weeks from a Wednesday on: five; three, of which one in part, and two missed; four so far,
the last of them an hour ago and in part."""
ON_TIME = tuple(sitting(days) for days in (19, 18, 17, 14, 13, 12, 11, 10, 7, 6, 5, 4, 3))
"""Each weekday, from that Wednesday to last Friday."""
WHOLE = tuple(sitting(days) for days in range(41, -1, -1) if (41 - days) % 7 not in (4, 5))
"""A whole course: six weeks from a Tuesday on, each weekday until today."""


def facts(**changes: Any) -> CourseFacts:
    plan, sittings = changes.pop("plan", PLAN), changes.pop("sittings", SITTINGS)
    plain = CourseFacts(
        now=NOW,
        prescription=plan,
        sittings=sittings,
        outlook=outlook_of(NOW, plan, sittings),
        make_up=MakeUp(180, NOW.wall_ms + 3 * 3_600_000),
        answers=(*MOODS[2:], *SLEEPS[-18:], REACTION, HAND, *HEADACHES),
    )
    return replace(plain, **changes)


REACH = Reach(
    CARD.clinic_name,
    CARD.day_number,
    crisis_calls=tuple(CrisisCall(line.name, line.number) for line in CARD.crisis_lines),
)
SHORT_PLAN = itbs(not_after_s=NOW_S + 14 * 86_400)
NO_COURSE = CourseFacts(NOW, None, (), None)

SPOKEN_COURSE: dict[str, Callable[[], View]] = {
    "check-ins": lambda: checkins_view(NOW, WANTED, done=len(KEPT)),
    "check-ins-none": lambda: checkins_view(NOW, (), done=0),
    "check-in-choices": lambda: question_view(filled("phq-9", 1, 2)),
    "check-in-scale": lambda: question_view(filled("pain-nrs", 4)),
    "check-in-hours": lambda: question_view(filled("headache-diary", 1, 9)),
    "check-in-answers": lambda: review_view(filled("phq-9", 3, 1, 1, 0, 1, 0, 1, 0, 0)),
    "check-in-done": lambda: done_view(
        NOW,
        DoneFacts(
            phq9(), SCORE, phq9().score(MOODS[-2].answers).total, False, NOW.wall_ms + 7 * DAY_MS
        ),
    ),
    "check-in-done-hard": lambda: done_view(
        NOW,
        DoneFacts(
            phq9(), phq9().score((2,) * 9), None, True, NOW.wall_ms + 7 * DAY_MS, reach=REACH
        ),
    ),
    "check-in-done-hand": lambda: done_view(
        NOW,
        DoneFacts(
            form("hand-function"), None, None, False, NOW.wall_ms + 3 * DAY_MS, has_task=True
        ),
    ),
    "check-in-history": lambda: history_view(NOW, KEPT),
    "check-in-history-one": lambda: answer_view(NOW, MOODS[0]),
    "check-in-history-task": lambda: answer_view(NOW, REACTION),
    "safety-plan": lambda: plan_view(CARD, OWN, unsent=True),
    "safety-plan-bare": lambda: plan_view(
        replace(
            CARD,
            crisis_lines=(),
            on_call_number="",
            safety_plan=(),
            day_number=_("see your letter"),
        ),
        OwnPlan(),
        unsent=False,
    ),
    "safety-plan-change": lambda: change_view(OWN),
    "task-reaction": lambda: tasks.intro_view(Task.REACTION),
    "task-reaction-run": lambda: tasks.light_view(
        LightFacts(3, 2_000, 10_000, 120_000, 180_000, last_ms=318)
    ),
    "task-reaction-early": lambda: tasks.light_view(
        LightFacts(3, 2_000, 10_000, 120_000, 180_000, was_early=True)
    ),
    "task-reaction-done": lambda: tasks.done_view(Task.REACTION, REACTION.answers),
    "task-tapping": lambda: tasks.intro_view(Task.TAPPING),
    "task-tapping-run": lambda: tasks.tapping_view(
        run=1, limit_ms=10_000, other_hand=False, taps=14
    ),
    "task-tapping-done": lambda: tasks.done_view(Task.TAPPING, HAND.answers),
    "task-digits": lambda: tasks.intro_view(Task.DIGIT_SPAN),
    "task-digits-between": lambda: tasks.between_view(span_of(backward=True), right=True),
    "task-digits-show": lambda: tasks.figure_view(span_of(backward=False), 7),
    "task-digits-type": lambda: tasks.typing_view(span_of(backward=False), (7, 2)),
    "task-digits-done": lambda: tasks.done_view(Task.DIGIT_SPAN, (6, 4)),
    "course": lambda: course_view(facts(make_up=None)),
    "course-make-up": lambda: course_view(facts()),
    "course-on-time": lambda: course_view(facts(sittings=ON_TIME, make_up=None)),
    "course-none": lambda: course_view(NO_COURSE),
    "course-missed": lambda: missed_view(facts(make_up=None), can_write=True),
    "course-missed-make-up": lambda: missed_view(facts(plan=SHORT_PLAN), can_write=True),
    "course-charts": lambda: charts_view(facts()),
    "course-charts-none": lambda: charts_view(NO_COURSE),
    "course-sessions": lambda: sessions_view(facts()),
    "course-end": lambda: course_end_view(
        EndFacts(facts(sittings=WHOLE, make_up=None, answers=MOODS), OWN.signs, 28, True)
    ),
    "course-end-early": lambda: course_end_view(EndFacts(facts(answers=()), "", None, False)),
}

SAMPLES_COURSE: dict[str, View] = {name: make() for name, make in SPOKEN_COURSE.items()}
