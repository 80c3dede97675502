"""Armed: START opens the half minute in which the band's button starts."""

from __future__ import annotations

from mobile.kit.band import BandPicture
from mobile.kit.card import Card
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.kit.text import TimerText
from mobile.presenters.views import ReadyView
from mobile.presenters.words import left
from mobile.screens import parts
from mobile.screens.context import Context


def ready(view: ReadyView, context: Context) -> Layout:
    context = context.beside_stop()
    return Layout(
        body=[
            parts.head_with_chip(context, view.title, view.subtitle, view.chip),
            *parts.notice_box(context, "notice", view.notice),
            Part(("band", view.initials), lambda: BandPicture(context.theme, view.initials)),
            Part(
                "card",
                lambda: Card(context.theme, spacing_dp=6),
                lambda card: card.compose(_inside(view, context)),
            ),
            spacer(),
        ],
        foot=[parts.button(context, view.button, "start")] if view.button else (),
        stop=parts.stop_words(view),
    )


def _inside(view: ReadyView, context: Context) -> list[Part]:
    waiting = view.waiting
    said = [parts.words(context, "waiting", waiting, size="question", bold=True, align="center")]
    return [
        _countdown(view.seconds_left, context),
        *(said if waiting else []),
        parts.words(context, "body", view.body, soft=True, align="center"),
    ]


def _countdown(seconds: int, context: Context) -> Part:
    text = left(seconds * 1000)
    return Part(
        "countdown",
        lambda: TimerText(context.theme, ""),
        lambda shown: setattr(shown, "text", text),
    )
