"""How a session stands: a ring of trains with its words, or the same flat where there's no room.

Which of them is decided by the window and the size of text alone, so that it's the same in every
state of a session; only a live picture of the band takes the ring's place while it's needed. What
runs, what was given and how long it takes stay in sight above STOP at every size of text.
A page before the session has a face of its own by the same rule (`armed`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.chip import ChipLabel
from mobile.kit.head import Head
from mobile.kit.progress import CountBar
from mobile.kit.ring import TrainRing, Trains, least_ring_px
from mobile.kit.room import Leaning, TwoForms
from mobile.kit.stack import Part, Stack
from mobile.kit.text import LINE_BOX, FitText, Text, TimerText
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip

ROUND_GAP_DP, FLAT_GAP_DP = 14, 3
LONGEST_SENTENCE, LETTER_SHARE = 230, 0.52
"""Letters of the longest sentence of a session, in German, and their mean width in font sizes."""
GAPS, FOOT_EDGES_DP = 5, 26
NARROW_DP = 480
"""In a narrower column the flat form's sentence is small, to be in sight with what it explains."""
APART_DP = 10


@dataclass(frozen=True)
class Standing:
    """``big`` is the figure that matters, ``note`` what it counts; ``pulses`` is ``figures``
    without the trains; a state with a picture of its own ``is_pictured``."""

    title: str
    subtitle: str
    chip: Chip
    trains: Trains
    big: str
    note: str
    figures: str
    pulses: str
    is_pictured: bool = False


class FullForm(Stack):
    """The form that is shown wherever it has room."""

    def least_px(self) -> float:
        """How high it is with its picture at the smallest."""
        raise NotImplementedError

    def take_room(self, height_px: float) -> None:
        """Let the picture grow with the room."""
        raise NotImplementedError


class Face(TwoForms):
    """Chooses between two forms of the same by the room that it's given.

    The full form knows its height also while it isn't shown: so the choice never waits for what
    stands there, and is made again whenever that height changes.
    """

    def __init__(self, full: FullForm, flat: Stack) -> None:
        super().__init__(spacing_dp=ROUND_GAP_DP)
        self._full, self._flat = full, flat
        self._shows_flat: bool | None = None
        self._room_px: float | None = None
        self.bind(width=self._widen)
        full.bind(minimum_height=self._choose_again)
        self._choose(flat=False)

    @property
    def is_flat(self) -> bool:
        """Whether there was no room for the full form."""
        return bool(self._shows_flat)

    def take_room(self, height_px: float) -> None:
        """A picture grows with the room; where the smallest is too much, the flat form comes."""
        self._room_px = height_px
        self._choose(flat=self._full.least_px() > height_px)
        self._full.take_room(height_px)

    def stand_in(self, column_px: float, page_px: float) -> None:
        """Learn the page's height and its column's width, before the room is told."""

    def _choose_again(self, *_: object) -> None:
        if self._room_px is not None:
            self.take_room(self._room_px)

    def _choose(self, *, flat: bool) -> None:
        if flat == self._shows_flat:
            return
        self._shows_flat = flat
        shown = self._flat if flat else self._full
        self.compose([Part(flat, lambda: shown)])

    def _widen(self, *_: object) -> None:
        """The form that isn't shown must know its height, too, so that it may come back."""
        for form in (self._full, self._flat):
            form.width = self.width
            form.do_layout()


class SessionFace(Face):
    """What runs, and how far it is."""

    def __init__(self, theme: Theme) -> None:
        self._forms = RoundFace(theme), FlatFace(theme)
        self._theme = theme
        self._is_pictured = self._is_small = False
        super().__init__(*self._forms)

    def show(self, standing: Standing) -> None:
        self._is_pictured = standing.is_pictured
        for form in self._forms:
            form.show(standing)

    def stand_in(self, column_px: float, page_px: float) -> None:
        """A window is too small for the ring if the longest of a session's states is."""
        self._is_small = needed_px(self._theme, column_px, page_px) > page_px

    def take_room(self, height_px: float) -> None:
        """The ring grows with the room; whether it's shown doesn't depend on it."""
        self._room_px = height_px
        self._choose(flat=self._is_small or self._is_pictured)
        self._forms[0].take_room(height_px)


def needed_px(theme: Theme, column_px: float, page_px: float) -> float:
    """About how high a page with the ring at its smallest would be in the longest state."""
    body_px, scale = theme.text_px("body"), theme.text_scale
    lines = math.ceil(LONGEST_SENTENCE * body_px * LETTER_SHARE / max(1.0, column_px))
    words_px = theme.text_px("title") + theme.text_px("small") * 3 + body_px * (1 + lines)
    gaps_px = float(dp(ROUND_GAP_DP)) * GAPS
    foot_px = (theme.button_px + float(dp(FOOT_EDGES_DP))) * max(1.0, scale)
    stop_px = page_px * theme.tokens.stop_height_share
    return words_px * LINE_BOX + least_ring_px(theme) + gaps_px + foot_px + stop_px


class RoundFace(FullForm):
    """Head, ring, and the figures below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing_dp=ROUND_GAP_DP)
        self._head = Head(theme, ChipLabel(theme))
        self.ring = TrainRing(theme)
        self._figures = Text(theme, "", bold=True, align="center")
        parts: tuple[Widget, ...] = (self._head, self.ring, self._figures)
        self.compose(fixed(parts))

    def show(self, standing: Standing) -> None:
        self._head.say(standing.title, standing.subtitle, standing.chip)
        self.ring.show(standing.trains, standing.big, standing.note)
        self._figures.text = standing.figures

    def least_px(self) -> float:
        return self._others_px() + self.ring.least_px

    def take_room(self, height_px: float) -> None:
        self.ring.take_room(height_px - self._others_px())

    def _others_px(self) -> float:
        return float(self._head.height + self._figures.height + self.spacing * 2)


class FlatFace(Stack):
    """A line for the title, one for the figure that matters, a bar for the ring.

    A short title and the figure share a line; one that says what to do now takes two at most.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing_dp=FLAT_GAP_DP)
        self._theme = theme
        soft = theme.colour("ink_soft")
        self._title = FitText(theme, "", size="title", align=theme.start)
        self._urgent = Text(theme, "", size="title", bold=True)
        self._urgent.bind(width=self._size_urgent)
        self._is_urgent = False
        self._big = TimerText(theme, "")
        self._big.size_hint_x = None
        self._note = Text(theme, "", size="small", colour=soft)
        self._figure = BoxLayout(size_hint_y=None, spacing=dp(APART_DP))
        for text in (self._title, self._note, self._big):
            text.pos_hint = {"center_y": 0.5}
            text.bind(height=self._heighten_figure)
        self._bar = CountBar(theme, colour="data")
        self._pulses = Text(theme, "", size="small", bold=True)
        self._subtitle = Text(theme, "", size="small", colour=soft)
        self._arranged: object = None
        self.bind(width=self._arrange)

    def show(self, standing: Standing) -> None:
        self._is_urgent = standing.trains.stale
        title = self._urgent if self._is_urgent else self._title
        title.text = standing.title
        self._size_urgent()
        self._big.text = standing.big
        self._big.width = self._big.natural_width_px() + float(dp(2))
        self._note.text = standing.note
        trains = standing.trains
        self._bar.show(trains.done, trains.count, stale=trains.stale)
        self._pulses.text = standing.pulses
        self._subtitle.text = standing.subtitle
        self._arrange()

    def _size_urgent(self, *_: object) -> None:
        """The largest size at which it takes two lines; that of a body's words at least."""
        for size in ("title", "question", "body"):
            self._urgent.want(self._theme.text_px(size))
            if self._urgent.height_at(self._urgent.width) <= 2 * self._urgent.wanted_px * LINE_BOX:
                return

    def _arrange(self, *_: object) -> None:
        shares_line = not self._is_urgent and self._line_px() <= self.width
        self._note.size_hint_x = None if shares_line else 1
        if shares_line:
            self._note.width = self._note.natural_width_px() + float(dp(2))
        if (shares_line, self._is_urgent) != self._arranged:
            self._arranged = (shares_line, self._is_urgent)
            self._put(shares_line=shares_line)
        self._heighten_figure()

    def _line_px(self) -> float:
        words = (self._title, self._note)
        words_px = sum(text.natural_width_px() + float(dp(APART_DP + 2)) for text in words)
        return float(words_px + self._big.width)

    def _put(self, *, shares_line: bool) -> None:
        self.clear_widgets()
        self._figure.clear_widgets()
        title: Widget = self._urgent if self._is_urgent else self._title
        figure: list[Widget] = [self._big, self._note]
        if shares_line:
            figure = [title, *figure]
        for part in reversed(figure) if self._theme.mirrored else figure:
            self._figure.add_widget(part)
        above: list[Widget] = [] if shares_line else [title]
        for part in (*above, self._figure, self._bar, self._pulses, self._subtitle):
            self.add_widget(part)

    def _heighten_figure(self, *_: object) -> None:
        fixed_px = [part.height for part in self._figure.children if part.size_hint_y is None]
        self._figure.height = max(fixed_px, default=0)


def fixed(parts: Sequence[Widget]) -> list[Part]:
    """Widgets that stay for as long as their column stands."""
    return [Part(number, partial(_itself, part)) for number, part in enumerate(parts)]


def _itself(widget: Widget) -> Widget:
    return widget


class FaceWords(Leaning, Text):
    """A sentence below a session's face, leaning as the form above it; small below the flat one
    where its column is narrow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", align="center")
        self._theme = theme

    def follow(self, *, flat: bool) -> None:
        """Stand below the ring, or below the flat form."""
        self.halign = self._theme.start if flat else "center"
        is_narrow = float(self.width) < float(dp(NARROW_DP))
        self.want(self._theme.text_px("small" if flat and is_narrow else "body"))
