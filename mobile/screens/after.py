"""After a session: what happened, and whether anything was unusual."""

from __future__ import annotations

from mobile.kit.notice import NoticeBox
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import AfterView
from mobile.screens import parts
from mobile.screens.context import Context


def after(view: AfterView, context: Context) -> Layout:
    large = context.theme.is_large
    summary = [parts.words(context, "summary", view.summary, soft=True)]
    return Layout(
        body=[
            parts.head_with_help(context, view.title, view.subtitle, view.help_button),
            *([] if large else summary),
            parts.words(
                context, "question", view.question, size="question", bold=True, leads_in=True
            ),
            *parts.choices(context, view.choices, view.chosen),
            parts.words(context, "help", view.help, size="small", soft=True),
            *(summary if large else []),
            spacer(),
            _red_flag(view, context),
        ],
        foot=[
            parts.button(
                context,
                view.why_not or view.button,
                view.button_action,
                enabled=not view.why_not,
            )
        ],
    )


def _red_flag(view: AfterView, context: Context) -> Part:
    def act() -> None:
        context.press(view.red_flag_action)

    return Part(
        ("red flag", view.red_flag, view.red_flag_action),
        lambda: NoticeBox(context.theme, view.red_flag, drive_id="red-flag", act=act),
    )
