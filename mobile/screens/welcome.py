"""Enrolment: the code from the clinic's letter and the birth date."""

from __future__ import annotations

from mobile.kit.button import ButtonKind
from mobile.kit.button_row import ButtonRow
from mobile.kit.field import TextField
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.presenters.actions import Enrol
from mobile.presenters.views import Choice, WelcomeView
from mobile.screens import parts
from mobile.screens.context import Context

CODE, BIRTH_DATE = "code", "birth-date"


def welcome(view: WelcomeView, context: Context) -> Layout:
    waiting = view.busy is not None
    return Layout(
        body=[
            parts.head(context, view.title)
            if view.help_button is None
            else parts.head_with_help(context, view.title, "", view.help_button),
            parts.words(context, "body", view.body, soft=True),
            *parts.notice_box(context, "problem", view.problem),
            _field(context, CODE, view.code_hint, view.code),
            _field(context, BIRTH_DATE, view.birth_date_hint),
            spacer(),
            *_languages(context, view.languages),
        ],
        foot=[_enrol(context, view.busy or view.button, enabled=not waiting)],
    )


def _field(context: Context, name: str, hint: str, begun: str = "") -> Part:
    """``begun`` stands there unless the person has typed."""

    def keep(text: str) -> None:
        context.typed[name] = text

    def build() -> TextField:
        field = TextField(context.theme, hint, drive_id=name, keep=keep)
        field.entry.text = context.typed.get(name) or begun
        return field

    return Part((name, hint, begun), build)


def _languages(context: Context, offered: tuple[Choice, ...]) -> list[Part]:
    if not offered:
        return []
    return [
        Part(
            ("languages", offered),
            lambda: ButtonRow(
                context.theme,
                [
                    parts.button_widget(context, each.text, each.id, kind=ButtonKind.SOFT)
                    for each in offered
                ],
            ),
        )
    ]


def _enrol(context: Context, text: str, *, enabled: bool) -> Part:
    def enrol() -> None:
        typed = context.typed
        context.act(Enrol(typed.get(CODE, "").strip(), typed.get(BIRTH_DATE, "").strip()))

    return parts.acting_button(context, text, "enrol", enrol, enabled=enabled)
