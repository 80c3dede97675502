"""Marks that stand for a day or a session: each has a shape of its own, not a colour alone."""

from __future__ import annotations

from kivy.graphics import Color, Ellipse, InstructionGroup, Line, SmoothLine
from kivy.metrics import dp

from mobile.kit.theme import Theme
from mobile.presenters.page import Mark

Place = tuple[float, float]


def mark_at(group: InstructionGroup, theme: Theme, mark: Mark, place: Place, radius: float) -> None:
    """Draw a mark around a place: a full disc, a half one, a cross, or a ring."""
    x, y = place
    box = {"pos": (x - radius, y - radius), "size": (radius * 2, radius * 2)}
    if mark is Mark.DONE:
        group.add(Color(*theme.colour("data")))
        group.add(Ellipse(**box))
    elif mark is Mark.PARTIAL:
        group.add(Color(*theme.colour("data")))
        group.add(Ellipse(**box, angle_start=180, angle_end=360))
        group.add(Line(circle=(x, y, radius), width=theme.beside_text_px(1.2)))
    elif mark is Mark.MISSED:
        cross(group, theme, place, radius * 0.75)
    elif mark is Mark.PLANNED:
        group.add(Color(*theme.colour("data")))
        group.add(
            SmoothLine(
                circle=(x, y, radius), width=theme.beside_text_px(1), overdraw_width=float(dp(0.8))
            )
        )


def cross(group: InstructionGroup, theme: Theme, place: Place, reach: float) -> None:
    """Draw a cross with arms of that reach."""
    x, y = place
    group.add(Color(*theme.colour("ink_soft")))
    for side in (1, -1):
        points = [x - reach, y - side * reach, x + reach, y + side * reach]
        width = theme.beside_text_px(1.4)
        group.add(SmoothLine(points=points, width=width, overdraw_width=float(dp(0.8))))
