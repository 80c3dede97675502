"""Lanes of what happened at a time of day: one mark for each, and a row with its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloud.timeline.axis import Axis
from cloud.timeline.marks import Lane, Mark, Row, uncrowded

HEIGHT = 40.0


@dataclass(frozen=True)
class Moment:
    """Something at a time: how it's marked, and the cells of its row behind the time of day.

    ``label`` stands beside the mark where there's room; without one the mark stands alone.
    """

    at_ms: int
    shape: str
    kind: str
    cells: tuple[str, ...]
    label: str = ""


def moments_lane(
    moments: Iterable[Moment],
    axis: Axis,
    *,
    id: str,
    title: str,
    caption: str,
    heads: tuple[str, ...],
    empty: str,
) -> Lane:
    """Return the lane of those that lie in the axis' window, oldest first; the first of ``heads``
    is that of the time."""
    found = sorted(moments, key=lambda each: each.at_ms)
    shown = [each for each in found if axis.window.has(axis.times.day(each.at_ms))]
    marks = [_mark(each, axis) for each in shown]
    return Lane(
        id=id,
        title=title,
        height=HEIGHT,
        caption=caption,
        heads=heads,
        empty=empty,
        rows=tuple(_row(each, axis) for each in shown),
        marks=uncrowded(marks, axis.window.days),
    )


def _mark(moment: Moment, axis: Axis) -> Mark:
    return Mark(
        at=axis.at(moment.at_ms),
        shape=moment.shape,
        kind=moment.kind,
        y=HEIGHT / 2,
        label=moment.label,
        label_y=HEIGHT / 2 + 5,
        beside=True,
    )


def _row(moment: Moment, axis: Axis) -> Row:
    place = axis.place(moment.at_ms)
    time = f"{axis.times.local(moment.at_ms):%H:%M}"
    return Row(place, axis.day(place), (time, *moment.cells))
