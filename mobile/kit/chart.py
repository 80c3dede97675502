"""A chart: named ranges behind, values as a line with dots, sessions as bars, one time axis.

What it shows stands in words below it; the picture alone is never the only source.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kivy.graphics import Color, Ellipse, InstructionGroup, Rectangle, SmoothLine
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.marks import cross
from mobile.kit.text import natural_width_px
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.kit.tokens import Rgba, mixed
from mobile.kit.written import Written
from mobile.language import current, figures
from mobile.presenters.page import Axis, Bar, BarKind, Chart, Dot

HEIGHT_DP = 210
GROWTH = 0.6
"""How far a chart grows with the text in it."""
ZONE_SHARES = (0.25, 0.45, 0.65, 0.85, 1.0)
"""How strongly the ranges are tinted, from the lowest up."""
WIDEST_BAR_DP, LEAST_BAR_DP = 14, 3
TICKS_APART_DP = 10


@dataclass(frozen=True)
class Margins:
    """Room beside the time that all charts of a page share, in pixels: before it for the figures,
    after it for the newest value."""

    before: float
    after: float


def margins_of(theme: Theme, charts: Sequence[Chart]) -> Margins:
    """Return margins that are enough for each of the charts."""

    def widest(words: Iterable[str], *, bold: bool = False) -> float:
        font, size_px = TEXT_FONT[bold], theme.text_px("small")
        widths = (natural_width_px(word, font=font, size_px=size_px) for word in words if word)
        return max(widths, default=0.0)

    gap = float(dp(6))
    ends = [_figure(value) for chart in charts for value in (chart.highest, chart.lowest)]
    last = widest((chart.last for chart in charts), bold=True)
    return Margins(widest(ends) + gap, last + theme.beside_text_px(8) + gap)


class ChartPicture(Widget):
    """Drawn anew when its size changes."""

    def __init__(self, theme: Theme, chart: Chart, axis: Axis, margins: Margins) -> None:
        scale = 1 + (theme.text_scale - 1) * GROWTH
        super().__init__(size_hint_y=None, height=dp(HEIGHT_DP) * scale)
        self._theme, self._chart, self._axis, self._margins = theme, chart, axis, margins
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        soft = theme.colour("ink_soft")
        self._last = Written(theme, chart.last, colour=theme.colour("ink"), bold=True)
        self._high = Written(theme, _figure(chart.highest), colour=soft)
        self._low = Written(theme, _figure(chart.lowest), colour=soft)
        self._zones = [(zone, Written(theme, zone.name, colour=soft)) for zone in chart.zones]
        self._ticks = [(tick, Written(theme, tick.text, colour=soft)) for tick in axis.ticks]
        self._line_name = Written(theme, chart.line_name, colour=soft)
        self._bar_labels = [
            (bar, Written(theme, bar.label, colour=soft)) for bar in chart.bars if bar.label
        ]
        self.bind(pos=self._draw, size=self._draw)

    # Places

    def _measure(self) -> None:
        gap = float(dp(6))
        before, after = self._margins.before, self._margins.after
        below = max((word.height for _, word in self._ticks), default=0.0) + gap
        above = max(self._high.height / 2, self._line_name.height if self._chart.line_name else 0)
        start, end = (after, before) if self._theme.mirrored else (before, after)
        self._left, self._right = self.x + start, max(self.x + start + 1, self.right - end)
        self._bottom, self._top = self.y + below, self.top - above - gap

    def _x(self, at: float) -> float:
        share = at / self._axis.days if self._axis.days else 0.0
        if self._theme.mirrored:
            share = 1 - share
        return float(self._left + (self._right - self._left) * share)

    def _y(self, value: float) -> float:
        lowest, highest = self._chart.lowest, self._chart.highest
        share = (value - lowest) / (highest - lowest) if highest > lowest else 0.0
        return float(self._bottom + (self._top - self._bottom) * min(1.0, max(0.0, share)))

    # Painting

    def _draw(self, *_: object) -> None:
        self._measure()
        self._group.clear()
        self._draw_zones()
        self._draw_frame()
        self._draw_bars(self._chart.bars)
        self._draw_line(self._chart.line)
        self._draw_dots(self._chart.dots)

    def _paint(self, colour: Rgba) -> None:
        self._group.add(Color(*colour))

    def _box(self, left: float, bottom: float, width: float, height: float) -> None:
        self._group.add(Rectangle(pos=(left, bottom), size=(max(0.0, width), max(0.0, height))))

    def _draw_zones(self) -> None:
        theme, gap = self._theme, float(dp(6))
        are_named = self.names_zones()
        for number, (zone, name) in enumerate(self._zones):
            bottom, top = self._y(zone.lowest - 0.5), self._y(zone.highest + 0.5)
            share = ZONE_SHARES[min(number, len(ZONE_SHARES) - 1)]
            self._paint(mixed(theme.colour("data_soft"), theme.colour("paper"), share))
            self._box(self._left, bottom, self._right - self._left, top - bottom - 1)
            if are_named:
                self._put_name(name, (bottom + top - name.height) / 2, gap)

    def names_zones(self) -> bool:
        """Whether each range has room for its name; some names alone would say less than none."""
        width_px = self._right - self._left - 2 * float(dp(6))
        return all(
            name.width <= width_px
            and name.height <= self._y(zone.highest + 0.5) - self._y(zone.lowest - 0.5)
            for zone, name in self._zones
        )

    def _put_name(self, name: Written, bottom: float, gap: float) -> None:
        """At the beginning, or wherever the line of values leaves it room."""
        places = [
            self._left + gap,
            self._right - name.width - gap,
            (self._left + self._right - name.width) / 2,
        ]
        if self._theme.mirrored:
            places = [places[1], places[0], places[2]]
        free = [left for left in places if not self._crosses(left, bottom, name)]
        name.put(self._group, (free or places)[0], bottom)

    def _crosses(self, left: float, bottom: float, name: Written) -> bool:
        """Whether the line of values runs through a name there."""
        reach = float(dp(6))
        places = sorted((self._x(dot.at), self._y(dot.value)) for dot in self._chart.dots)
        for (x, y), (next_x, next_y) in itertools.pairwise(places):
            first, last = max(x, left - reach), min(next_x, left + name.width + reach)
            if first > last or next_x <= x:
                continue
            heights = [y + (next_y - y) * (at - x) / (next_x - x) for at in (first, last)]
            if min(heights) < bottom + name.height and max(heights) > bottom:
                return True
        return False

    def _draw_frame(self) -> None:
        theme, gap = self._theme, float(dp(6))
        self._paint(theme.colour("line"))
        self._box(self._left, self._bottom, self._right - self._left, float(dp(1)))
        places = [self._x(tick.at) for tick, _ in self._ticks]
        words = [word for _, word in self._ticks]
        spans = []
        for x, word in zip(places, words, strict=True):
            self._paint(theme.colour("line"))
            self._box(x, self._bottom - float(dp(4)), float(dp(1)), float(dp(4)))
            left = min(max(self.x, x - word.width / 2), self.right - word.width)
            spans.append((left, left + word.width))
        for number in kept_apart(spans, float(dp(TICKS_APART_DP))):
            words[number].put(self._group, spans[number][0], self.y)
        for word, value in (
            (self._high, self._chart.highest),
            (self._low, self._chart.lowest),
        ):
            left = self._right + gap if theme.mirrored else self._left - word.width - gap
            word.put(self._group, left, self._y(value) - word.height / 2)

    def _draw_bars(self, bars: Sequence[Bar]) -> None:
        if not bars:
            return
        theme = self._theme
        step = (self._right - self._left) / max(1.0, self._axis.days)
        width = min(float(dp(WIDEST_BAR_DP)), max(float(dp(LEAST_BAR_DP)), step * 0.7))
        full = theme.colour("data")
        for bar in bars:
            x = self._x(bar.at)
            if bar.kind is BarKind.MISSED:
                place = (x, self._bottom + theme.beside_text_px(9))
                cross(self._group, theme, place, theme.beside_text_px(4.5))
                continue
            paper = theme.colour("paper")
            self._paint(full if bar.kind is BarKind.WHOLE else mixed(full, paper, 0.45))
            self._box(x - width / 2, self._bottom, width, self._y(bar.value) - self._bottom)
        self._draw_bar_labels()

    def _draw_bar_labels(self) -> None:
        """The newest first; one that would lie over another is left to the words."""
        taken: list[tuple[float, float]] = []
        for bar, word in reversed(self._bar_labels):
            left = self._x(bar.at) - word.width / 2
            left = min(max(self._left, left), self._right - word.width)
            if any(left < end and begin < left + word.width for begin, end in taken):
                continue
            taken.append((left, left + word.width))
            self._paint(self._theme.colour("paper"))
            self._box(left, self._y(bar.value), word.width, word.height)
            word.put(self._group, left, self._y(bar.value) + float(dp(2)))

    def _draw_line(self, line: Sequence[Dot]) -> None:
        if not line:
            return
        points: list[float] = []
        for number, dot in enumerate(line):
            until = line[number + 1].at if number + 1 < len(line) else self._axis.days
            points += [self._x(dot.at), self._y(dot.value), self._x(until), self._y(dot.value)]
        self._paint(self._theme.colour("ink_soft"))
        self._group.add(
            SmoothLine(
                points=points,
                width=self._theme.beside_text_px(1),
                overdraw_width=float(dp(0.8)),
            )
        )
        name, top = self._line_name, self._y(line[0].value)
        left = self._right - name.width if self._theme.mirrored else self._left
        name.put(self._group, left, top + float(dp(2)))

    def _draw_dots(self, dots: Sequence[Dot]) -> None:
        if not dots:
            return
        places = [(self._x(dot.at), self._y(dot.value)) for dot in dots]
        self._paint(self._theme.colour("teal"))
        if len(places) > 1:
            points = [side for place in places for side in place]
            width = self._theme.beside_text_px(1.4)
            self._group.add(SmoothLine(points=points, width=width, overdraw_width=float(dp(0.8))))
        radius = self._theme.beside_text_px(3.5 if len(places) <= 40 else 1.5)
        for number, (x, y) in enumerate(places):
            size = radius * (1.5 if number == len(places) - 1 else 1)
            self._group.add(Ellipse(pos=(x - size, y - size), size=(size * 2, size * 2)))
        self._label_last(places[-1])

    def _label_last(self, place: tuple[float, float]) -> None:
        word, gap = self._last, self._theme.beside_text_px(8)
        x, y = place
        left = x - gap - word.width if self._theme.mirrored else x + gap
        bottom = min(max(self._bottom, y - word.height / 2), self.top - word.height)
        word.put(self._group, left, bottom)


def kept_apart(spans: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """Return the numbers of the spans that can stand on one line: the first and the last before
    those between them, and none nearer to another than the gap."""
    last = len(spans) - 1
    kept: list[int] = []
    for number in dict.fromkeys([0, last, *range(1, last)] if spans else []):
        begin, end = spans[number]
        if all(end + gap <= spans[other][0] or spans[other][1] + gap <= begin for other in kept):
            kept.append(number)
    return sorted(kept)


def _figure(value: float) -> str:
    return figures(f"{value:g}", current())
