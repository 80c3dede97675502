"""Sample views of every kind and state, with counts that add up; for tests and the gallery."""

from __future__ import annotations

from dataclasses import replace

from mobile.presenters.page import (
    Box,
    Choices,
    Count,
    Drawing,
    Field,
    Figure,
    Group,
    Heading,
    Labels,
    Push,
    Rows,
    Steps,
    Tab,
    Words,
)
from mobile.presenters.views import (
    AfterView,
    Call,
    Chip,
    Choice,
    HelpView,
    MessageView,
    Notice,
    PageView,
    PairView,
    ReadyView,
    Row,
    SessionView,
    TodayView,
    Tone,
    View,
    WelcomeView,
)
from tests.mobile.screens.samples_care import SAMPLES_CARE
from tests.mobile.screens.samples_close import SAMPLES_CLOSE
from tests.mobile.screens.samples_course import SAMPLES_COURSE
from tests.mobile.screens.samples_day import SAMPLES_DAY
from tests.mobile.screens.samples_home import SAMPLES_HOME
from tests.mobile.screens.written import written

WELCOME = WelcomeView(
    title="Welcome to Circlet",
    body="Your clinic gave you a letter with a code. It connects this phone with your clinic.",
    code_hint="Code from the letter",
    birth_date_hint="Your birth date, as 1980-04-12",
    button="Connect to the clinic",
)
WELCOME_PROBLEM = replace(
    WELCOME,
    problem=Notice(
        "This code is no longer valid",
        "It ended yesterday at 18:00. Please ask your clinic for a new letter.",
        Tone.WAIT,
    ),
)
WELCOME_BUSY = replace(WELCOME, busy="Asking the clinic …")
PAIR = PairView(
    title="Connect the band",
    step="Step 2 of 3",
    body="The band shows a number. This phone shows:",
    number="492 718",
    question="Are the two numbers the same?",
    choices=(
        Choice("same", "Yes: press the band's button now"),
        Choice("other", "No, or I see none"),
    ),
    note="Your phone may ask in a window of its own. That's right: answer there, we wait.",
)
PAIR_FIRST = PairView(
    title="Connect the band",
    step="Step 1 of 3",
    body="Hold the band's button for three seconds, until its light turns blue.",
    number=None,
    question=None,
    choices=(),
    button="Find the band",
)
PAIR_PROBLEM = replace(
    PAIR_FIRST,
    problem=Notice(
        "The numbers were not the same",
        "Nothing was connected. Another band may be near. Try again beside your own.",
        Tone.WAIT,
    ),
)
TODAY_READY = TodayView(
    greeting="Good evening",
    subtitle="Session 8 of 30",
    sessions_done=7,
    sessions_planned=30,
    chip=Chip("Ready when you are", Tone.OK),
    lead=None,
    title="Today's session: about 3 minutes",
    detail=None,
    body="600 pulses in 20 short trains. The button on the band starts it; "
    "you can stop at any moment.",
    reasons=(),
    button="Get ready",
    button_action="get-ready",
    rows=(
        Row("Stimulator", "Connected, battery 82 %"),
        Row("Your record", "Safe with the clinic, 18:02"),
        Row("Check-in", "Due today, 2 minutes", action="check-in"),
    ),
)
TODAY_RESTING = replace(
    TODAY_READY,
    subtitle="Session 8 of 30 done",
    sessions_done=8,
    chip=Chip("Resting time", Tone.WAIT),
    lead="Next session",
    title="Tomorrow, from 15:31",
    detail="in 19 hours 12 minutes",
    body="Your plan has one session a day, at least 20 hours apart. Your last one ended at 19:31. "
    "The band keeps this time by itself.",
    button=None,
    rows=(
        Row("Stimulator", "In its case, not needed now"),
        Row("Your record", "3 items wait for a network"),
        Row("Questions?", "Call the clinic", action="help"),
    ),
)
TODAY_LOCKED = replace(
    TODAY_READY,
    chip=Chip("Two things first", Tone.WAIT),
    title="Before today's session",
    body="",
    reasons=(
        "Seven short questions about today. They take a minute.",
        "The band needs word from the clinic. It comes by itself when the phone is online.",
    ),
    button="Answer the questions",
    button_action="next",
    notice=Notice(
        "Nobody is watching now", "The clinic's computer was last heard at 17:20.", Tone.WAIT
    ),
)


def question(chosen: str | None) -> PageView:
    """Return a page with one question, which must be answered to go on."""
    answers = ("Not at all", "Several days", "More than half the days", "Nearly every day")
    return PageView(
        name="question",
        title="Weekly check-in",
        subtitle="Question 1 of 9",
        blocks=(
            Words("How often did things give you little pleasure?", large=True),
            Choices(
                tuple(Choice(str(number), text) for number, text in enumerate(answers)),
                frozenset() if chosen is None else frozenset({chosen}),
                "pleasure",
            ),
        ),
        foot=(
            Push("Back", "back"),
            Push("Next", "next", strong=True, why_not="" if chosen else "First touch an answer"),
        ),
    )


QUESTION, QUESTION_OPEN = question("1"), question(None)
READY = ReadyView(
    title="Ready",
    subtitle="Session 8 of 30",
    initials="A. M.",
    body="Sit well, keep still. Touch START, then press the button on the band.",
    button="START",
    waiting=None,
    seconds_left=112,
    chip=Chip("Linked", Tone.OK),
    stop_label="STOP",
    stop_note="Touch anywhere here, or press the button on the band",
)
READY_WAITING = replace(
    READY, button=None, waiting="Waiting for the band's button", seconds_left=27,
    body="Press the button on the band now. It starts the session.",
)  # fmt: skip
SESSION = SessionView(
    title="Session running",
    subtitle="Tapping for 2 seconds, then 8 quiet",
    chip=Chip("Linked", Tone.OK),
    trains=20,
    train=7,
    trains_done=6,
    big="2:14",
    big_note="left",
    figures="Train 7 of 20, 180 of 600 pulses",
    pulses="180 of 600 pulses",
    sentence=None,
    link_lost=False,
    paused=False,
    still_here=False,
    buttons=(Choice("pause", "Pause"), Choice("soften", "Softer")),
    stop_label="STOP",
    stop_note="Touch anywhere here, or press the button on the band",
)
SESSION_LOST = replace(
    SESSION,
    title="Link lost",
    subtitle="at 19:29:04, looking for the band",
    chip=Chip("Searching", Tone.WAIT),
    big="180",
    big_note="last known",
    figures="Train 7 of 20 when last heard",
    sentence="The band pauses by itself by 19:29:09 at the latest. Its button stops it now. "
    "It counts every pulse.",
    link_lost=True,
    buttons=(),
    stop_note="Goes out first when the link is back. Right now: press the band's button",
)
SESSION_PAUSED = replace(
    SESSION,
    title="Paused",
    subtitle="since 19:29:10, for 10 minutes at most",
    chip=Chip("No pulses", Tone.WAIT),
    big="9:12",
    big_note="left to go on",
    sentence="Nothing is given now. Touch Go on, then press the band's button, or end here: "
    "what was given counts. After ten minutes the band ends the session by itself.",
    paused=True,
    buttons=(Choice("go-on", "Go on"), Choice("end-here", "End here")),
)
SESSION_STILL_HERE = replace(
    SESSION,
    title="Are you still here?",
    subtitle="The band pauses in 14 seconds",
    chip=Chip("Touch needed", Tone.WAIT),
    big="0:14",
    big_note="to answer",
    still_here=True,
    buttons=(Choice("still-here", "Yes, I'm here"),),
)
AFTER = AfterView(
    title="All done for today",
    subtitle="Session 8, ended 19:31",
    summary="600 of 600 pulses in 20 trains.",
    question="Did you notice anything unusual?",
    choices=(Choice("no", "No, as usual"), Choice("yes", "Yes, something")),
    chosen="no",
    help="Headache, scalp, twitching, dizziness and the like: pick what fits on the next page.",
    red_flag=Notice(
        "Blackout, seizure, trouble speaking?",
        "Touch here at once. The band locks first, then we ask, and we show whom to call.",
        Tone.STOP,
    ),
    button="Done",
)
HELP = HelpView(
    title="Emergency and help",
    first="Take the band off. That stops it.",
    calls=(
        Call("Call 112", "112", "dial:112", urgent=True),
        Call("Call Clinic, day and night\n+49 30 555 0100", "", "dial:+49 30 555 0100"),
    ),
    steps=(
        "Is someone unconscious, shaking or unable to speak? Call the emergency number.",
        "Then call your clinic.",
    ),
    button="Back to today",
)
MESSAGE = MessageView(
    title="The phone's storage is full",
    body="Nothing was lost: the band keeps its record. Free some space, then open Circlet again.",
    tone=Tone.WAIT,
    button="Try again",
    button_action="home",
)
MESSAGE_PLAIN = MessageView(
    title="One moment",
    body="Circlet reads your record.",
    tone=Tone.PLAIN,
    button=None,
    button_action=None,
)

BLOCKS = PageView(
    name="blocks",
    title="A page of blocks",
    subtitle="One of each kind",
    tab=Tab.COURSE,
    help_button="Emergency",
    blocks=(
        Count(7, 30),
        Labels((Chip("Resting time", Tone.WAIT),)),
        Heading("A heading"),
        Words("A paragraph that explains.", soft=True),
        Words("A question?", large=True),
        Choices((Choice("a", "One"), Choice("b", "The other")), frozenset({"a"}), "first"),
        Group((Figure("7 of 27", "points, minimal"), Words("Beside the matter.", small=True))),
        Box(Notice("A box", "It can be touched.", Tone.PLAIN), "box"),
        Steps(("First this.", "Then that.")),
        Field("note", "A note of your own", "Already there", lines=3),
        Field("pin", "PIN", secret=True, digits=True, limit=6),
        Drawing("band", "The band"),
        Rows((Row("A line", "that leads on", "line"), Row("Another", "that doesn't"))),
        Push("A soft button", "soft"),
        Push("Erase this phone", "erase", danger=True),
    ),
    foot=(Push("Go on", "next", strong=True),),
)

LONG_WORDS = replace(
    TODAY_LOCKED,
    greeting=written(
        "Otorhinolaryngologically",
        "Donaudampfschifffahrtsgesellschaftskapitän",
        "وللاستقبالات",
    ),
    subtitle=written(
        "Session 8 of 30 in the course of treatment until December",
        "Behandlungssitzung 8 von 30 im Behandlungszeitraum bis Dezember",
        "الجلسة 8 من 30 في فترة العلاج حتى ديسمبر",
    ),
    chip=Chip(
        written(
            "Electroencephalographically",
            "Arzneimittelunverträglichkeitsprüfung",
            "بالاستراتيجيات",
        ),
        Tone.WAIT,
    ),
    title=written(
        "Before today's session", "Vor der heutigen Behandlungssitzung", "قبل جلسة اليوم"
    ),
    reasons=(
        written(
            "Seven short questions about today. They take a minute.",
            "Sieben kurze Fragen zum heutigen Tag. Sie dauern eine Minute.",
            "سبعة أسئلة قصيرة عن اليوم. تستغرق دقيقة.",
        ),
    ),
    button=written(
        "Answer the questions", "Sicherheitsfragebogen beantworten", "الإجابة عن الأسئلة"
    ),
    help_button=written("Emergency", "Notfall", "طوارئ"),
    rows=(
        Row(
            written("Stimulator", "Stimulationsgerät", "الجهاز"),
            written(
                "Connected, battery 82 %, last seen at 18:02",
                "Verbunden, Batterieladezustand 82 %, zuletzt gesehen um 18:02",
                "متصل، البطارية 82 %، آخر ظهور 18:02",
            ),
        ),
    ),
    notice=None,
)

BY_HAND: dict[str, View] = {
    "welcome": WELCOME,
    "welcome-problem": WELCOME_PROBLEM,
    "welcome-busy": WELCOME_BUSY,
    "pair-first": PAIR_FIRST,
    "pair": PAIR,
    "pair-problem": PAIR_PROBLEM,
    "today-ready": TODAY_READY,
    "today-resting": TODAY_RESTING,
    "today-locked": TODAY_LOCKED,
    "today-long-words": LONG_WORDS,
    "ready": READY,
    "ready-waiting": READY_WAITING,
    "session": SESSION,
    "session-lost": SESSION_LOST,
    "session-paused": SESSION_PAUSED,
    "session-still-here": SESSION_STILL_HERE,
    "after": AFTER,
    "help": HELP,
    "message": MESSAGE,
    "message-plain": MESSAGE_PLAIN,
    "blocks": BLOCKS,
}
"""Written here in English, to have every kind of view with every part that it may have."""

SAMPLES: dict[str, View] = {
    **BY_HAND,
    **SAMPLES_COURSE,
    **SAMPLES_CARE,
    **SAMPLES_CLOSE,
    **SAMPLES_DAY,
    **SAMPLES_HOME,
}
