"""A check-in is finished: the score in words and where it went."""

from __future__ import annotations

from mobile.kit.card import Card
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.kit.text import Text
from mobile.presenters.views import DoneView
from mobile.screens import parts
from mobile.screens.context import Context


def done(view: DoneView, context: Context) -> Layout:
    return Layout(
        body=[
            parts.head(context, view.title),
            parts.words(context, "body", view.body, soft=True),
            _score(view, context),
            *parts.notice_box(context, "notice", view.notice),
            spacer(),
        ],
        foot=[parts.button(context, view.button, view.button_action)],
    )


def _score(view: DoneView, context: Context) -> Part:
    theme = context.theme

    def build() -> Card:
        card = Card(theme)
        card.compose(
            [
                Part("score", lambda: Text(theme, view.score, size="title", bold=True)),
                Part(
                    "note",
                    lambda: Text(
                        theme, view.score_note, size="small", colour=theme.colour("ink_soft")
                    ),
                ),
            ]
        )
        return card

    return Part(("score", view.score, view.score_note), build)
