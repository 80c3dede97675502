"""Parts that several screens consist of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.call import CallButton, NumberCard
from mobile.kit.chip import ChipLabel
from mobile.kit.choice import ChoiceButton
from mobile.kit.head import Head
from mobile.kit.nav import NavBar
from mobile.kit.notice import NoticeBox
from mobile.kit.page import StopWords
from mobile.kit.paint import Ground
from mobile.kit.progress import CountBar
from mobile.kit.rows import RowList
from mobile.kit.stack import Gap, Part
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.bar import bar_places
from mobile.presenters.pieces import Tab
from mobile.presenters.views import Call, Chip, Choice, Notice, ReadyView, Row, SessionView
from mobile.screens.context import Context


def head(context: Context, title: str, subtitle: str = "") -> Part:
    return Part("head", lambda: Head(context.theme), lambda shown: shown.say(title, subtitle))


def head_with_chip(context: Context, title: str, subtitle: str, chip: Chip) -> Part:
    return Part(
        "head with chip",
        lambda: Head(context.theme, ChipLabel(context.theme)),
        lambda shown: shown.say(title, subtitle, chip),
    )


def head_with_help(context: Context, title: str, subtitle: str, help_button: str) -> Part:
    def build() -> Widget:
        side = button_widget(context, help_button, "help", kind=ButtonKind.OUTLINE, small=True)
        return Head(context.theme, side)

    return Part(("head", help_button), build, lambda shown: shown.say(title, subtitle))


def progress(context: Context, done: int, count: int, *, colour: str = "teal") -> Part:
    return Part(
        "progress",
        lambda: CountBar(context.theme, colour=colour),
        lambda shown: shown.show(done, count),
    )


def words(
    context: Context,
    key: str,
    text: str | None,
    *,
    size: str = "body",
    bold: bool = False,
    soft: bool = False,
    align: str | None = None,
    leads_in: bool = False,
) -> Part:
    theme = context.theme
    colour = theme.colour("ink_soft") if soft else None

    def build() -> Text:
        shown = Text(theme, "", size=size, bold=bold, colour=colour, align=align)
        shown.leads_in = leads_in
        return shown

    return Part(("words", key, size, bold), build, lambda shown: setattr(shown, "text", text or ""))


def bar(context: Context, here: Tab) -> Part:
    places = bar_places()
    return Part(
        ("bar", places),
        lambda: NavBar(context.theme, places, context.press),
        lambda shown: shown.show(here),
    )


def gap(key: str, height_dp: float) -> Part:
    return Part(("gap", key), lambda: Gap(height_dp))


def notice_box(context: Context, key: str, notice: Notice | None) -> Sequence[Part]:
    if notice is None:
        return ()
    return (Part((key, notice, context.theme.calm), lambda: NoticeBox(context.theme, notice)),)


def row_list(context: Context, rows: tuple[Row, ...]) -> Sequence[Part]:
    if not rows:
        return ()
    return (Part(("rows", rows), lambda: RowList(context.theme, rows, context.press)),)


def calls(context: Context, offered: Sequence[Call]) -> list[Part]:
    """Whom to call: a button each; where nothing dials, the number large."""
    return [Part(("call", call), partial(_call, context, call)) for call in offered]


def _call(context: Context, call: Call) -> Widget:
    action = call.action
    if action is None:
        return NumberCard(context.theme, call)
    return CallButton(context.theme, call, lambda: context.press(action))


def choices(
    context: Context, offered: tuple[Choice, ...], chosen: str | None, *, marked: bool = True
) -> list[Part]:
    """Answers to pick from; an answer that leads on at once needs no mark."""
    return [
        Part(
            ("choice", choice),
            partial(ChoiceButton, context.theme, choice, context.choose, marked=marked),
            lambda shown: shown.show_chosen(chosen),
        )
        for choice in offered
    ]


def button_widget(
    context: Context,
    text: str,
    action: str,
    *,
    kind: ButtonKind = ButtonKind.PRIMARY,
    small: bool = False,
) -> PushButton:
    return PushButton(
        context.theme,
        text,
        drive_id=action,
        act=lambda: context.press(action),
        kind=kind,
        small=small,
    )


def button(
    context: Context,
    text: str,
    action: str,
    *,
    kind: ButtonKind = ButtonKind.PRIMARY,
    enabled: bool = True,
) -> Part:
    return acting_button(
        context, text, action, lambda: context.press(action), kind=kind, enabled=enabled
    )


def acting_button(
    context: Context,
    text: str,
    drive_id: str,
    act: Callable[[], None],
    *,
    kind: ButtonKind = ButtonKind.PRIMARY,
    enabled: bool = True,
) -> Part:
    def show(shown: PushButton) -> None:
        shown.say(text)
        shown.disabled = not enabled

    return Part(
        ("button", drive_id, kind),
        lambda: PushButton(context.theme, text, drive_id=drive_id, act=act, kind=kind),
        show,
    )


def stop_words(view: ReadyView | SessionView) -> StopWords:
    return StopWords(view.stop_label, view.stop_note)


def paint_mark(widget: Widget, theme: Theme) -> None:
    """An amber bar: a reason to wait."""
    Ground(widget, theme.colour("wait"), radius_px=float(dp(2)))
