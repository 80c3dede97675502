"""Connect the band, step by step; the person compares two numbers."""

from __future__ import annotations

from mobile.kit.card import Card
from mobile.kit.drawings import DRAWINGS
from mobile.kit.page import Layout
from mobile.kit.stack import Gap, Part, spacer
from mobile.kit.text import Text, TimerText
from mobile.presenters.views import PairView
from mobile.screens import parts
from mobile.screens.context import Context


def pair(view: PairView, context: Context) -> Layout:
    question = (
        [parts.words(context, "question", view.question, size="question", bold=True)]
        if view.question
        else []
    )
    note = [parts.words(context, "note", view.note, size="small", soft=True)] if view.note else []
    foot = [parts.button(context, view.button, view.button_action)] if view.button else []
    return Layout(
        body=[
            parts.head(context, view.title, view.step)
            if view.help_button is None
            else parts.head_with_help(context, view.title, view.step, view.help_button),
            *parts.notice_box(context, "problem", view.problem),
            _card(view, context),
            *question,
            *parts.choices(context, view.choices, None),
            *note,
            spacer(),
        ],
        foot=foot,
        place=view.step,
    )


def _card(view: PairView, context: Context) -> Part:
    theme = context.theme

    def build() -> Card:
        card = Card(theme)
        inside = [
            Part("band", lambda: DRAWINGS[view.drawing](theme)),
            Part("gap", lambda: Gap(2)),
            Part("body", lambda: Text(theme, view.body, colour=theme.colour("ink_soft"))),
        ]
        if view.number is not None:
            number = view.number
            inside.append(Part("number", lambda: TimerText(theme, number)))
        card.compose(inside)
        return card

    return Part(("card", view.body, view.number, view.drawing), build)
