"""Check-ins, tasks and the course, made by the presenters from facts that add up.

`SPOKEN_COURSE` makes each view in the language spoken when it's called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

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
from mobile.presenters.safety_plan import OwnPlan, change_view, plan_view
from mobile.presenters.views import View
from mobile.presenters.words import Now
from shared.care.card import ClinicCard, CrisisLine
from shared.instruments.forms import form, phq9
from shared.wire.items import CheckinBody
from tests.shared.clinic import NOW_S, PATIENT_ID

NOW = Now(NOW_S * 1000, UTC)

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
    safety_plan=("Go where people are: the kitchen, the café at the corner.",),
)
OWN = OwnPlan(
    "I stop answering the telephone, and I sleep by day.",
    "A walk by the lake. Music. Not deciding anything at night.",
    "Ines, my sister",
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
    for days in range(365, 0, -1)
)
REACTION = CheckinBody(
    "reaction", 1, PATIENT_ID, NOW.wall_ms - 7_200_000, (58, 318, 3_220, 9, 2), "en"
)
SCORE = phq9().score(MOODS[-1].answers)

DATA_COURSE = frozenset(
    {
        CARD.clinic_name,
        *(line.name for line in CARD.crisis_lines),
        *CARD.safety_plan,
        OWN.signs,
        OWN.helps,
        OWN.people,
        OWN.number,
        "see your letter",
    }
)
"""What stands on these screens and is nobody's to translate."""

SPOKEN_COURSE: dict[str, Callable[[], View]] = {
    "check-ins": lambda: checkins_view(NOW, WANTED, done=24),
    "check-ins-none": lambda: checkins_view(NOW, (), done=0),
    "check-in-choices": lambda: question_view(filled("phq-9", 1, 2)),
    "check-in-scale": lambda: question_view(filled("pain-nrs", 4)),
    "check-in-hours": lambda: question_view(filled("headache-diary", 1, 9)),
    "check-in-answers": lambda: review_view(filled("phq-9", 3, 1, 1, 0, 1, 0, 1, 0, 0)),
    "check-in-done": lambda: done_view(
        NOW, DoneFacts(phq9(), SCORE, 12, False, NOW.wall_ms + 7 * DAY_MS)
    ),
    "check-in-done-hard": lambda: done_view(
        NOW,
        DoneFacts(phq9(), phq9().score((2,) * 9), None, True, NOW.wall_ms + 7 * DAY_MS),
    ),
    "check-in-done-hand": lambda: done_view(
        NOW,
        DoneFacts(
            form("hand-function"), None, None, False, NOW.wall_ms + 3 * DAY_MS, has_task=True
        ),
    ),
    "check-in-history": lambda: history_view(NOW, (*SLEEPS, *MOODS)),
    "check-in-history-one": lambda: answer_view(NOW, MOODS[0]),
    "check-in-history-task": lambda: answer_view(NOW, REACTION),
    "safety-plan": lambda: plan_view(CARD, OWN, unsent=True),
    "safety-plan-bare": lambda: plan_view(
        replace(
            CARD, crisis_lines=(), on_call_number="", safety_plan=(), day_number="see your letter"
        ),
        OwnPlan(),
        unsent=False,
    ),
    "safety-plan-change": lambda: change_view(OWN),
}

SAMPLES_COURSE: dict[str, View] = {name: make() for name, make in SPOKEN_COURSE.items()}
