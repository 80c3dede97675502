"""One screen: head and scrolling body, a foot that stays, and STOP in the lower third."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.band import BandPicture
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.paint import Plain
from mobile.kit.ring import TrainRing
from mobile.kit.scroll import SteadyScroll
from mobile.kit.stack import Part, Stack
from mobile.kit.stop import StopPanel
from mobile.kit.theme import Theme

SIDE_DP = 20
GAP_DP = 14
WIDEST_TEXT_DP = 560


@dataclass(frozen=True)
class StopWords:
    label: str
    note: str


@dataclass(frozen=True)
class Layout:
    """What a page consists of at one view; a new ``place`` scrolls back to the top."""

    body: Sequence[Part]
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
    def __init__(self, theme: Theme, stop: Callable[[], None]) -> None:
        super().__init__(orientation="vertical")
        self._theme = theme
        self._act_stop = stop
        self._place: Hashable = None
        self.stop: StopPanel | None = None
        self.body = Body()
        self.foot = Stack(spacing_dp=12)
        self.scroll = _scroll(theme)
        self.scroll.add_widget(self.body)
        self.bar = Stack(spacing_dp=0)
        self.add_widget(self.scroll)
        self.add_widget(self.foot)
        self.add_widget(self.bar)
        Plain(self, theme.colour("paper"))
        self.bind(size=self._arrange)
        self.scroll.bind(height=self._arrange)
        self.body.bind(minimum_height=self._arrange)
        self._arrange()

    def show(self, layout: Layout) -> None:
        self.body.compose(layout.body)
        self.foot.compose(layout.foot)
        self.bar.compose([layout.bar] if layout.bar is not None else [])
        self._show_stop(layout.stop)
        if layout.place != self._place:
            self._place = layout.place
            self.scroll.scroll_y = 1.0
        self._arrange()

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
        self.body.padding = [side, dp(22), side, dp(14)]
        below = 0 if not self.foot.children else dp(18)
        self.foot.padding = [side, dp(8) if below else 0, side, below]
        if self.stop is not None:
            self.stop.take_share_of(self.height)
        self._give_room()
        self.body.fill(self.scroll.height)

    def _give_room(self) -> None:
        """A ring or a drawing takes the room that the other parts leave."""
        for part in self.body.children:
            if isinstance(part, TrainRing | BandPicture | SeatPicture):
                part.take_room(self.scroll.height - self.body.height_without(part))


def _scroll(theme: Theme) -> SteadyScroll:
    return SteadyScroll(
        scroll_type=["bars", "content"],
        bar_width=dp(5),
        bar_margin=dp(3),
        bar_color=theme.colour("ink_soft"),
        bar_inactive_color=(*theme.colour("ink_soft")[:3], 0.45),
        bar_pos_y="left" if theme.mirrored else "right",
    )
