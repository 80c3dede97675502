"""Emergency and help: what to do now and whom to call."""

from __future__ import annotations

from mobile.kit.button import ButtonKind
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.kit.steps import StepList
from mobile.presenters.views import HelpView
from mobile.screens import parts
from mobile.screens.context import Context


def emergency_help(view: HelpView, context: Context) -> Layout:
    return Layout(
        body=[
            parts.head(context, view.title),
            parts.words(context, "first", view.first),
            *parts.calls(context, view.calls),
            *_steps(view, context),
            *parts.calls(context, view.others),
            spacer(),
        ],
        foot=[parts.button(context, view.button, view.button_action, kind=ButtonKind.SOFT)],
    )


def _steps(view: HelpView, context: Context) -> list[Part]:
    if not view.steps:
        return []
    return [Part(("steps", view.steps), lambda: StepList(context.theme, view.steps))]
