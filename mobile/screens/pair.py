"""Connect the band, step by step; the person compares two numbers."""

from __future__ import annotations

from mobile.kit.button import ButtonKind
from mobile.kit.card import Card
from mobile.kit.drawings.named import DRAWINGS
from mobile.kit.page import Layout
from mobile.kit.stack import Gap, Part, spacer
from mobile.kit.text import Text, TimerText
from mobile.presenters.views import PairView
from mobile.presenters.words import left, time_left
from mobile.screens import parts
from mobile.screens.context import Context

LARGE_TEXT = 1.3
"""Above this size of text what is compared stands without its sheet, to be in sight with the
answers."""


def pair(view: PairView, context: Context) -> Layout:
    large = context.theme.text_scale > LARGE_TEXT and bool(view.choices)
    note = [parts.words(context, "note", view.note, size="small", soft=True)] if view.note else []
    foot = [parts.button(context, view.button, view.button_action)] if view.button else []
    leaves = _leaving(view, context)
    answers = parts.choices(context, view.choices, None, marked=False)
    asked = [*_question(view, context, large=large), *answers]
    waits = _waiting(view, context)
    drawing = Part(("drawing", view.drawing), lambda: DRAWINGS[view.drawing](context.theme))
    return Layout(
        body=[
            parts.head(context, view.title, view.step)
            if view.help_button is None
            else parts.head_with_help(context, view.title, view.step, view.help_button),
            *parts.notice_box(context, "problem", view.problem),
            *([] if large else [_card(view, context)]),
            *asked,
            *waits,
            *note,
            *([drawing] if asked else []),
            spacer(),
            *(leaves if large else []),
        ],
        foot=[*foot, *([] if large else leaves)],
        place=view.step,
    )


def _leaving(view: PairView, context: Context) -> list[Part]:
    """The way out; where words are large it ends the page, so that the answers are in sight."""
    cancel = view.cancel
    if cancel is None:
        return []
    return [parts.button(context, cancel.text, cancel.id, kind=ButtonKind.SOFT)]


def _question(view: PairView, context: Context, *, large: bool) -> list[Part]:
    """What is asked; where words are large, after what is compared, without its sheet."""
    if not view.question:
        return []
    size = "small" if large else "question"
    question = parts.words(context, "question", view.question, size=size, bold=True, leads_in=True)
    if not large:
        return [question]
    body = parts.words(context, "body", view.body, size="small", soft=True, leads_in=True)
    number = view.number
    if number is None:
        return [body, question]
    return [body, Part("number", lambda: TimerText(context.theme, number)), question]


def _waiting(view: PairView, context: Context) -> list[Part]:
    """What is waited for, and how long; beside a number to compare the time is in words."""
    seconds = view.seconds_left
    if seconds is not None and view.number is not None:
        return [parts.words(context, "time left", time_left(seconds), size="small", soft=True)]
    said = (
        [parts.words(context, "waiting", view.waiting, bold=True, align="center")]
        if view.waiting
        else []
    )
    return said if seconds is None else [*said, _countdown(seconds, context)]


def _countdown(seconds: int, context: Context) -> Part:
    text = left(seconds * 1000)
    return Part(
        "countdown",
        lambda: TimerText(context.theme, "", size="title"),
        lambda shown: setattr(shown, "text", text),
    )


def _card(view: PairView, context: Context) -> Part:
    theme = context.theme

    def build() -> Card:
        card = Card(theme)
        picture = [
            Part("band", lambda: DRAWINGS[view.drawing](theme)),
            Part("gap", lambda: Gap(2)),
        ]
        inside = [
            *([] if view.choices else picture),
            Part("body", lambda: Text(theme, view.body, colour=theme.colour("ink_soft"))),
        ]
        number = view.number
        if number is not None:
            inside.append(Part("number", lambda: TimerText(theme, number)))
        card.compose(inside)
        return card

    return Part(("card", view.body, view.number, view.drawing), build)
