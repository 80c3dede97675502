"""One screen: what stays in sight, a scrolling body, a foot that stays, STOP in the lower third.

Where the room is too little for all, the body scrolls below what is pinned, and a line says that
more follows. Nothing is measured by what is drawn already: each height is known when it's asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.asked import SIZES, Question
from mobile.kit.band import BandPicture
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.face import FaceWords, SessionFace
from mobile.kit.more import More
from mobile.kit.paint import Plain
from mobile.kit.scroll import SteadyScroll
from mobile.kit.stack import Part, Stack, spacer
from mobile.kit.stop import StopPanel
from mobile.kit.theme import Theme

SIDE_DP = 20
GAP_DP = 14
ABOVE_DP, BELOW_DP = 22, 14
WIDEST_TEXT_DP = 560
PINNED_LEAST_DP = 64
"""So much must be left to scroll below what is pinned; else that scrolls, too."""
END_DP = 6
"""So near to its end a page counts as read to it."""
ANSWERS_DP = 190
"""Two answers and a part of the third at the largest size of text: what a question leaves them."""


LOW = spacer("low")
"""Puts what follows it in reach of a thumb."""


@dataclass(frozen=True)
class StopWords:
    label: str
    note: str


@dataclass(frozen=True)
class Layout:
    """What a page consists of at one view; a new ``place`` scrolls back to the top.

    ``pinned`` stays in sight above the body, ``first`` comes directly below it. ``aside`` explains:
    it fills the room before the body, which then stands low, in reach of a thumb; without room it
    comes last.
    """

    body: Sequence[Part]
    pinned: Sequence[Part] = ()
    first: Sequence[Part] = ()
    aside: Sequence[Part] = ()
    foot: Sequence[Part] = ()
    bar: Part | None = None
    stop: StopWords | None = None
    place: Hashable = None


class Body(Stack):
    """At least as high as the view it scrolls in, so that a spacer can fill what is left."""

    def __init__(self) -> None:
        super().__init__(spacing_dp=GAP_DP)
        self.least_px = 0.0

    def fill(self, least_px: float) -> None:
        self.least_px = least_px
        self._take_height()

    def height_without(self, part: Widget) -> float:
        """What the others need now; ``minimum_height`` would lag behind a height just changed."""
        fixed = sum(
            child.height
            for child in self.children
            if child is not part and child.size_hint_y is None
        )
        gaps = self.spacing * (len(self.children) - 1)
        return float(fixed + gaps + self.padding[1] + self.padding[3])

    def _take_height(self, *_: object) -> None:
        self.height = max(self.minimum_height, self.least_px)


class Page(BoxLayout):
    """``more`` is what the line says that follows where the body scrolls."""

    def __init__(self, theme: Theme, stop: Callable[[], None], more: str) -> None:
        super().__init__(orientation="vertical")
        self._theme = theme
        self._act_stop = stop
        self._layout = Layout(())
        self._composed: object = None
        self._scrolls = False
        self.stop: StopPanel | None = None
        self.pinned = Stack(spacing_dp=GAP_DP)
        self.pin = Stack(spacing_dp=0)
        self.body = Body()
        self.foot = Stack(spacing_dp=12)
        self.scroll = _scroll(theme)
        self.scroll.add_widget(self.body)
        self.more = More(theme, more)
        self.bar = Stack(spacing_dp=0)
        for part in (self.pin, self.scroll, self.more, self.foot, self.bar):
            self.add_widget(part)
        Plain(self, theme.colour("paper"))
        # Never at once: a column that is being laid out can't be put together anew.
        soon = Clock.create_trigger(self._arrange, -1)
        self.bind(size=soon)
        self.scroll.bind(height=soon, scroll_y=self._tell_more)
        for part in (self.body, self.pinned, self.foot, self.bar):
            part.bind(minimum_height=soon)
        self._arrange()

    def show(self, layout: Layout) -> None:
        place, self._layout = self._layout.place, layout
        self.pinned.compose(layout.pinned)
        self.foot.compose(layout.foot)
        self.bar.compose([layout.bar] if layout.bar is not None else [])
        self._show_stop(layout.stop)
        self._composed = None
        self._arrange()
        if layout.place != place:
            self.scroll.scroll_y = 1.0

    def _compose(self, *, pinned: bool, roomy: bool) -> None:
        """Put together anew only what has changed: parts whose key stays keep their widgets."""
        layout = self._layout
        if self._composed == (pinned, roomy):
            return
        self._composed = (pinned, roomy)
        top = [Part("top", lambda: self.pinned)] if layout.pinned else []
        above = [*layout.first, *layout.aside]
        low = [*above, LOW, *layout.body]
        parts = low if roomy and above else [*layout.first, *layout.body, *layout.aside]
        if pinned:
            self.body.compose(parts)
            self.pin.compose(top)
        else:
            self.pin.compose([])
            self.body.compose([*top, *parts])

    def _show_stop(self, words: StopWords | None) -> None:
        if words is None:
            if self.stop is not None:
                self.remove_widget(self.stop)
                self.stop = None
            return
        if self.stop is None:
            self.stop = StopPanel(self._theme, words.label, words.note, self._act_stop)
            self.add_widget(self.stop)
        self.stop.say(words.label, words.note)

    def _arrange(self, *_: object) -> None:
        side = max(float(dp(SIDE_DP)), (self.width - float(dp(WIDEST_TEXT_DP))) / 2)
        below = 0 if not self.foot.children else dp(18)
        self.foot.padding = [side, dp(8) if below else 0, side, below]
        if self.stop is not None:
            self.stop.take_share_of(self.height)
        if self._composed is None:
            self._compose(pinned=bool(self._layout.pinned), roomy=True)
        pinned = "top" in self.pin.kept
        self.pin.padding = [side, dp(ABOVE_DP), side, dp(GAP_DP)] if pinned else [0, 0, 0, 0]
        self.body.padding = [side, 0 if pinned else dp(ABOVE_DP), side, dp(BELOW_DP)]
        self._settle(self._room_px())
        self.body.fill(self.scroll.height)
        self._tell_more()

    def _room_px(self) -> float:
        """What is left for all but foot, bar and STOP."""
        stop_px = 0.0 if self.stop is None else float(self.stop.height)
        return float(self.height - fixed_px(self.foot) - fixed_px(self.bar) - stop_px)

    def _settle(self, room_px: float) -> None:
        """Decide what is pinned, how large the question is, and whether the body scrolls."""
        rest_px = self._scrolling_px()
        edges_px = float(dp(ABOVE_DP + GAP_DP if self._layout.pinned else ABOVE_DP))
        self._size_pinned(room_px - edges_px, rest_px)
        top_px = fixed_px(self.pinned) + edges_px
        self._give_room(room_px)
        scrolls = top_px + self._scrolling_px() > room_px + 1
        least_px = float(dp(PINNED_LEAST_DP)) + self.more.full_px
        pinned = bool(self._layout.pinned) and (not scrolls or top_px + least_px <= room_px)
        self._compose(pinned=pinned, roomy=not scrolls)
        self._lean()
        self._scrolls = scrolls

    def _scrolling_px(self) -> float:
        """Height of the body without what may be pinned: the same however it's put together."""
        apart = (self.pinned, self.body.kept.get(LOW.key))
        parts = [part for part in self.body.children if part not in apart]
        fixed = [part.height for part in parts if part.size_hint_y is None]
        has_low = bool(self._layout.first or self._layout.aside)
        gaps = self.body.spacing * max(0, len(parts) - 1 + has_low)
        return float(sum(fixed) + gaps + dp(BELOW_DP))

    def _size_pinned(self, room_px: float, rest_px: float) -> None:
        for part in self.pinned.children:
            if isinstance(part, SessionFace):
                part.take_room(room_px - rest_px)
            if isinstance(part, Question):
                wanted_px = room_px - min(rest_px, float(dp(ANSWERS_DP)) + self.more.full_px)
                for size in SIZES:
                    part.take_size(size)
                    if fixed_px(self.pinned) <= wanted_px:
                        break

    def _lean(self) -> None:
        flat = any(isinstance(part, SessionFace) and part.is_flat for part in self.pinned.children)
        for part in self.body.children:
            if isinstance(part, FaceWords):
                part.follow(flat=flat)

    def _give_room(self, room_px: float) -> None:
        """A drawing takes the room that the other parts leave."""
        for part in self.body.children:
            if isinstance(part, BandPicture | SeatPicture):
                part.take_room(room_px - self.body.height_without(part))

    def _tell_more(self, *_: object) -> None:
        hidden_px = float(self.body.height - self.scroll.height) * float(self.scroll.scroll_y)
        self.more.show(scrolls=self._scrolls, at_end=hidden_px < float(dp(END_DP)))


def fixed_px(stack: Stack) -> float:
    """What a column's parts need now; ``minimum_height`` lags behind a height just changed."""
    parts = stack.children
    heights = sum(float(part.height) for part in parts if part.size_hint_y is None)
    gaps = float(stack.spacing) * max(0, len(parts) - 1)
    return heights + gaps + float(stack.padding[1] + stack.padding[3])


def _scroll(theme: Theme) -> SteadyScroll:
    return SteadyScroll(
        still=theme.still,
        scroll_type=["bars", "content"],
        bar_width=dp(5),
        bar_margin=dp(3),
        bar_color=theme.colour("ink_soft"),
        bar_inactive_color=(*theme.colour("ink_soft")[:3], 0.45),
        bar_pos_y="left" if theme.mirrored else "right",
    )
