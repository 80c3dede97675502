"""A view as a text to be read aloud: the answer to a toolkit that has no tree for screen readers.

Everything that a view says is said, in reading order; what a picture shows is said by its words.
What can be touched is named last, so that a listener hears first what it's about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import singledispatch

from mobile.language import _
from mobile.presenters import page
from mobile.presenters.calendar_words import listed
from mobile.presenters.pieces import Call, Chip, Choice, Notice, Row
from mobile.presenters.views import (
    AfterView,
    HelpView,
    MessageView,
    PageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)

MOST_ROWS = 12
"""Nobody listens to a year of lines: the newest are read."""

_ENDS = (".", "?", "!", ":", "؟", "…")


def spoken(view: View) -> str:
    """Return all that the view says, as sentences; never empty."""
    return _joined(_said(view))


def spoken_piece(piece: object) -> str:
    """Return what one block, line, chip or answer says."""
    return _joined(_said(piece))


def _joined(texts: Iterable[str | None]) -> str:
    sentences = (" ".join(text.split()) for text in texts if text)
    return " ".join(
        text if text.endswith(_ENDS) else f"{text}." for text in sentences if text != "."
    )


def _each(pieces: Iterable[object]) -> Iterator[str | None]:
    for piece in pieces:
        yield from _said(piece)


def _to_touch(*names: str | None) -> Iterator[str]:
    """Say what can be touched, in one sentence."""
    there = [name for name in names if name]
    if there:
        yield _("To touch: {names}").format(names=listed(there))


@singledispatch
def _said(piece: object) -> Iterable[str | None]:
    raise TypeError(f"nothing says how {type(piece).__name__} is read aloud")


@_said.register
def _nothing(piece: None) -> Iterable[str | None]:
    return ()


@_said.register
def _chip(piece: Chip) -> Iterable[str | None]:
    return (piece.text,)


@_said.register
def _notice(piece: Notice) -> Iterable[str | None]:
    return (piece.title, piece.body)


@_said.register
def _row(piece: Row) -> Iterable[str | None]:
    return (f"{piece.label}: {piece.value}" if piece.value else piece.label,)


@_said.register
def _call(piece: Call) -> Iterable[str | None]:
    if piece.action is not None:
        return _to_touch(piece.text)
    return (f"{piece.text}: {piece.number}" if piece.number else piece.text, piece.note)


@_said.register
def _choice(piece: Choice) -> Iterable[str | None]:
    return (piece.text,)


@_said.register
def _welcome(view: WelcomeView) -> Iterable[str | None]:
    yield from (view.title, view.body)
    yield from _said(view.problem)
    yield from (view.busy, f"{view.code_hint} {view.code}", view.birth_date_hint)
    yield from _to_touch(*(each.text for each in view.languages), view.button, view.help_button)


@_said.register
def _pair(view: PairView) -> Iterable[str | None]:
    yield from (view.title, view.step, view.body)
    yield _digit_by_digit(view.number)
    yield from _said(view.problem)
    yield from (view.waiting, view.question, view.note)
    cancel = None if view.cancel is None else view.cancel.text
    answers = (each.text for each in view.choices)
    yield from _to_touch(*answers, view.button, cancel, view.help_button)


@_said.register
def _today(view: TodayView) -> Iterable[str | None]:
    yield from (view.greeting, view.subtitle)
    yield from _said(view.notice)
    yield from (view.chip.text, view.lead, view.title, view.detail)
    yield from _said(view.call)
    yield from (view.body, *view.reasons)
    yield from _said(view.later)
    yield from _each(view.rows)
    leading = (row.label for row in view.rows if row.action)
    yield from _to_touch(view.button, *leading, view.help_button)


@_said.register
def _ready(view: ReadyView) -> Iterable[str | None]:
    yield from (view.title, view.subtitle, view.chip.text)
    yield from _said(view.notice)
    yield from (view.initials, view.body, view.waiting)
    yield from _to_touch(view.button)
    yield from (view.stop_label, view.stop_note)


@_said.register
def _session(view: SessionView) -> Iterable[str | None]:
    yield from (view.title, view.subtitle, view.chip.text)
    yield from (f"{view.big} {view.big_note}", view.figures, view.sentence)
    yield from _said(view.seat)
    yield from _to_touch(*(each.text for each in view.buttons))
    yield from (view.stop_label, view.stop_note)


@_said.register
def _after(view: AfterView) -> Iterable[str | None]:
    yield from (view.title, view.subtitle, view.summary)
    yield from _said(view.red_flag)
    yield from (view.question, view.help)
    yield from _answers(view.choices, {view.chosen} if view.chosen else set())
    yield view.why_not
    button = None if view.why_not else view.button
    yield from _to_touch(button, view.red_flag.title, view.help_button)


@_said.register
def _help(view: HelpView) -> Iterable[str | None]:
    yield from (view.title, view.first)
    yield from _each(view.calls)
    yield from view.steps
    yield from _each(view.others)
    yield from _to_touch(view.button)


@_said.register
def _message(view: MessageView) -> Iterable[str | None]:
    yield from (view.title, view.body)
    yield from _each(view.calls)
    yield from _to_touch(view.button, view.help_button)


@_said.register
def _page(view: PageView) -> Iterable[str | None]:
    yield from (view.title, view.subtitle)
    yield from _said(view.notice)
    yield from _each(view.blocks)
    yield from (push.why_not for push in view.foot)
    yield from _to_touch(*(push.text for push in view.foot if push.enabled), view.help_button)


@_said.register(page.Heading)
@_said.register(page.Words)
def _text(piece: page.Heading | page.Words) -> Iterable[str | None]:
    return (piece.text,)


@_said.register
def _asked(piece: page.Ask) -> Iterable[str | None]:
    yield from (piece.text, piece.help)
    yield from _each(piece.about)
    yield from (piece.why_title, piece.why, piece.note)


@_said.register
def _figure(piece: page.Figure) -> Iterable[str | None]:
    return (piece.text, piece.note)


@_said.register(page.Rows)
@_said.register(page.LongRows)
def _rows(piece: page.Rows | page.LongRows) -> Iterable[str | None]:
    yield from _each(piece.rows[:MOST_ROWS])
    more = sum(bool(row.value) for row in piece.rows[MOST_ROWS:])
    if more:
        yield _("And {count} more").format(count=more)


@_said.register
def _choices(piece: page.Choices) -> Iterable[str | None]:
    return _answers(piece.choices, piece.chosen)


@_said.register
def _scale(piece: page.Scale) -> Iterable[str | None]:
    yield from (piece.low, piece.high)
    yield from _answers(piece.choices, piece.chosen)


@_said.register(page.Calendar)
@_said.register(page.Drawing)
@_said.register(page.BandSeat)
@_said.register(page.Pad)
def _picture(piece: page.Calendar | page.Drawing | page.BandSeat | page.Pad) -> Iterable[str]:
    return (piece.words,)


@_said.register
def _charts(piece: page.Charts) -> Iterable[str | None]:
    for chart in piece.charts:
        yield from (chart.title, chart.key, chart.words)


@_said.register
def _box(piece: page.Box) -> Iterable[str | None]:
    yield from _said(piece.notice)
    yield from _to_touch(piece.notice.title if piece.action else None)


@_said.register
def _labels(piece: page.Labels) -> Iterable[str | None]:
    return _each(piece.chips)


@_said.register
def _steps(piece: page.Steps) -> Iterable[str | None]:
    return piece.steps


@_said.register
def _field(piece: page.Field) -> Iterable[str | None]:
    """A secret is never read aloud."""
    held = "" if piece.secret else piece.text
    return (f"{piece.label}: {held}" if held else piece.label,)


@_said.register
def _count(piece: page.Count) -> Iterable[str | None]:
    return (_("{done} of {count}").format(done=piece.done, count=piece.count),)


@_said.register
def _push(piece: page.Push) -> Iterable[str | None]:
    return _to_touch(piece.text) if piece.enabled else (piece.why_not,)


@_said.register
def _group(piece: page.Group) -> Iterable[str | None]:
    return _each(piece.blocks)


def _answers(choices: Sequence[Choice], chosen: Collection[str]) -> Iterator[str]:
    """Say the answers to pick from, and which of them is chosen."""
    texts = [choice.text for choice in choices]
    if texts:
        yield _("Answers: {answers}").format(answers=listed(texts))
    picked = [choice.text for choice in choices if choice.id in chosen]
    if picked:
        yield _("Chosen: {answers}").format(answers=listed(picked))


def _digit_by_digit(number: str | None) -> str | None:
    """A number that is compared is heard figure by figure."""
    return None if number is None else ", ".join(each for each in number if each.isalnum())
