"""Keys and switches reach all that a finger does, in reading order; where they are is seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from mobile.kit.field import Entry
from mobile.kit.long_rows import LongRow
from mobile.kit.pad import LightPad, TargetPad
from mobile.kit.press import Touchable, touchables
from mobile.presenters.actions import Stop
from mobile.presenters.appearance import Appearance
from mobile.presenters.page import LongRows, PageView
from mobile.presenters.views import Row, View
from mobile.screens.keyboard import DOWN, ENTER, RIGHT, TAB, UP, Keyboard
from tests.mobile.screens.colours import contrast
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import (
    BY_HAND,
    QUESTION,
    SAMPLES,
    SESSION,
    TODAY_READY,
    WELCOME,
)
from tests.mobile.screens.sheets.pages import window_image
from tests.mobile.screens.thirds import in_thirds

LEAST_OF_THE_RING = 60
"""Pixels that a visible focus changes strongly, at least."""


def enabled(running: Running) -> list[Touchable]:
    return [each for each in touchables(running.app.stage) if not each.disabled]


def at(running: Running) -> Touchable | None:
    """What the keyboard is at."""
    found = [
        each
        for each in enabled(running)
        if (each.focus if isinstance(each, Entry) else each.focused)
    ]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.timeout(600)
@in_thirds
async def test_tab_comes_to_everything_in_reading_order_and_enter_does_it(
    running: Running, samples: dict[str, View]
) -> None:
    for name, view in samples.items():
        if "LongRows(" in repr(view):
            continue
        await running.show(view)
        await running.frame()
        wanted = enabled(running)
        for widget in wanted:
            widget.focused = False
        for widget in wanted:
            running.key(TAB)
            assert at(running) is widget, name
            if isinstance(widget, Entry | LightPad | TargetPad):
                continue
            told = len(running.engine.acts)
            running.key(ENTER)
            assert len(running.engine.acts) == told + 1, (name, widget.drive_id)
        for widget, following in pairwise(wanted):
            assert lies_after(running, widget, following), (name, following.drive_id)


async def test_tab_goes_down_a_long_list_line_by_line(running: Running) -> None:
    view = SAMPLES["check-in-history"]
    assert isinstance(view, PageView)
    (rows,) = (block.rows for block in view.blocks if isinstance(block, LongRows))
    await running.show(view)
    been: list[str] = []
    while len(been) < 30:
        running.key(TAB)
        widget = at(running)
        assert widget is not None
        been += [widget.drive_id] if isinstance(widget, LongRow) else []
        await running.frame()
    assert been == [row.action for row in rows if row.action][:30]


def lies_after(running: Running, widget: Touchable, following: Touchable) -> bool:
    """What is next in order lies lower or on the same line; the foot comes after the body."""
    page = running.app.stage.page
    assert page is not None
    body = {*page.pin.walk(restrict=True), *page.body.walk(restrict=True)}
    in_body, next_in_body = widget in body, following in body
    if in_body != next_in_body:
        return in_body
    return bool(following.to_window(*following.pos)[1] < widget.to_window(0, widget.top)[1])


@pytest.mark.timeout(600)
async def test_the_focus_is_seen(running: Running) -> None:
    for name, view in BY_HAND.items():
        await running.show(view)
        if not [each for each in enabled(running) if not isinstance(each, LightPad | TargetPad)]:
            continue
        running.key(TAB)
        while isinstance(widget := at(running), LightPad | TargetPad):
            running.key(TAB)
        assert widget is not None
        await running.frame()
        with_ring = window_image()
        if isinstance(widget, Entry):
            widget.focus = False
        else:
            widget.focused = False
        await running.frame()
        changed = strongly_changed(with_ring, window_image())
        assert changed >= LEAST_OF_THE_RING, (name, widget.drive_id, changed)


def strongly_changed(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels whose two colours have a contrast of 3:1."""
    box = ImageChops.difference(one, other).getbbox()
    if box is None:
        return 0
    before, after = one.crop(box).tobytes(), other.crop(box).tobytes()
    places = range(0, len(before), 3)
    pairs = Counter((before[at : at + 3], after[at : at + 3]) for at in places)
    return sum(n for (old, new), n in pairs.items() if old != new and contrast(old, new) >= 3.0)


async def test_arrows_move_as_tab_does_but_not_out_of_a_line_of_text(running: Running) -> None:
    await running.show(QUESTION)
    running.key(DOWN)
    first = at(running)
    running.key(RIGHT)
    running.key(UP)
    assert at(running) is first
    await running.show(WELCOME)
    running.key(TAB)
    assert isinstance(at(running), Entry)
    held = at(running)
    running.key(DOWN)
    assert at(running) is held


async def test_the_focus_stays_where_it_was_when_the_view_is_made_anew(running: Running) -> None:
    await running.show(TODAY_READY)
    for _ in range(3):
        running.key(TAB)
    before = at(running)
    assert before is not None
    rows = (*TODAY_READY.rows[:-1], Row("Check-in", "Due tomorrow", action="check-in"))
    await running.show(replace(TODAY_READY, rows=rows))
    after = at(running)
    assert after is not None
    assert after.drive_id == before.drive_id == "check-in"
    running.app.receive_look(Appearance(text_percent=150))
    await running.frame()
    held = at(running)
    assert held is not None
    assert held.drive_id == "check-in"


async def test_what_the_focus_comes_to_is_told_to_who_listens(running: Running) -> None:
    await running.show(QUESTION)
    running.key(TAB)
    running.key(TAB)
    assert running.engine.heard == ["Not at all", "Chosen: Several days"]
    await running.show(WELCOME)
    running.key(TAB)
    assert running.engine.heard[-1] == "Code from the letter"


async def test_with_one_switch_the_focus_comes_by_itself_and_enter_takes_it(
    running: Running,
) -> None:
    await running.show(QUESTION)
    keyboard = Keyboard(running.app.stage)
    keyboard.scan(2000)
    assert keyboard.is_scanning
    been = []
    for _ in enabled(running):
        keyboard.scan_on()
        widget = at(running)
        assert widget is not None
        been.append(widget.drive_id)
    assert sorted(been) == sorted(each.drive_id for each in enabled(running))
    running.key(ENTER)
    assert len(running.engine.acts) == 1
    keyboard.scan(0)
    assert not keyboard.is_scanning


async def test_while_scanning_stop_is_never_more_than_one_step_away(running: Running) -> None:
    await running.show(SESSION)
    keyboard = Keyboard(running.app.stage)
    been = []
    for _ in range(6):
        keyboard.scan_on()
        widget = at(running)
        assert widget is not None
        been.append(widget.drive_id)
    assert all("stop" in pair for pair in pairwise(been))
    while at(running) is not running.widget("stop"):
        keyboard.scan_on()
    running.key(ENTER)
    assert running.engine.acts == [Stop()]


async def test_the_app_scans_where_that_is_chosen(running: Running) -> None:
    await running.show(QUESTION)
    running.app.receive_look(Appearance(scan_ms=1500))
    await running.frame()
    assert running.app.keyboard.is_scanning
    running.app.receive_look(Appearance())
    await running.frame()
    assert not running.app.keyboard.is_scanning
