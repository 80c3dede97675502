"""A full-screen word about a problem or a wait, with one next step."""

from __future__ import annotations

from mobile.kit.notice import NoticeBox
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import MessageView, Notice, Tone
from mobile.screens import parts
from mobile.screens.context import Context


def message(view: MessageView, context: Context) -> Layout:
    action = view.button_action or "home"
    return Layout(
        body=[*_words(view, context), spacer()],
        foot=[parts.button(context, view.button, action)] if view.button else (),
    )


def _words(view: MessageView, context: Context) -> list[Part]:
    if view.tone is Tone.PLAIN:
        return [
            _head(view, context),
            parts.words(context, "body", view.body, soft=True),
            *parts.calls(context, view.calls),
        ]
    said = Notice("", view.body, view.tone)
    box = Part(("box", said), lambda: NoticeBox(context.theme, said))
    return [_head(view, context), *parts.calls(context, view.calls), box]


def _head(view: MessageView, context: Context) -> Part:
    if view.help_button is None:
        return parts.head(context, view.title)
    return parts.head_with_help(context, view.title, "", view.help_button)
