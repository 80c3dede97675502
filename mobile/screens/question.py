"""One question with its answers: screening before a session, or a check-in."""

from __future__ import annotations

from collections.abc import Sequence

from mobile.kit.beside import Beside
from mobile.kit.button import ButtonKind
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import QuestionView
from mobile.screens import parts
from mobile.screens.context import Context


def question(view: QuestionView, context: Context) -> Layout:
    explained = [parts.words(context, "help", view.help, size="small", soft=True)]
    note = [parts.words(context, "note", view.note, size="small", soft=True)]
    return Layout(
        body=[
            parts.head(context, view.title, view.step),
            parts.progress(context, view.number, view.count),
            parts.gap("above", 2),
            parts.words(context, "question", view.question, size="question", bold=True),
            *(explained if view.help else []),
            *parts.choices(context, view.choices, view.chosen),
            *parts.notice_box(context, "notice", view.notice),
            spacer(),
            *(note if view.note else []),
        ],
        foot=_foot(view, context),
        place=(view.flow, view.number),
    )


def _foot(view: QuestionView, context: Context) -> Sequence[Part]:
    answered = view.chosen is not None or not view.choices
    if not view.can_go_back:
        return (parts.button(context, view.next_button, "next", enabled=answered),)
    return (
        Part(
            ("foot", view.back_button),
            lambda: BackAndNext(context, view.back_button, view.next_button),
            lambda shown: shown.say(view.next_button, enabled=answered),
        ),
    )


class BackAndNext(Beside):
    """Back takes a third; both stand stacked where their words need it."""

    def __init__(self, context: Context, back: str, onward: str) -> None:
        self.back = parts.button_widget(context, back, "back", kind=ButtonKind.SOFT)
        self.next = parts.button_widget(context, onward, "next")
        self.back.size_hint_x = 0.5
        super().__init__(
            context.theme,
            self.back,
            self.next,
            least_px=lambda: max(self.back.natural_width_px(), self.width * 0.32),
            second_px=lambda: self.next.label.least_width_px() + self.back.padding[0] * 2,
            spacing_dp=8,
        )

    def say(self, onward: str, *, enabled: bool) -> None:
        self.next.say(onward)
        self.next.disabled = not enabled
        self.arrange()

    def arrange(self, *moved: object) -> None:
        super().arrange(*moved)
        self.back.size_hint_x = 0.5 if self.orientation == "horizontal" else 1
