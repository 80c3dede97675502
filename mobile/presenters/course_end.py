"""The end of the course: before and after, signs to watch for, and what goes on if wanted.

Figures are said with what the source calls them, and never as a promise.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_, told
from mobile.presenters.calendar_words import day_of, on_day
from mobile.presenters.charts import dose_words, scores_of
from mobile.presenters.course_facts import CourseFacts
from mobile.presenters.page import (
    Block,
    Choices,
    Field,
    Group,
    Heading,
    PageView,
    Push,
    Rows,
    Steps,
    Words,
)
from mobile.presenters.pieces import Choice, Row
from mobile.presenters.words import first_capital
from shared.instruments import change
from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Questionnaire

FURTHER = "further"
"""The group of choices on further check-ins; a choice is a number of days, 0 for none."""
FURTHER_DAYS = (7, 14, 28, 0)
SIGNS = "signs"
NO_FURTHER = 0


@dataclass(frozen=True)
class EndFacts:
    """``signs`` are the person's own; ``further_days`` is what was picked, None before that."""

    course: CourseFacts
    signs: str
    further_days: int | None
    can_return: bool


def course_end_view(facts: EndFacts) -> PageView:
    """Return the page for after the course; before its end it says that it's for then."""
    look = facts.course.outlook
    over = look is not None and look.left == 0
    return PageView(
        name="course-end",
        title=_("Your course is done") if over else _("After the course"),
        subtitle=_subtitle(facts.course, over=over),
        blocks=(
            *_before_and_after(facts.course, over=over),
            _relapse_signs(),
            Field(SIGNS, _("My own early signs"), facts.signs, lines=3, limit=500),
            *_further(facts),
            Rows(_rows(facts)),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def _subtitle(course: CourseFacts, *, over: bool) -> str:
    done = len(course.sittings)
    if over:
        return n_("{count} session", "{count} sessions", done).format(count=done)
    left = course.outlook.left if course.outlook else 0
    return n_("{count} session to go", "{count} sessions to go", left).format(count=left)


def _before_and_after(course: CourseFacts, *, over: bool) -> tuple[Block, ...]:
    rows, words = [], []
    for form_id in FORMS:
        asked = form(form_id)
        scores = scores_of(asked, course.answers)
        if len(scores) < 2 or asked.change.points is None:
            continue
        (first_ms, first), (last_ms, last) = scores[0], scores[-1]
        said = _("{first_day}: {first}; {last_day}: {last}").format(
            first=first,
            first_day=first_capital(on_day(course.now, day_of(course.now, first_ms))),
            last=last,
            last_day=on_day(course.now, day_of(course.now, last_ms)),
        )
        rows.append(Row(told(asked.title), said))
        words.append(Words(change_words(asked, first, last)))
    title = Heading(_("Before and after") if over else _("At the beginning and now"))
    dose = (Words(dose_words(course, 0), soft=True, small=True),) if course.sittings else ()
    if not rows:
        soft = Words(
            _("Once you have answered a check-in twice, the two scores stand here."), soft=True
        )
        return (title, soft, *dose)
    label = Words(
        _("Our own wording, not validated. A score is a sign, no proof."), soft=True, small=True
    )
    return (title, Rows(tuple(rows)), *words, label, *dose)


def change_words(asked: Questionnaire, first: int, last: int) -> str:
    """Return what the change between two scores is called by the source, in plain words."""
    course = change.between(asked, first, last)
    name = told(asked.title)
    if course.remission and not _was_below(asked, first):
        return _("{name}: below {limit} now. The source calls that remission.").format(
            name=name, limit=asked.change.remission_below
        )
    if course.response and first:
        return _("{name}: half of before or less. The source calls that a response.").format(
            name=name
        )
    if course.meaningful and course.points < 0:
        return _("{name}: lower by so much that it counts as a change.").format(name=name)
    if course.meaningful and course.points > 0:
        return _("{name}: higher by so much that it counts. Talk to your clinic.").format(name=name)
    if course.points == 0:
        return _("{name}: the same as before.").format(name=name)
    if course.points < 0:
        return _("{name}: a little lower than before.").format(name=name)
    return _("{name}: a little higher than before.").format(name=name)


def _was_below(asked: Questionnaire, first: int) -> bool:
    limit = asked.change.remission_below
    return limit is not None and first < limit


def _relapse_signs() -> Group:
    return Group(
        (
            Heading(_("Signs that it comes back")),
            Steps(
                (
                    _("You sleep badly, or far too much, for a week."),
                    _("You keep away from people and things that you like."),
                    _("Old dark thoughts come back on several days."),
                    _("A check-in is clearly higher than the last ones."),
                )
            ),
            Words(
                _("One of these for a week: tell your clinic. Early is easier than late."),
                soft=True,
            ),
        )
    )


def _further(facts: EndFacts) -> tuple[Block, ...]:
    chosen = frozenset() if facts.further_days is None else frozenset({str(facts.further_days)})
    texts = (
        _("Every week"),
        _("Every two weeks"),
        _("Every four weeks"),
        _("No more check-ins"),
    )
    choices = tuple(Choice(str(days), text) for days, text in zip(FURTHER_DAYS, texts, strict=True))
    return (
        Heading(_("Further check-ins, if you want them")),
        Words(
            _("They begin where your clinic asks for none any more, and go to your care team."),
            soft=True,
            small=True,
        ),
        Choices(choices, chosen, FURTHER),
    )


def _rows(facts: EndFacts) -> tuple[Row, ...]:
    back = (Row(_("Give the band back"), _("How it goes"), "return-band"),)
    return (
        Row(_("How it went"), _("Charts of your course"), "charts"),
        Row(_("When thoughts get dark"), _("Your safety plan"), "safety-plan"),
        *(back if facts.can_return else ()),
    )
