"""Finds what is hard to read or to hit: words drawn smaller than asked for or out of their box,
typed text that isn't seen, targets that are low or near to each other, words over their neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kivy.metrics import dp, sp
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile.kit.button import ON_A_LINE_SP, PushButton
from mobile.kit.drawings.band import BandPicture
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.face import FaceWords
from mobile.kit.field import Entry
from mobile.kit.more import LEAST_SHARE, More
from mobile.kit.nav import NavBar
from mobile.kit.page import Page
from mobile.kit.press import touchables
from mobile.kit.stop import NOTE_LEAST_SP, StopPanel
from mobile.kit.text import FitText, Text
from mobile.kit.theme import Theme
from mobile.screens.stage import Stage

LEAST_HEIGHT_DP, LEAST_APART_DP = 60, 12
ONE_WORD_SHARE = 0.95
"""So far one long word may make its sentence smaller: a twentieth isn't seen."""
ROUNDING_PX = 1.0
"""Fonts and textures come in whole pixels."""
PICTURES = (BandPicture, SeatPicture)
"""What is written in a picture is a part of it, and grows with it."""


TOO_LONG = {
    "close-by-invited": "an address and a code are copied as they stand, in as few lines as may be",
    "kit-today-long-words": "shows how words are drawn that are longer than any line",
    "today-long-words": "shows how words are drawn that are longer than any line",
}


def illegible(stage: Stage, theme: Theme, name: str) -> Iterator[str]:
    """One sentence for each fault of the page of that name in the largest text."""
    page = stage.page
    assert page is not None
    labels = [each for each in page.walk(restrict=True) if isinstance(each, Text | FitText)]
    for label in labels:
        if label.text and not any(isinstance(each, PICTURES) for each in _above(label)):
            yield from () if name in TOO_LONG else _shrunk(label, theme)
            yield from _beyond(label)
    for entry in page.walk(restrict=True):
        if isinstance(entry, Entry):
            yield from _unseen(entry)
    yield from _hard_to_hit(page)


def _shrunk(label: Text | FitText, theme: Theme) -> Iterator[str]:
    least_px = _least_px(label, theme)
    if label.font_size < least_px * ONE_WORD_SHARE:
        yield f"{label.text!r} is drawn at {label.font_size:.0f}, not at {least_px:.0f}"


def _least_px(label: Text | FitText, theme: Theme) -> float:
    """The size asked for; what is large already may shrink to that of the words around it."""
    asked_px = min(label.asked_px, theme.text_px("body"))
    if isinstance(label, FaceWords):
        return theme.text_px("small")
    above = list(_above(label))
    if any(isinstance(each, NavBar) for each in above):
        return float(sp(theme.tokens.type_sp["small"]))
    if any(isinstance(each, StopPanel) for each in above):
        return min(asked_px, float(sp(NOTE_LEAST_SP)))
    if any(isinstance(each, More) for each in above):
        return asked_px * LEAST_SHARE
    if any(isinstance(each, PushButton) for each in above):
        return min(asked_px, float(sp(ON_A_LINE_SP)))
    return asked_px


def _above(widget: Widget) -> Iterator[Widget]:
    ancestor = widget.parent
    while ancestor is not None and not isinstance(ancestor, Page):
        yield ancestor
        ancestor = ancestor.parent


def _beyond(label: Label) -> Iterator[str]:
    """Words that reach out of one of the boxes they stand in."""
    left, bottom, right, top = _ink(label)
    for box in _above(label):
        if isinstance(box, ScrollView):
            return
        x, y = box.to_window(box.x, box.y)
        if (
            left < x - ROUNDING_PX
            or right > x + box.width + ROUNDING_PX
            or bottom < y - ROUNDING_PX
            or top > y + box.height + ROUNDING_PX
        ):
            yield f"{label.text!r} reaches out of its {type(box).__name__}"
            return


def _ink(label: Label) -> tuple[float, float, float, float]:
    width, height = label.texture_size
    x, y = label.to_window(label.center_x, label.center_y)
    left = {"left": x - label.width / 2, "right": x + label.width / 2 - width}.get(
        label.halign, x - width / 2
    )
    return left, y - height / 2, left + width, y + height / 2


def _unseen(entry: Entry) -> Iterator[str]:
    """Typed text that has to be scrolled within its line."""
    room_px = entry.width - entry.padding[0] - entry.padding[2]
    widest_px = max((line.width for line in entry._lines_labels), default=0)
    if widest_px > room_px + ROUNDING_PX:
        yield f"{entry.text!r} is wider than its field"
    room_px = entry.height - entry.padding[1] - entry.padding[3]
    if entry.minimum_height - entry.padding[1] - entry.padding[3] > room_px + ROUNDING_PX:
        yield f"{entry.text!r} is higher than its field"


def _hard_to_hit(page: Page) -> Iterator[str]:
    targets = [(each, each.target_px()) for each in touchables(page)]
    for each, (_left, bottom, _right, top) in targets:
        if top - bottom < dp(LEAST_HEIGHT_DP) - ROUNDING_PX:
            yield f"{each.drive_id!r} is {top - bottom:.0f} high to a finger"
    for (first, box), (second, other) in combinations(targets, 2):
        if _scroll_of(first) is not _scroll_of(second):
            continue
        across = max(other[0] - box[2], box[0] - other[2])
        upward = max(other[1] - box[3], box[1] - other[3])
        if max(across, upward) < dp(LEAST_APART_DP) - ROUNDING_PX:
            near = f"{max(across, upward):.0f}"
            yield f"{first.drive_id!r} and {second.drive_id!r} are {near} apart"


def _scroll_of(widget: Widget) -> Widget | None:
    return next((each for each in _above(widget) if isinstance(each, ScrollView)), None)
