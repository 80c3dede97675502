"""Finds text that is cut off, and widgets of one page that lie over each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from kivy.metrics import dp
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile.kit.page import Page
from mobile.kit.ring import LINE_DP, TrainRing
from mobile.screens.stage import Stage

TOLERANCE_PX = 2.0
INK_SHARE = 0.7
"""How much of the height of a line is ink (capitals and digits)."""


def clipped(stage: Stage) -> Iterator[str]:
    """One sentence for each fault."""
    page = stage.page
    assert page is not None
    labels = [widget for widget in page.walk(restrict=True) if isinstance(widget, Label)]
    for label in labels:
        yield from _cut(label, page)
    for first, second in combinations([label for label in labels if label.text], 2):
        if _overlap(first, second, page):
            yield f"{first.text!r} lies over {second.text!r}"
    for ring in page.walk(restrict=True):
        if isinstance(ring, TrainRing):
            yield from _outside(ring)
    if page.stop is not None and page.stop.top > page.height:
        yield "STOP reaches beyond the page"


def _cut(label: Label, page: Page) -> Iterator[str]:
    if not label.text:
        return
    width, height = label.texture_size
    if width > label.width + TOLERANCE_PX or height > label.height + TOLERANCE_PX:
        yield f"{label.text!r} needs {width}x{height}, has {label.width:.0f}x{label.height:.0f}"
    left, _ = label.to_window(label.x, label.y)
    if left < -TOLERANCE_PX or left + label.width > page.width + TOLERANCE_PX:
        yield f"{label.text!r} reaches beyond the page's side"


def _outside(ring: TrainRing) -> Iterator[str]:
    """The words in the middle may not reach the ring of trains."""
    room = ring.radius_px - float(dp(LINE_DP)) / 2
    for label in (ring.big, ring.note):
        width, height = label.texture_size
        reach = abs(label.center_y - ring.center_y) + height / 2 * INK_SHARE
        if math.hypot(width / 2, reach) > room and label.text:
            yield f"{label.text!r} reaches into the ring"


def _overlap(first: Label, second: Label, page: Page) -> bool:
    if _scrolled(first) != _scrolled(second):
        return False
    left, bottom, right, top = _box(first)
    other_left, other_bottom, other_right, other_top = _box(second)
    across = min(right, other_right) - max(left, other_left)
    upward = min(top, other_top) - max(bottom, other_bottom)
    return across > TOLERANCE_PX and upward > TOLERANCE_PX


def _scrolled(widget: Widget) -> bool:
    """Words that scroll may lie behind the foot, where they aren't drawn."""
    ancestor = widget.parent
    while not isinstance(ancestor, Page):
        if isinstance(ancestor, ScrollView):
            return True
        ancestor = ancestor.parent
    return False


def _box(label: Label) -> tuple[float, float, float, float]:
    """Where the words themselves lie, in the window."""
    width, height = label.texture_size
    x, y = label.to_window(label.center_x, label.center_y)
    left = {"left": x - label.width / 2, "right": x + label.width / 2 - width}.get(
        label.halign, x - width / 2
    )
    return left, y - height / 2, left + width, y + height / 2
