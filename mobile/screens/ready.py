"""Armed: START opens the half minute in which the band's button starts."""

from __future__ import annotations

from mobile.kit.armed import Armed, ArmedFace
from mobile.kit.page import Layout
from mobile.kit.stack import Part, spacer
from mobile.presenters.views import ReadyView
from mobile.presenters.words import left
from mobile.screens import parts
from mobile.screens.context import Context


def ready(view: ReadyView, context: Context) -> Layout:
    context = context.beside_stop()
    return Layout(
        pinned=[_face(view, context)],
        body=[*parts.notice_box(context, "notice", view.notice), spacer()],
        foot=[parts.button(context, view.button, "start")] if view.button else (),
        stop=parts.stop_words(view),
    )


def _face(view: ReadyView, context: Context) -> Part:
    armed = Armed(
        title=view.title,
        subtitle=view.subtitle,
        chip=view.chip,
        initials=view.initials,
        time=left(view.seconds_left * 1000),
        waiting=view.waiting,
        body=view.body,
    )
    return Part(
        ("face", view.initials),
        lambda: ArmedFace(context.theme, view.initials),
        lambda face: face.show(armed),
    )
