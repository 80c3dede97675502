"""The day at a glance: one card that says what now, rows that say how things stand."""

from __future__ import annotations

from functools import partial

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.button import ButtonKind
from mobile.kit.card import Card
from mobile.kit.chip import ChipLabel
from mobile.kit.page import Layout
from mobile.kit.rows import Rule
from mobile.kit.stack import Part, Stack, spacer
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.pieces import Tab
from mobile.presenters.views import Chip, TodayView
from mobile.screens import parts
from mobile.screens.context import Context

LONGEST_FIGURE = 22
GET_READY = "get-ready"
STRONG = frozenset({GET_READY, "find-band"})
"""What leads to a session, or to a band, is the one strong button of the day; all else is soft."""


def today(view: TodayView, context: Context) -> Layout:
    large = context.theme.is_large
    course = parts.progress(context, view.sessions_done, view.sessions_planned, colour="data")
    subtitle = parts.words(context, "subtitle", view.subtitle, size="small", soft=True)
    head = parts.head_with_help(
        context, view.greeting, "" if large else view.subtitle, view.help_button
    )
    return Layout(
        body=[
            head,
            *([] if large else [course]),
            *parts.notice_box(context, "notice", view.notice),
            Part(
                "card",
                lambda: Card(context.theme, spacing_dp=12),
                lambda card: card.compose(_now(view, context)),
            ),
            *parts.notice_box(context, "later", view.later),
            *([subtitle, course] if large else []),
            *parts.row_list(context, view.rows),
            spacer(),
        ],
        bar=parts.bar(context, Tab.TODAY),
    )


def _now(view: TodayView, context: Context) -> list[Part]:
    """What to do stands before what explains it; above all else where words are large."""
    theme = context.theme
    chip = [Part(("chip", view.chip), lambda: ChipRow(theme, view.chip))]
    lead = [parts.words(context, "lead", view.lead, soft=True)] if view.lead else []
    title = parts.words(context, "title", view.title, size=_title_size(view), bold=True)
    detail = [parts.words(context, "detail", view.detail, soft=True)] if view.detail else []
    ruled = [Part("rule", lambda: Rule(theme))] if view.lead or view.detail else []
    body = [parts.words(context, "body", view.body, soft=True)] if view.body else []
    explained = [*ruled, *body, *_reasons(view, theme)]
    acts = _button(view, context)
    if theme.is_large:
        return [*lead, title, *acts, *chip, *detail, *explained]
    return [*chip, *lead, title, *detail, *acts, *explained]


def _title_size(view: TodayView) -> str:
    """An instant that is waited for is a figure that matters; a sentence isn't."""
    if view.lead is None:
        return "question"
    return "figure" if len(view.title) <= LONGEST_FIGURE else "title"


def _reasons(view: TodayView, theme: Theme) -> list[Part]:
    if not view.reasons:
        return []
    return [Part(("reasons", view.reasons), lambda: ReasonList(theme, view.reasons))]


def _button(view: TodayView, context: Context) -> list[Part]:
    if view.call is not None:
        return parts.calls(context, [view.call])
    if view.button is None:
        return []
    action = view.button_action or GET_READY
    kind = ButtonKind.PRIMARY if action in STRONG else ButtonKind.SOFT
    return [parts.button(context, view.button, action, kind=kind)]


class ChipRow(BoxLayout):
    """A chip at the start of its line."""

    def __init__(self, theme: Theme, chip: Chip) -> None:
        super().__init__(size_hint_y=None)
        label = ChipLabel(theme)
        label.say(chip)
        label.bind(height=lambda _, height: setattr(self, "height", height))
        self.height = label.height
        self.bind(width=lambda _, width: label.keep_within(width))
        rest = BoxLayout()
        for widget in (rest, label) if theme.mirrored else (label, rest):
            self.add_widget(widget)


class ReasonList(Stack):
    """Why it is locked: each reason a line with an amber mark at its start."""

    def __init__(self, theme: Theme, reasons: tuple[str, ...]) -> None:
        super().__init__(spacing_dp=8)
        self.compose([Part(reason, partial(ReasonLine, theme, reason)) for reason in reasons])


class ReasonLine(BoxLayout):
    def __init__(self, theme: Theme, reason: str) -> None:
        super().__init__(size_hint_y=None, spacing=dp(10))
        mark = BoxLayout(size_hint_x=None, width=dp(4))
        parts.paint_mark(mark, theme)
        text = Text(theme, reason)
        text.bind(height=lambda _, height: setattr(self, "height", height))
        for widget in (text, mark) if theme.mirrored else (mark, text):
            self.add_widget(widget)
