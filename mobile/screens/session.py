"""A session: the ring of trains, time left, pulses; STOP fills the lower third."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.page import Layout
from mobile.kit.ring import TrainRing, Trains
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import Choice, SessionView
from mobile.screens import parts
from mobile.screens.context import Context


def session(view: SessionView, context: Context) -> Layout:
    context = context.beside_stop()
    sentence = [parts.words(context, "sentence", view.sentence or "", align="center")]
    return Layout(
        body=[
            parts.head_with_chip(context, view.title, view.subtitle, view.chip),
            _ring(view, context),
            parts.words(context, "figures", view.figures, bold=True, align="center"),
            *(sentence if view.sentence else []),
            spacer(),
        ],
        foot=_foot(view, context),
        stop=parts.stop_words(view),
    )


def _ring(view: SessionView, context: Context) -> Part:
    trains = Trains(view.trains, view.train, view.trains_done, stale=view.link_lost)
    return Part(
        "ring",
        lambda: TrainRing(context.theme),
        lambda shown: shown.show(trains, view.big, view.big_note),
    )


def _foot(view: SessionView, context: Context) -> Sequence[Part]:
    if not view.buttons:
        return ()
    asked = view.paused or view.still_here
    return (
        Part(
            ("buttons", view.buttons, asked),
            lambda: ButtonRow(context, view.buttons, first_is_primary=asked),
        ),
    )


class ButtonRow(BoxLayout):
    """Buttons of equal width; stacked where a word of one doesn't fit."""

    def __init__(
        self, context: Context, buttons: tuple[Choice, ...], *, first_is_primary: bool
    ) -> None:
        super().__init__(size_hint_y=None, spacing=dp(8))
        self.buttons = [
            _button(context, choice, primary=first_is_primary and number == 0)
            for number, choice in enumerate(buttons)
        ]
        self._mirrored = context.theme.mirrored
        for button in self.buttons:
            self.add_widget(button)
            button.label.bind(height=self._take_height)
        self.bind(width=self._arrange)
        self._take_height()

    def _arrange(self, *_: object) -> None:
        share = (self.width - self.spacing * (len(self.buttons) - 1)) / len(self.buttons)
        fits = all(
            button.label.least_width_px() + button.padding[0] * 2 <= share
            for button in self.buttons
        )
        self.orientation = "horizontal" if fits else "vertical"
        order = self.buttons[::-1] if self._mirrored and fits else self.buttons
        self.clear_widgets()
        for button in order:
            self.add_widget(button)
        self._take_height()

    def _take_height(self, *_: object) -> None:
        heights = [button.needed_px() for button in self.buttons]
        if self.orientation == "horizontal":
            heights = [max(heights)] * len(heights)
            self.height = heights[0]
        else:
            self.height = sum(heights) + self.spacing * (len(heights) - 1)
        for button, height in zip(self.buttons, heights, strict=True):
            button.height = height


def _button(context: Context, choice: Choice, *, primary: bool) -> PushButton:
    kind = ButtonKind.PRIMARY if primary else ButtonKind.SOFT
    button = parts.button_widget(context, choice.text, choice.id, kind=kind)
    button.pos_hint = {"center_y": 0.5}
    return button
