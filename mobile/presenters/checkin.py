"""One questionnaire: its questions one by one, the answers to look over, and what they come to.

The way through is a value that each touch turns into the next one. An answer leads on by itself;
Back is always there, and nothing is sent before the person has seen all answers together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mobile.language import _, n_, p_, told
from mobile.presenters.page import (
    Ask,
    Block,
    Choices,
    Count,
    Figure,
    Group,
    Heading,
    PageView,
    Push,
    Rows,
    Scale,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row
from mobile.presenters.reach import Reach, clinic_calls, crisis_calls, emergency_call
from mobile.presenters.words import Now, day, first_capital
from shared.instruments import change
from shared.instruments.items import NOT_ASKED, NOT_SAID, AnswerKind, Item
from shared.instruments.questionnaire import Questionnaire, Score

RATHER_NOT = "rather-not-say"
SEND = "send"
ITEM = "item:"
"""Before an item's id: the press that goes back to it from the answers."""


@dataclass(frozen=True)
class Filling:
    """How far a questionnaire is: the answers so far, the item that stands there (None: all are
    answered and looked over), and whether it was gone back to from there."""

    form: Questionnaire
    given: Mapping[str, int] = field(default_factory=dict)
    at: str | None = None
    changing: bool = False

    @property
    def item(self) -> Item | None:
        """The question that stands there."""
        return None if self.at is None else self.form.item(self.at)

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items that are asked, by the answers so far."""
        return tuple(item for item in self.form.items if item.is_asked(self.given))

    @property
    def answers(self) -> tuple[int, ...]:
        """One answer for each item, as it's kept and sent."""
        asked = {item.id for item in self.asked}
        return tuple(
            self.given.get(item.id, NOT_SAID) if item.id in asked else NOT_ASKED
            for item in self.form.items
        )

    @property
    def is_whole(self) -> bool:
        """Whether every item that is asked has an answer."""
        return all(item.id in self.given for item in self.asked)

    def answer(self, value: int) -> Filling:
        """Take an answer to the present item and go on."""
        item = self.item
        if item is None or (value != NOT_SAID and value not in item.values):
            return self
        return replace(self, given={**self.given, item.id: value}).onward()

    def onward(self) -> Filling:
        """Go to the first item without an answer; to the answers where none is left."""
        open_items = [item.id for item in self.asked if item.id not in self.given]
        return replace(self, at=open_items[0] if open_items else None, changing=False)

    def back(self) -> Filling | None:
        """Go back by one item, or from a change to the answers; None leads out."""
        if self.changing:
            return replace(self, at=None, changing=False)
        ids = [item.id for item in self.asked]
        here = len(ids) if self.at is None else ids.index(self.at)
        return None if here == 0 else replace(self, at=ids[here - 1])

    def change(self, item_id: str) -> Filling:
        """Go back to one item from the answers."""
        if item_id not in {item.id for item in self.asked}:
            return self
        return replace(self, at=item_id, changing=True)


def begun(form: Questionnaire, given: Mapping[str, int] | None = None) -> Filling:
    """Return the way from its beginning, or where these answers left it."""
    kept = {
        item.id: given[item.id]
        for item in form.items
        if given and (given.get(item.id) in item.values or given.get(item.id) == NOT_SAID)
    }
    return Filling(form, kept).onward()


def title_of(form: Questionnaire) -> str:
    """Return what the questionnaire is called; a text pack's name is in its own language."""
    return form.title if form.language else told(form.title)


def _say(form: Questionnaire, text: str) -> str:
    """A text pack speaks its own language, all else the app's."""
    return text if form.language or not text else told(text)


def question_view(filling: Filling) -> PageView:
    """Return the present question."""
    form, item = filling.form, filling.item
    assert item is not None
    asked = [one.id for one in filling.asked]
    number, count = asked.index(item.id) + 1, len(asked)
    return PageView(
        name="check-in",
        title=title_of(form),
        subtitle=_("Question {number} of {count}").format(number=number, count=count),
        blocks=(
            Count(number, count),
            Ask(_question(form, item), note=_wording(form)),
            _answers(form, item, filling.given.get(item.id)),
            Push(_("I'd rather not say"), RATHER_NOT),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place=item.id,
    )


def _question(form: Questionnaire, item: Item) -> str:
    prompt = _say(form, item.prompt)
    if not form.lead:
        return prompt
    return p_("question after its opening words", "{lead} {question}").format(
        lead=_say(form, form.lead), question=prompt
    )


def _answers(form: Questionnaire, item: Item, given: int | None) -> Block:
    chosen = frozenset() if given is None else frozenset({str(given)})
    choices = tuple(
        Choice(str(one.value), _answer_text(form, item, one.value))
        for one in item.answers.responses
    )
    if item.answers.kind is AnswerKind.SCALE:
        low, high = _say(form, item.answers.low), _say(form, item.answers.high)
        return Scale(choices, chosen, item.id, low, high)
    return Choices(choices, chosen, item.id)


def _answer_text(form: Questionnaire, item: Item, value: int) -> str:
    if value == NOT_SAID:
        return _("Not said")
    text = next((one.text for one in item.answers.responses if one.value == value), str(value))
    if text == str(value):
        return p_("an answer on a scale", "{number}").format(number=value)
    return _say(form, text)


def _wording(form: Questionnaire) -> str:
    if form.official:
        return form.wording_label
    return _("Our own wording, not the official one. Only you and your care team see this.")


def review_view(filling: Filling, notice: Notice | None = None) -> PageView:
    """Return all answers together, each one a touch away from being changed."""
    form = filling.form
    rows = tuple(
        replace(row, action=f"{ITEM}{item.id}")
        for item, row in zip(filling.asked, answer_rows(form, filling.answers), strict=True)
    )
    return PageView(
        name="check-in",
        title=_("Your answers"),
        subtitle=title_of(form),
        blocks=(
            Words(_("Is this right? Touch a line to change it. It isn't sent yet."), soft=True),
            Rows(rows),
        ),
        foot=(Push(_("Send"), SEND, strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place="review",
        notice=notice,
    )


def answer_rows(form: Questionnaire, answers: Sequence[int]) -> tuple[Row, ...]:
    """Return each question that was asked, with what was answered."""
    return tuple(
        Row(first_capital(_say(form, item.prompt)), _answer_text(form, item, answer))
        for item, answer in zip(form.items, answers, strict=False)
        if answer != NOT_ASKED
    )


@dataclass(frozen=True)
class DoneFacts:
    """What a finished check-in came to; ``before`` is the score of the last one."""

    form: Questionnaire
    score: Score | None
    before: int | None
    hard_thoughts: bool
    next_wall_ms: int
    has_task: bool = False
    reach: Reach = field(default_factory=lambda: Reach(""))


def done_view(now: Now, facts: DoneFacts) -> PageView:
    """Return the thanks, the score in words, and what to do now where an answer asks for it."""
    following = _("The next one comes {day}.").format(day=day(now, facts.next_wall_ms))
    task = (Push(_("Go on with the tapping"), "task", strong=True),) if facts.has_task else ()
    return PageView(
        name="check-in-done",
        title=_("Thank you"),
        subtitle=title_of(facts.form),
        blocks=(
            *_hard_thoughts(facts),
            *_score(facts),
            Words(_("Your answers are locked for your care team and go out by themselves.")),
            Words(following, soft=True),
        ),
        foot=(*task, Push(_("Done"), "done", strong=not task and not facts.hard_thoughts)),
        help_button=_("Emergency"),
    )


def _score(facts: DoneFacts) -> tuple[Block, ...]:
    score = facts.score
    if score is None:
        if not facts.form.is_scored:
            return ()
        return (
            Words(_("With a question left out there is no score. That's all right."), soft=True),
        )
    figure = Figure(
        _("{number} of {count}").format(number=score.total, count=score.maximum),
        score_note(score),
    )
    if facts.hard_thoughts:
        small = (Words(figure.text, small=True), Words(figure.note, small=True, soft=True))
        return (Group((Words(_("Your score"), small=True), *small, *_since(facts, score))),)
    return (Group((Heading(_("Your score")), figure, *_since(facts, score))),)


def score_note(score: Score) -> str:
    """Return a score's band and the label that stands beside it."""
    label = told(score.label) if score.code is None else score.label
    if not score.band:
        return first_capital(label)
    return p_("name of a score, and its label", "{name}. {label}").format(
        name=first_capital(told(score.band)), label=first_capital(label)
    )


def _since(facts: DoneFacts, score: Score) -> tuple[Block, ...]:
    if facts.before is None:
        return ()
    return (Words(since_words(facts.form, facts.before, score.total), small=True, soft=True),)


def since_words(form: Questionnaire, before: int, now: int) -> str:
    """Return what changed between two scores, and whether that much matters by the source."""
    course = change.between(form, before, now)
    points = abs(course.points)
    if points == 0:
        return _("The same as last time.")
    said = (
        n_("{count} point less than last time.", "{count} points less than last time.", points)
        if course.points < 0
        else n_("{count} point more than last time.", "{count} points more than last time.", points)
    )
    words = said.format(count=points)
    if course.meaningful is None:
        return words
    weight = (
        _("That much counts as a change.")
        if course.meaningful
        else _("So little goes up and down from week to week.")
    )
    return p_("two sentences", "{first} {second}").format(first=words, second=weight)


def _hard_thoughts(facts: DoneFacts) -> tuple[Block, ...]:
    """Who is there for it comes before what the answers came to."""
    if not facts.hard_thoughts:
        return ()
    lines = crisis_calls(facts.reach) or clinic_calls(facts.reach)
    return (
        Words(_("You don't have to be alone with this")),
        *lines[:1],
        emergency_call(facts.reach),
        Push(_("Your safety plan"), "safety-plan", strong=True),
    )
