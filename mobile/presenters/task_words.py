"""Figures of the short tasks in words, and what they can't tell."""

from __future__ import annotations

from collections.abc import Sequence

from mobile.language import _, n_, p_
from mobile.presenters.pieces import Row
from shared.instruments.questionnaire import Task


def figure_rows(task: Task, figures: Sequence[int]) -> tuple[Row, ...]:
    """Return a task's figures, each with its unit; fewer than it has leave the rest out."""
    makers = {
        Task.REACTION: _reaction,
        Task.DIGIT_SPAN: _digit_span,
        Task.TAPPING: _tapping,
    }
    return makers[task](tuple(figures)) if len(figures) >= _COUNTS[task] else ()


_COUNTS = {Task.REACTION: 5, Task.DIGIT_SPAN: 2, Task.TAPPING: 5}


def limits_words(task: Task) -> str:
    """Return what the figures can't tell: the plain word that stands beside them everywhere."""
    if task is Task.DIGIT_SPAN:
        return _("A number is no judgement. Tiredness and a noisy room change it, too.")
    return _(
        "This phone can't measure how long its own touch screen takes, so the times are only good "
        "for comparing with your own, on this phone. A trembling hand makes them longer, and is "
        "nobody's fault."
    )


def milliseconds(number: int) -> str:
    """Return a time in thousandths of a second."""
    return p_("unit", "{count} ms").format(count=number)


def _reaction(figures: tuple[int, ...]) -> tuple[Row, ...]:
    touches, median_ms, speed, lapses, early = figures[:5]
    return (
        Row(_("Typical"), milliseconds(median_ms)),
        Row(_("Speed"), p_("unit", "{count:.2f} a second").format(count=speed / 1000)),
        Row(
            _("Very late touches"),
            n_("{count} of {all}", "{count} of {all}", touches).format(count=lapses, all=touches),
        ),
        Row(_("Touches before the light"), p_("a count", "{count}").format(count=early)),
    )


def _digit_span(figures: tuple[int, ...]) -> tuple[Row, ...]:
    return (Row(_("Forward"), span(figures[0])), Row(_("Backward"), span(figures[1])))


def span(number: int) -> str:
    """Return a span in words."""
    return n_("{count} figure", "{count} figures", number).format(count=number)


def _tapping(figures: tuple[int, ...]) -> tuple[Row, ...]:
    taps, uneven, other_taps, other_uneven, ratio = figures[:5]
    percent = p_("unit", "{count} %")
    return (
        Row(_("Weaker hand"), _taps(taps)),
        Row(_("Other hand"), _taps(other_taps)),
        Row(_("Weaker to other hand"), percent.format(count=ratio)),
        Row(_("Unevenness, weaker hand"), percent.format(count=uneven)),
        Row(_("Unevenness, other hand"), percent.format(count=other_uneven)),
    )


def _taps(number: int) -> str:
    return n_("{count} tap", "{count} taps", number).format(count=number)
