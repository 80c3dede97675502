"""A session: the ring of trains, time left, pulses; STOP fills the lower third."""

from __future__ import annotations

from collections.abc import Sequence

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.button_row import ButtonRow
from mobile.kit.face import FaceWords, SessionFace, Standing
from mobile.kit.page import Layout
from mobile.kit.ring import Trains
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import Choice, SessionView
from mobile.screens import parts
from mobile.screens.context import Context
from mobile.screens.seat import seat_part

LARGE_TEXT = 1.3
"""Above this size of text the two choices fill their row, and a call has one of its own."""
CHOICES = 2


def session(view: SessionView, context: Context) -> Layout:
    context = context.beside_stop()
    return Layout(
        pinned=[_face(view, context)],
        body=[*_sentence(view, context), *_seat(view, context), spacer()],
        foot=_foot(view, context),
        stop=parts.stop_words(view),
    )


def _face(view: SessionView, context: Context) -> Part:
    standing = Standing(
        title=view.title,
        subtitle=view.subtitle,
        chip=view.chip,
        trains=Trains(view.trains, view.train, view.trains_done, stale=view.link_lost),
        big=view.big,
        note=view.big_note,
        figures=view.figures,
        pulses=view.pulses,
        is_pictured=view.seat is not None,
    )
    return Part("face", lambda: SessionFace(context.theme), lambda face: face.show(standing))


def _sentence(view: SessionView, context: Context) -> Sequence[Part]:
    if not view.sentence:
        return ()
    said = Part(
        "sentence",
        lambda: FaceWords(context.theme),
        lambda shown: setattr(shown, "text", view.sentence),
    )
    return (said,)


def _seat(view: SessionView, context: Context) -> Sequence[Part]:
    return () if view.seat is None else (seat_part(view.seat, context.theme, "session"),)


def _foot(view: SessionView, context: Context) -> Sequence[Part]:
    """All buttons stay in sight: what the words name is never to be looked for."""
    asked = (view.paused or view.still_here) and not view.even
    large = context.theme.text_scale > LARGE_TEXT
    first = view.buttons[:CHOICES] if large else view.buttons
    rows = [row for row in (first, view.buttons[len(first) :]) if row]
    return [_row(row, context, asked=asked and row is first) for row in rows]


def _row(choices: tuple[Choice, ...], context: Context, *, asked: bool) -> Part:
    def build() -> ButtonRow:
        buttons = [
            _button(context, choice, primary=asked and number == 0)
            for number, choice in enumerate(choices)
        ]
        return ButtonRow(context.theme, buttons, alike=True)

    return Part(("buttons", choices, asked), build)


def _button(context: Context, choice: Choice, *, primary: bool) -> PushButton:
    kind = ButtonKind.PRIMARY if primary else ButtonKind.SOFT
    return parts.button_widget(context, choice.text, choice.id, kind=kind)
