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
from mobile.kit.foot import Foot
from mobile.kit.more import More
from mobile.kit.paint import Plain
from mobile.kit.room import Leaning, Roomy, TwoForms
from mobile.kit.scroll import SteadyScroll
from mobile.kit.stack import NEAR_DP, Column, Part, Stack, spacer
from mobile.kit.stop import StopPanel
from mobile.kit.theme import Theme

SIDE_DP, LARGE_TEXT_SIDE_DP = 20, 16
GAP_DP = 14
ABOVE_DP, BELOW_DP = 22, 14
ABOVE_WITH_STOP_DP = 10
TIGHT_GAP_DP, TIGHT_ABOVE_DP = 8, 6
"""Where large text would scroll, the gaps give way first."""
WIDEST_TEXT_DP, WIDEST_DP = 560, 960
"""How wide a column grows at the usual size of text, and at any: a line keeps its number of words
as the words grow, until it's too long for the eye."""
LEAST_ROOM_DP = 250
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

    ``pinned`` stays in sight above the body, ``first`` comes directly below it, or after the body
    where that would begin out of sight. ``aside`` explains: it fills the room before the body,
    which then stands low, in reach of a thumb; without room it comes last.
    """

    body: Sequence[Part]
    pinned: Sequence[Part] = ()
    first: Sequence[Part] = ()
    aside: Sequence[Part] = ()
    foot: Sequence[Part] = ()
    bar: Part | None = None
    stop: StopWords | None = None
    place: Hashable = None


class Body(Column):
    """At least as high as the view it scrolls in, so that a spacer can fill what is left."""

    def __init__(self) -> None:
        super().__init__(spacing_dp=GAP_DP)
        self.least_px = 0.0

    def fill(self, least_px: float) -> None:
        self.least_px = least_px
        self._take_height()

    def height_without(self, part: Widget) -> float:
        """What the others need now; ``minimum_height`` would lag behind a height just changed."""
        return self.fixed_px() - float(part.height)

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
        self._scrolls = self._is_tight = False
        self.stop: StopPanel | None = None
        self.pinned = Column(spacing_dp=GAP_DP)
        self.pin = Stack(spacing_dp=0)
        self.body = Body()
        self.foot = Foot()
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
        self.foot.take(layout.foot)
        self.bar.compose([layout.bar] if layout.bar is not None else [])
        self._show_stop(layout.stop)
        self._composed = None
        self._arrange()
        if layout.place != place:
            self.scroll.scroll_y = 1.0

    def _compose(self, *, pinned: bool, roomy: bool, leads: bool = True) -> None:
        """Put together anew only what has changed: parts whose key stays keep their widgets."""
        layout = self._layout
        if self._composed == (pinned, roomy, leads):
            return
        self._composed = (pinned, roomy, leads)
        top = [Part("top", lambda: self.pinned)] if layout.pinned else []
        above = [*layout.first, *layout.aside]
        low = [*above, LOW, *layout.body]
        early, late = (layout.first, ()) if leads else ((), layout.first)
        parts = low if roomy and above else [*early, *layout.body, *late, *layout.aside]
        parts = [*parts, *self.foot.left_over]
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
        side = side_px(float(self.width), self._theme)
        if self.foot.fit(self.width, self.height - fixed_px(self.bar), side, self.body.kept):
            self._composed = None
        if self.stop is not None:
            self.stop.take_share_of(self.height)
        if self._composed is None:
            self._compose(pinned=bool(self._layout.pinned), roomy=True)
        self.pinned.width = self.width - 2 * side
        self._settle(self._room_px())
        pinned, above = "top" in self.pin.kept, self._above_px()
        self.pin.padding = [side, above, side, self._below_pinned_px()] if pinned else [0, 0, 0, 0]
        self.body.padding = [side, 0 if pinned else above, side, dp(BELOW_DP)]
        self.body.fill(self.scroll.height)
        self._tell_more()

    def _above_px(self) -> float:
        usual_dp = ABOVE_DP if self.stop is None else ABOVE_WITH_STOP_DP
        return float(dp(min(usual_dp, TIGHT_ABOVE_DP) if self._is_tight else usual_dp))

    def _gap_px(self) -> float:
        return float(dp(TIGHT_GAP_DP if self._is_tight else GAP_DP))

    def _below_pinned_px(self) -> float:
        """A question's answers stand near it."""
        return min(self._gap_px(), float(dp(NEAR_DP))) if self.pinned.leads_in else self._gap_px()

    def _tighten(self, *, tight: bool) -> None:
        self._is_tight = tight
        self.body.spacing = self.pinned.spacing = self._gap_px()

    def _room_px(self) -> float:
        """What is left for all but foot, bar and STOP."""
        stop_px = 0.0 if self.stop is None else float(self.stop.height)
        return float(self.height - fixed_px(self.foot) - fixed_px(self.bar) - stop_px)

    def _settle(self, room_px: float) -> None:
        """Decide what is pinned, how large the question is, and whether the body scrolls."""
        self._tighten(tight=False)
        top_px = self._top_px(room_px)
        scrolls = top_px + self._scrolling_px() > room_px + 1
        if scrolls and self._theme.is_large:
            self._tighten(tight=True)
            top_px = self._top_px(room_px)
            scrolls = top_px + self._scrolling_px() > room_px + 1
        least_px = float(dp(LEAST_ROOM_DP)) + self.more.full_px
        pinned = bool(self._layout.pinned) and (not scrolls or top_px + least_px <= room_px)
        begins_px = top_px + self._beginning_px() + self.more.full_px
        self._compose(pinned=pinned, roomy=not scrolls, leads=not scrolls or begins_px <= room_px)
        self._lean()
        self._scrolls = scrolls

    def _scrolling_px(self) -> float:
        """Height of the body without what may be pinned: the same however it's put together."""
        layout, low_px = self._layout, 0.0
        first, aside, body, left_over = (
            [self.body.kept[part.key] for part in parts if part.key in self.body.kept]
            for parts in (layout.first, layout.aside, layout.body, self.foot.left_over)
        )
        if first or aside:
            low_px = float(self.body.spacing)
        orders = ([*first, *aside, *body, *left_over], [*first, *body, *aside, *left_over])
        highest_px = max(self.body.height_of(order[::-1]) for order in orders)
        return highest_px + low_px + float(dp(BELOW_DP))

    def _top_px(self, room_px: float) -> float:
        """Height of what may be pinned with its edges, once it and the drawings have their room."""
        edges_px = self._above_px() + (self._below_pinned_px() if self._layout.pinned else 0.0)
        self._size_pinned(room_px - edges_px, self._scrolling_px())
        self._give_room(room_px)
        return fixed_px(self.pinned) + edges_px

    def _beginning_px(self) -> float:
        """What comes first, and the first part of the body below it."""
        wanted = [part.key for part in (*self._layout.first, *self._layout.body[:1])]
        parts = [self.body.kept[key] for key in wanted if key in self.body.kept]
        return float(sum(part.height + self.body.spacing for part in parts))

    def _size_pinned(self, room_px: float, rest_px: float) -> None:
        for part in self.pinned.children:
            if isinstance(part, TwoForms):
                part.width = self.pinned.width
                part.stand_in(float(self.pinned.width), float(self.height))
                part.take_room(room_px - rest_px)
            if isinstance(part, Question):
                wanted_px = room_px - min(rest_px, float(dp(ANSWERS_DP)) + self.more.full_px)
                for size in SIZES:
                    part.take_size(size)
                    if fixed_px(self.pinned) <= wanted_px:
                        break

    def _lean(self) -> None:
        flat = any(isinstance(part, TwoForms) and part.is_flat for part in self.pinned.children)
        for part in self.body.children:
            if isinstance(part, Leaning):
                part.follow(flat=flat)

    def _give_room(self, room_px: float) -> None:
        """A drawing takes the room that the other parts leave."""
        for part in self.body.children:
            if isinstance(part, Roomy):
                part.take_room(room_px - self.body.height_without(part))

    def _tell_more(self, *_: object) -> None:
        hidden_px = float(self.body.height - self.scroll.height) * float(self.scroll.scroll_y)
        self.more.show(scrolls=self._scrolls, at_end=hidden_px < float(dp(END_DP)))


def side_px(width_px: float, theme: Theme) -> float:
    """What is left free on both sides of a page's column."""
    widest_dp = min(float(WIDEST_DP), WIDEST_TEXT_DP * max(1.0, theme.text_scale))
    least_dp = LARGE_TEXT_SIDE_DP if theme.is_large else SIDE_DP
    return max(float(dp(least_dp)), (width_px - float(dp(widest_dp))) / 2)


def fixed_px(stack: Stack) -> float:
    """What a column's parts need now; ``minimum_height`` lags behind a height just changed."""
    parts = stack.children
    if isinstance(stack, Column):
        return stack.fixed_px()
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
