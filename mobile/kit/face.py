"""How a session stands: a ring of trains with its words, or the same flat where there's no room.

What runs, what was given and how long it takes stay in sight above STOP at every size of text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.chip import ChipLabel
from mobile.kit.head import Head
from mobile.kit.progress import CountBar
from mobile.kit.ring import TrainRing, Trains
from mobile.kit.stack import Part, Stack
from mobile.kit.text import FitText, Text, TimerText
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip

ROUND_GAP_DP, FLAT_GAP_DP = 14, 4


@dataclass(frozen=True)
class Standing:
    """``big`` is the figure that matters, ``note`` what it counts; ``pulses`` is ``figures``
    without the trains."""

    title: str
    subtitle: str
    chip: Chip
    trains: Trains
    big: str
    note: str
    figures: str
    pulses: str


class SessionFace(Stack):
    """Chooses its form by the room that it's given."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing_dp=ROUND_GAP_DP)
        self._round = RoundFace(theme)
        self._flat = FlatFace(theme)
        self._shows_flat: bool | None = None
        self.bind(width=self._widen)
        self._choose(flat=False)

    @property
    def is_flat(self) -> bool:
        """Whether there was no room for the ring."""
        return bool(self._shows_flat)

    def show(self, standing: Standing) -> None:
        self._round.show(standing)
        self._flat.show(standing)

    def take_room(self, height_px: float) -> None:
        """The ring grows with the room; where the smallest is too much, the flat form comes."""
        self._choose(flat=self._round.least_px() > height_px)
        self._round.take_room(height_px)

    def _choose(self, *, flat: bool) -> None:
        if flat == self._shows_flat:
            return
        self._shows_flat = flat
        shown = self._flat if flat else self._round
        self.compose([Part(flat, lambda: shown)])

    def _widen(self, *_: object) -> None:
        """The form that isn't shown must know its height, too, so that it may come back."""
        self._round.width = self._flat.width = self.width


class RoundFace(Stack):
    """Head, ring, and the figures below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing_dp=ROUND_GAP_DP)
        self._head = Head(theme, ChipLabel(theme))
        self.ring = TrainRing(theme)
        self._figures = Text(theme, "", bold=True, align="center")
        parts: tuple[Widget, ...] = (self._head, self.ring, self._figures)
        self.compose([Part(number, partial(_itself, part)) for number, part in enumerate(parts)])

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
    """A line for the title, one for the figure that matters, a bar for the ring."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing_dp=FLAT_GAP_DP)
        self._theme = theme
        soft = theme.colour("ink_soft")
        self._title = FitText(theme, "", size="title", align=theme.start)
        self._big = TimerText(theme, "")
        self._big.size_hint_x = None
        self._note = Text(theme, "", size="small", colour=soft)
        self._figure = BoxLayout(size_hint_y=None, spacing=dp(10))
        for text in (self._note, self._big) if theme.mirrored else (self._big, self._note):
            text.pos_hint = {"center_y": 0.5}
            text.bind(height=self._heighten_figure)
            self._figure.add_widget(text)
        self._bar = CountBar(theme, colour="data")
        self._pulses = Text(theme, "", size="small", bold=True)
        self._subtitle = Text(theme, "", size="small", colour=soft)
        parts: tuple[Widget, ...] = (
            self._title,
            self._figure,
            self._bar,
            self._pulses,
            self._subtitle,
        )
        self.compose([Part(number, partial(_itself, part)) for number, part in enumerate(parts)])

    def show(self, standing: Standing) -> None:
        self._title.text = standing.title
        self._big.text = standing.big
        self._big.width = self._big.natural_width_px() + float(dp(2))
        self._note.text = standing.note
        trains = standing.trains
        self._bar.show(trains.done, trains.count, stale=trains.stale)
        self._pulses.text = standing.pulses
        self._subtitle.text = standing.subtitle

    def _heighten_figure(self, *_: object) -> None:
        self._figure.height = max(self._big.height, self._note.height)


def _itself(widget: Widget) -> Widget:
    return widget


class FaceWords(Text):
    """A sentence below a session's face, leaning and as large as the form above it asks."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", align="center")
        self._theme = theme

    def follow(self, *, flat: bool) -> None:
        """Stand below the ring, or below the flat form."""
        self.halign = self._theme.start if flat else "center"
        wanted_px = self._theme.text_px("small" if flat else "body")
        if wanted_px != self.wanted_px:
            self.wanted_px = wanted_px
            self._wrap()
