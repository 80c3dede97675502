"""Finds what matters and lies below the edge, and a foot that takes the room of what it's about."""

from __future__ import annotations

from collections.abc import Iterator

from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.choice import ChoiceButton
from mobile.kit.face import Face
from mobile.kit.pad import LightPad, TargetPad
from mobile.kit.page import Page
from mobile.presenters.views import ReadyView, SessionView, View
from mobile.presenters.words import left
from mobile.screens.stage import Stage

MOST_SHARE = 0.5
"""So much of a page without STOP may its foot take; a pad to touch is what its page is about."""

LEAST_ROOM_DP, LEAST_SHARE = 250, 0.5
"""What scrolls has so much of a small phone with large text, or half of what STOP leaves."""
BEGINNING_DP = 12
"""So much of an answer or a button shows that something to touch begins there."""
READ_FIRST = {
    "app-lock": "what the lock does stands before the choice of it",
    "check-in-scale": "what the ends of a scale mean stands before its numbers",
    "compare": "the number must be read before it can be answered for",
    "course-end": "a report of the whole course, with one question at its end",
    "course-end-early": "a report of the whole course, with one question at its end",
    "lesson-what-not-to-do-asked": "a long question in German, at the size of its answers",
    "screening-rests": "why the band waits, and until when, stands before whom to ask",
    "screening-waits": "why the band waits, and until when, stands before whom to ask",
    "setting-switch": "what the keys do stands before the choice of them",
    "system-dialog": "the number must be read before it can be answered for",
    "travel": "what to think of before a flight stands before the country",
}
"""Pages whose first thing to touch may lie below the edge at twice the text, each with why."""
PADS = "task-"
"""A pad to touch is what its page is about."""


def cramped(stage: Stage, name: str) -> Iterator[str]:
    """One sentence for each fault of the page of that name on a small phone with large text."""
    page = stage.page
    assert page is not None
    above_px = float(page.height) - (0.0 if page.stop is None else float(page.stop.height))
    least_px = min(float(dp(LEAST_ROOM_DP)), above_px * LEAST_SHARE)
    if page.more.height and not name.startswith(PADS) and page.scroll.height < least_px:
        yield f"what scrolls has {page.scroll.height:.0f}"
    acts = [each for each in page.walk(restrict=True) if _leads_on(each)]
    if acts and name not in READ_FIRST and not any(begins_in_sight(page, each) for each in acts):
        yield "nothing to touch begins in sight"


def _leads_on(widget: Widget) -> bool:
    is_primary = isinstance(widget, PushButton) and widget.kind is ButtonKind.PRIMARY
    return is_primary or isinstance(widget, ChoiceButton)


def begins_in_sight(page: Page, widget: Widget) -> bool:
    """Whether its upper part is on the window, and within whatever it scrolls in."""
    least, most = view_of(page, widget)
    top = bottom_of(widget) + float(widget.height)
    return bool(least + dp(BEGINNING_DP) <= top <= most + 1)


def view_of(page: Page, widget: Widget) -> tuple[float, float]:
    """The lower and upper edge of what shows of the widget's surroundings."""
    least, most = 0.0, float(Window.height)
    ancestor: Widget = widget.parent
    while ancestor is not page:
        if isinstance(ancestor, ScrollView):
            least = bottom_of(ancestor)
            most = least + float(ancestor.height)
        ancestor = ancestor.parent
    return least, most


def crowded(stage: Stage) -> Iterator[str]:
    """One sentence for each fault."""
    page = stage.page
    assert page is not None
    for text in _matters(page, stage.view):
        if not in_sight(page, label_of(page, text)):
            yield f"{text!r} lies out of sight"
    if isinstance(stage.view, SessionView) and not stage.view.link_lost:
        subtitle = label_of(page, stage.view.subtitle)
        if not begins_in_sight(page, subtitle):
            yield f"{subtitle.text!r} doesn't begin in sight"
    has_pad = any(isinstance(part, LightPad | TargetPad) for part in page.foot.children)
    if page.stop is None and not has_pad and page.foot.height > MOST_SHARE * page.height:
        yield f"the foot takes {page.foot.height:.0f} of {page.height:.0f}"


def _matters(page: Page, view: View | None) -> tuple[str, ...]:
    """The words above STOP that must never be looked for."""
    if isinstance(view, ReadyView):
        time = left(view.seconds_left * 1000)
        words = (view.waiting,) if view.waiting else ()
        return (view.title, time, *words, view.body)
    if isinstance(view, SessionView):
        flat = any(isinstance(part, Face) and part.is_flat for part in page.pinned.children)
        return (view.title, view.big, view.pulses if flat else view.figures)
    return ()


def label_of(page: Page, text: str) -> Label:
    """The label with these words on the page."""
    found = [each for each in page.walk(restrict=True) if isinstance(each, Label)]
    return next(label for label in found if label.text == text)


def bottom_of(widget: Widget) -> float:
    """Its lower edge in the window."""
    return float(widget.to_window(widget.x, widget.y)[1])


def in_sight(page: Page, label: Label) -> bool:
    """Whether the whole label is on the window, and within whatever it scrolls in."""
    bottom = bottom_of(label)
    least, most = view_of(page, label)
    return bool(least - 1 <= bottom and bottom + label.height <= most + 1)
