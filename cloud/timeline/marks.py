"""What a lane consists of: marks at days, backgrounds, lines, and the rows they were made from.

Where a mark lies is counted in days from the window's first midnight; how many pixels that is, the
page's script says anew with each zoom. Heights are in pixels from the lane's top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

WIDTH = 1124.0
"""In pixels, before the script has measured."""
LETTER = 7.6
"""About how wide a letter of a label is, in pixels."""
GAP = 8.0
NOTHING = "\u2013"
"""A dash where a cell has nothing to say."""


@dataclass(frozen=True)
class Mark:
    """One mark. ``shape`` is what is drawn, ``kind`` how; ``days`` is the length of a span.

    ``href`` opens what it stands for. A label that would cover another is ``crowded``; one that
    stands ``beside`` its mark stands ``before`` it where there's no room behind, and one above is
    moved by a ``shift`` to stay inside. A mark that is
    ``wide`` in pixels has no place in time: the legend's signs.
    """

    at: float
    shape: str
    kind: str
    y: float = 0.0
    height: float = 0.0
    days: float = 0.0
    label: str = ""
    label_y: float = 0.0
    beside: bool = False
    before: bool = False
    shift: float = 0.0
    href: str = ""
    crowded: bool = False
    wide: float = 0.0


@dataclass(frozen=True)
class Area:
    """A named background over all days."""

    y: float
    height: float
    name: str
    number: int


@dataclass(frozen=True)
class Rule:
    """A level that holds for some days: a prescription, or where a change begins to matter."""

    at: float
    days: float
    y: float
    kind: str


@dataclass(frozen=True)
class Line:
    """A line through points of days and heights."""

    points: tuple[tuple[float, float], ...]

    @property
    def text(self) -> str:
        """As the page keeps it."""
        return " ".join(f"{at:g},{y:g}" for at, y in self.points)


@dataclass(frozen=True)
class Row:
    """A row of a lane's table: which day of the window, and its cells after that of the day."""

    place: int
    day: str
    cells: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True)
class Lane:
    """One lane: its name, notes beneath it, drawing, table, and what it says where it's empty."""

    id: str
    title: str
    height: float
    caption: str
    heads: tuple[str, ...]
    empty: str
    rows: tuple[Row, ...] = ()
    marks: tuple[Mark, ...] = ()
    areas: tuple[Area, ...] = ()
    rules: tuple[Rule, ...] = ()
    line: Line | None = None
    notes: tuple[str, ...] = ()
    summary: str = ""


def uncrowded(marks: Iterable[Mark], days: float) -> tuple[Mark, ...]:
    """Return the marks with labels only where there's room; the last label has it before others.

    The page's script does the same after a zoom.
    """
    step, free, found = WIDTH / days, WIDTH + GAP, []
    ordered = sorted(marks, key=lambda each: each.at, reverse=True)
    for mark, next_left in zip(ordered, [*ordered[1:], None], strict=False):
        x = mark.at * step
        if not mark.label:
            free = free if mark.shape == "bar" else min(free, x - GAP)
            found.append(mark)
            continue
        placed, left, right = _placed(mark, x)
        blocked = placed.before and next_left is not None and next_left.at * step > left
        crowded = blocked or left < -GAP or (right > free and bool(found))
        free = free if crowded else left - GAP
        found.append(replace(placed, crowded=crowded))
    return tuple(reversed(found))


def _placed(mark: Mark, x: float) -> tuple[Mark, float, float]:
    """Return the mark with its label inside of the lane, and where the label begins and ends."""
    width = len(mark.label) * LETTER
    if not mark.beside:
        shift = max(0.0, width / 2 - x) + min(0.0, WIDTH - x - width / 2)
        return replace(mark, shift=round(shift, 1)), x + shift - width / 2, x + shift + width / 2
    if x + width + 2 * GAP > WIDTH:
        return replace(mark, before=True), x - width - 2 * GAP, x
    return mark, x, x + width + 2 * GAP
