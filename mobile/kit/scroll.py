"""A scrolling view for hands that shake.

The toolkit's own adds up every bit of a finger's way, so that a tremor soon counts as scrolling,
and gives a touch to whatever lies under the finger when it's lifted. Here the distance from where
the finger came down decides, and only what lay there is touched. A finger that didn't come so far
leaves the page at rest, which would else slide away under it before the answer was taken.
"""

from __future__ import annotations

from typing import Any

from kivy.effects.scroll import ScrollEffect
from kivy.metrics import dp
from kivy.uix.scrollview import ScrollView

SCROLL_DP = 34
"""So far from its first place a finger scrolls: beyond a tremor of 15 dp to both sides."""

SCROLL_WITHIN_MS = 300
"""Whoever hasn't scrolled by then presses what lies under the finger (own figures)."""


class SteadyScroll(ScrollView):
    """Scrolls upward and downward alone; a ``still`` one has a bar that doesn't fade."""

    def __init__(self, *, still: bool = False, **look: Any) -> None:
        self._still = still
        super().__init__(
            do_scroll_x=False,
            effect_cls=ScrollEffect,
            scroll_distance=dp(SCROLL_DP),
            scroll_timeout=SCROLL_WITHIN_MS,
            **look,
        )
        self.effect_y.drag_threshold = dp(SCROLL_DP)

    def _bind_inactive_bar_color(self, *args: Any) -> None:
        """The toolkit's bar fades once nobody scrolls; where nothing is to move, it stays."""
        if not self._still:
            super()._bind_inactive_bar_color(*args)

    def on_scroll_move(self, touch: Any) -> bool:
        way = touch.ud.get(self._get_uid())
        if way is not None and way["mode"] == "unknown":
            # What follows adds this step's length: so it comes to the distance itself.
            way["dx"] = abs(touch.x - touch.ox) - abs(touch.dx)
            way["dy"] = abs(touch.y - touch.oy) - abs(touch.dy)
        return bool(super().on_scroll_move(touch))

    def simulate_touch_down(self, touch: Any) -> bool:
        touch.push()
        touch.x, touch.y = touch.ox, touch.oy
        taken = bool(super().simulate_touch_down(touch))
        touch.pop()
        return taken
