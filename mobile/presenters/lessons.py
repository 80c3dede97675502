"""The lessons as pages: the list, one lesson, its question, and the end of them.

A wrong answer is explained and asked again; nobody is counted wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import _, n_, p_, told
from mobile.lessons import Lesson
from mobile.presenters.page import (
    Ask,
    Box,
    Choices,
    Count,
    Drawing,
    PageView,
    Push,
    Rows,
    Tab,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone

LESSONS_PAGE, LESSON_PAGE, QUESTION_PAGE = "lessons", "lesson", "lesson-question"
SECONDS_EACH = 40
"""For reading and answering one, about (own figure)."""
_MINUTE_S = 60


class Heard(Enum):
    """Whether the band knows that the lessons were gone through."""

    NOT_YET = auto()
    BY_THE_BAND = auto()


@dataclass(frozen=True)
class Why:
    """Why the lessons are offered now."""

    first_time: bool = False
    clinic_asks: bool = False


def overview(lessons: Sequence[Lesson], done: frozenset[str], why: Why) -> PageView:
    """Return the list of lessons, and the way into the next one."""
    left = [lesson for lesson in lessons if lesson.id not in done]
    begin = _("Begin") if len(left) == len(lessons) else _("Go on")
    rows = tuple(
        Row(
            told(lesson.title),
            _("Done") if lesson.id in done else p_("lesson", "Not done yet"),
            f"lesson-{lesson.id}",
        )
        for lesson in lessons
    )
    return PageView(
        name=LESSONS_PAGE,
        title=_("The short lessons"),
        subtitle=_minutes(len(left) or len(lessons)),
        blocks=(
            Count(len(lessons) - len(left), len(lessons)),
            Words(_why(why), soft=True),
            Rows(rows),
        ),
        foot=(
            Push(begin if left else _("Read them again"), "begin", strong=bool(left)),
            Push(_("Practice without a pulse"), "practice"),
        ),
        tab=Tab.HELP,
        help_button=_("Emergency"),
    )


def lesson_page(lesson: Lesson, number: int, count: int, *, emergency: str) -> PageView:
    """Return one lesson to read; ``number`` counts from 1."""
    return PageView(
        name=LESSON_PAGE,
        title=told(lesson.title),
        subtitle=_("Lesson {number} of {count}").format(number=number, count=count),
        blocks=(
            Drawing(lesson.drawing, told(lesson.in_words)),
            *(Words(_filled(text, emergency)) for text in lesson.words),
        ),
        foot=(Push(_("One question about it"), "ask", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place=lesson.id,
    )


def question_page(
    lesson: Lesson, number: int, count: int, chosen: int | None, *, emergency: str
) -> PageView:
    """Return the lesson's question; once an answer is picked, with what there is to say of it."""
    answer = None if chosen is None else lesson.answers[chosen]
    said = () if answer is None else (_said(_filled(answer.words, emergency), answer.is_right),)
    is_right = answer is not None and answer.is_right
    last = number == count
    return PageView(
        name=QUESTION_PAGE,
        title=told(lesson.title),
        subtitle=_("Question {number} of {count}").format(number=number, count=count),
        blocks=(
            Ask(_filled(lesson.question, emergency)),
            Choices(
                tuple(
                    Choice(str(place), _filled(each.text, emergency))
                    for place, each in enumerate(lesson.answers)
                ),
                frozenset() if chosen is None else frozenset({str(chosen)}),
            ),
            *said,
        ),
        foot=(
            Push(
                _("Finish") if last else _("Next lesson"),
                "next",
                strong=True,
                why_not="" if is_right else _("First the right answer"),
            ),
            Push(_("Read it once more"), "read"),
        ),
        help_button=_("Emergency"),
        place=lesson.id,
    )


def finished_page(heard: Heard) -> PageView:
    """Return the end of the lessons: who knows of it, and what can be done next."""
    words = (
        _("The band has it on its record, and your clinic sees it with the next word to it.")
        if heard is Heard.BY_THE_BAND
        else _("It's kept on this phone. The band is told as soon as it's near.")
    )
    return PageView(
        name="lessons-done",
        title=_("That's all of them"),
        blocks=(
            Box(Notice(_("The lessons are done"), words, Tone.OK)),
            Words(
                _(
                    "You can try it out now: the ring runs and STOP works, and the band gives no "
                    "pulse. It takes a minute."
                )
            ),
            Words(_("You find the lessons again under Help, whenever you like."), soft=True),
        ),
        foot=(
            Push(_("Practice without a pulse"), "practice", strong=True),
            Push(_("Not now"), "home"),
        ),
        help_button=_("Emergency"),
    )


def _said(words: str, is_right: bool) -> Box:
    if is_right:
        return Box(Notice(_("That's it"), words, Tone.OK))
    return Box(Notice(_("Not quite: try once more"), words, Tone.WAIT))


def _why(why: Why) -> str:
    if why.clinic_asks:
        return _(
            "Your clinic asks you to go through them once more. It's nothing that you did: they "
            "are a good reminder after a while."
        )
    if why.first_time:
        return _(
            "They come before the first session, so that nothing surprises you. Each has a picture "
            "and one question. You can stop and go on later."
        )
    return _("Read any of them again, in any order. Each has a picture and one question.")


def _minutes(count: int) -> str:
    number = max(1, -(-count * SECONDS_EACH // _MINUTE_S))
    return n_("about {count} minute", "about {count} minutes", number).format(count=number)


def _filled(text: str, emergency: str) -> str:
    return told(text).format(emergency=emergency)
