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


def session(view: SessionView, context: Context) -> Layout:
    context = context.beside_stop()
    return Layout(
        pinned=[_face(view, context)],
        body=[*_sentence(view, context), spacer()],
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


def _foot(view: SessionView, context: Context) -> Sequence[Part]:
    if not view.buttons:
        return ()
    asked = view.paused or view.still_here
    return (
        Part(
            ("buttons", view.buttons, asked),
            lambda: ButtonRow(
                context.theme,
                [
                    _button(context, choice, primary=asked and number == 0)
                    for number, choice in enumerate(view.buttons)
                ],
            ),
        ),
    )


def _button(context: Context, choice: Choice, *, primary: bool) -> PushButton:
    kind = ButtonKind.PRIMARY if primary else ButtonKind.SOFT
    return parts.button_widget(context, choice.text, choice.id, kind=kind)
