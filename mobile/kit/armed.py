"""What stands above STOP before a session: the band with its initials, the time left, what to do.

Where there's no room for the picture, what to do and the time left come first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.card import Card
from mobile.kit.chip import ChipLabel
from mobile.kit.drawings.band import LEAST_DP, BandPicture
from mobile.kit.face import FLAT_GAP_DP, ROUND_GAP_DP, Face, FullForm, fixed
from mobile.kit.head import Head
from mobile.kit.paint import Ground
from mobile.kit.stack import Part, Stack
from mobile.kit.text import FitText, Text, TimerText
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip


@dataclass(frozen=True)
class Armed:
    """``time`` is what is left; ``waiting`` says for what, ``body`` what to do."""

    title: str
    subtitle: str
    chip: Chip
    initials: str
    time: str
    waiting: str | None
    body: str


class ArmedFace(Face):
    """What to do, and how long there is for it."""

    def __init__(self, theme: Theme, initials: str) -> None:
        self._forms = PicturedFace(theme, initials), FlatArmedFace(theme, initials)
        super().__init__(*self._forms)

    def show(self, armed: Armed) -> None:
        for form in self._forms:
            form.show(armed)


class PicturedFace(FullForm):
    """Head, band, and a card with the time and the words."""

    def __init__(self, theme: Theme, initials: str) -> None:
        super().__init__(spacing_dp=ROUND_GAP_DP)
        self._head = Head(theme, ChipLabel(theme))
        self._band = BandPicture(theme, initials)
        self._card = Card(theme, spacing_dp=6)
        self._time = TimerText(theme, "")
        self._waiting = Text(theme, "", size="question", bold=True, align="center")
        self._body = Text(theme, "", colour=theme.colour("ink_soft"), align="center")
        self.compose(fixed((self._head, self._band, self._card)))

    def show(self, armed: Armed) -> None:
        self._head.say(armed.title, armed.subtitle, armed.chip)
        self._time.text, self._body.text = armed.time, armed.body
        self._waiting.text = armed.waiting or ""
        shown = (self._time, self._waiting, self._body)
        self._card.compose(_named(shown if armed.waiting else (self._time, self._body)))

    def least_px(self) -> float:
        return self._others_px() + float(dp(LEAST_DP))

    def take_room(self, height_px: float) -> None:
        self._band.take_room(height_px - self._others_px())

    def _others_px(self) -> float:
        return float(self._head.height + self._card.height + self.spacing * 2)


class FlatArmedFace(Stack):
    """A line for title and time, the words, and a line for the initials."""

    def __init__(self, theme: Theme, initials: str) -> None:
        super().__init__(spacing_dp=FLAT_GAP_DP)
        self._title = FitText(theme, "", size="title", align=theme.start)
        self._time = TimerText(theme, "")
        self._waiting = Text(theme, "", bold=True)
        self._body = Text(theme, "", size="small")
        self._subtitle = Text(theme, "", size="small", colour=theme.colour("ink_soft"))
        self._top = _line(theme, self._title, self._time)
        self._end = _line(theme, InitialsLabel(theme, initials), self._subtitle)

    def show(self, armed: Armed) -> None:
        self._title.text, self._time.text = armed.title, armed.time
        self._time.size_hint_x = None
        self._time.width = self._time.natural_width_px() + float(dp(2))
        self._waiting.text = armed.waiting or ""
        self._body.text, self._subtitle.text = armed.body, armed.subtitle
        words = (self._waiting, self._body) if armed.waiting else (self._body,)
        self.compose(_named((self._top, *words, self._end)))


class InitialsLabel(BoxLayout):
    """The initials as the band's own display shows them."""

    def __init__(self, theme: Theme, initials: str) -> None:
        super().__init__(size_hint=(None, None), padding=[dp(10), dp(2)])
        label = FitText(theme, initials, size="small", colour=theme.colour("card"))
        self.width = label.natural_width_px() + float(dp(22))
        self.height = label.height + float(dp(4))
        Ground(self, theme.colour("ink"), radius_px=float(dp(8)))
        self.add_widget(label)


def _line(theme: Theme, *parts: Widget) -> BoxLayout:
    """Beside each other in reading order, as high as the highest."""
    line = BoxLayout(size_hint_y=None, spacing=dp(10))

    def heighten(*_: object) -> None:
        line.height = max(part.height for part in parts)

    for part in reversed(parts) if theme.mirrored else parts:
        part.pos_hint = {"center_y": 0.5}
        part.bind(height=heighten)
        line.add_widget(part)
    heighten()
    return line


def _named(widgets: tuple[Widget, ...]) -> list[Part]:
    """Parts that keep their widgets though others come and go between them."""

    def itself(widget: Widget) -> Callable[[], Widget]:
        return lambda: widget

    return [Part(id(widget), itself(widget)) for widget in widgets]
