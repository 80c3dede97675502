"""Painted grounds: rounded, bordered rectangles that follow their widget."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle, SmoothLine, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.tokens import Rgba


def _keep(widget: Widget, painting: object) -> None:
    """Kivy holds bound methods weakly: a painting lives as long as its widget does."""
    widget.paintings = [*getattr(widget, "paintings", ()), painting]


class Ground:
    """A rounded fill with an optional border, drawn below a widget's children."""

    def __init__(
        self,
        widget: Widget,
        fill: Rgba,
        *,
        radius_px: float,
        border: Rgba | None = None,
        border_px: float | None = None,
    ) -> None:
        self._widget = widget
        self._radius_px = radius_px
        self._border_px = border_px if border_px is not None else float(dp(1))
        with widget.canvas.before:
            self._border_colour = Color(*(border or fill))
            self._outer = SmoothRoundedRectangle()
            self._fill_colour = Color(*fill)
            self._inner = SmoothRoundedRectangle()
        _keep(widget, self)
        widget.bind(pos=self._follow, size=self._follow)
        self._follow()

    def paint(self, fill: Rgba, border: Rgba | None = None, border_px: float | None = None) -> None:
        self._fill_colour.rgba = fill
        self._border_colour.rgba = border or fill
        if border_px is not None:
            self._border_px = border_px
        self._follow()

    def _follow(self, *_: object) -> None:
        left, bottom = self._widget.pos
        width, height = self._widget.size
        inset = min(self._border_px, width / 2, height / 2)
        radius = max(1.0, min(self._radius_px, width / 2, height / 2))
        self._outer.pos, self._outer.size = (left, bottom), (width, height)
        self._outer.radius = [radius]
        self._inner.pos = (left + inset, bottom + inset)
        self._inner.size = (max(0, width - 2 * inset), max(0, height - 2 * inset))
        self._inner.radius = [max(1.0, radius - inset)]


class Sheet:
    """A card's ground for a list of many screens: one fill and a line, since a second fill below
    it for the border costs a third of the frames.
    """

    def __init__(self, widget: Widget, fill: Rgba, border: Rgba, *, radius_px: float) -> None:
        self._widget, self._radius_px = widget, radius_px
        with widget.canvas.before:
            Color(*fill)
            self._fill = SmoothRoundedRectangle(radius=[radius_px])
            Color(*border)
            self._border = SmoothLine(width=dp(0.6))
        _keep(widget, self)
        widget.bind(pos=self._follow, size=self._follow)
        self._follow()

    def _follow(self, *_: object) -> None:
        self._fill.pos, self._fill.size = self._widget.pos, self._widget.size
        self._border.rounded_rectangle = (*self._widget.pos, *self._widget.size, self._radius_px)


class Plain:
    """A rectangular fill without corners."""

    def __init__(self, widget: Widget, fill: Rgba) -> None:
        self._widget = widget
        with widget.canvas.before:
            self._colour = Color(*fill)
            self._area = Rectangle()
        _keep(widget, self)
        widget.bind(pos=self._follow, size=self._follow)
        self._follow()

    def paint(self, fill: Rgba) -> None:
        self._colour.rgba = fill

    def _follow(self, *_: object) -> None:
        self._area.pos, self._area.size = self._widget.pos, self._widget.size


class FocusRing:
    """An outline around the widget that the keyboard is at.

    ``gap_dp`` lies between widget and line; below 0 the line is within.
    """

    def __init__(
        self, widget: Widget, colour: Rgba, radius_px: float, *, gap_dp: float = 3
    ) -> None:
        self._widget = widget
        self._gap_dp = gap_dp
        self._radius_px = radius_px
        self._rgb = colour[:3]
        with widget.canvas.after:
            self._colour = Color(*self._rgb, 0.0)
            self._line = SmoothLine(width=dp(1.5))
        _keep(widget, self)
        widget.bind(pos=self._follow, size=self._follow)

    def show(self, *, visible: bool) -> None:
        self._colour.rgba = (*self._rgb, 1.0 if visible else 0.0)
        self._follow()

    def _follow(self, *_: object) -> None:
        if self._colour.a == 0.0:
            self._line.points = []
            return
        gap = float(dp(self._gap_dp))
        left, bottom = self._widget.pos
        width, height = self._widget.size
        self._line.rounded_rectangle = (
            left - gap,
            bottom - gap,
            width + 2 * gap,
            height + 2 * gap,
            min(self._radius_px, height / 2) + gap,
        )
