"""What a finger or a key does on a screen reaches the engine, STOP first of all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kivy.core.window import Window

from mobile.kit.field import Entry
from mobile.presenters.actions import Choose, Enrol, LookAway, LookBack, Press, Stop
from mobile.presenters.page import Tab
from mobile.presenters.views import View
from mobile.screens.keyboard import ENTER, ESCAPE, SPACE, TAB
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import (
    AFTER,
    QUESTION,
    QUESTION_OPEN,
    READY,
    SESSION,
    SESSION_PAUSED,
    TODAY_READY,
    WELCOME,
    WELCOME_PROBLEM,
    question,
)


async def test_a_tap_on_get_ready_is_forwarded(running: Running) -> None:
    await running.show(TODAY_READY)
    await running.tap("get-ready")
    assert running.engine.acts == [Press("get-ready")]


async def test_a_row_with_an_action_can_be_touched(running: Running) -> None:
    await running.show(TODAY_READY)
    await running.tap("check-in")
    assert running.engine.acts == [Press("check-in")]


async def test_an_answer_is_chosen_and_the_next_one_asked_for(running: Running) -> None:
    await running.show(QUESTION)
    await running.tap("3")
    await running.tap("next")
    await running.tap("back")
    assert running.engine.acts == [Choose("3", "pleasure"), Press("next"), Press("back")]


async def test_next_waits_for_an_answer(running: Running) -> None:
    await running.show(QUESTION_OPEN)
    finger = running.finger_on("next")
    finger.down()
    finger.up()
    await running.frame()
    assert running.engine.acts == []


async def test_the_red_flag_box_acts_as_a_whole(running: Running) -> None:
    await running.show(replace(AFTER, red_flag_action="red-flag"))
    await running.tap("red-flag")
    assert running.engine.acts == [Press("red-flag")]


@pytest.mark.parametrize("view", [READY, SESSION, SESSION_PAUSED], ids=lambda view: view.title)
@pytest.mark.parametrize("place", [(0.02, 0.02), (0.5, 0.5), (0.98, 0.97)])
async def test_stop_goes_out_at_touch_down_before_any_frame(
    running: Running, view: View, place: tuple[float, float]
) -> None:
    await running.show(view)
    finger = running.finger_on("stop", across=place[0], up=place[1])
    finger.down()
    assert running.engine.acts == [Stop()]
    finger.up()
    assert running.engine.acts == [Stop()]


@pytest.mark.parametrize("key", [SPACE, ESCAPE])
async def test_space_and_escape_are_stop_while_armed(running: Running, key: int) -> None:
    await running.show(SESSION)
    running.key(key)
    assert running.engine.acts == [Stop()]


async def test_space_is_stop_even_with_the_focus_on_going_on(running: Running) -> None:
    await running.show(SESSION_PAUSED)
    running.key(TAB)
    assert running.widget("go-on").focused
    running.key(SPACE)
    assert running.engine.acts == [Stop()]


async def test_escape_elsewhere_neither_stops_nor_closes(running: Running) -> None:
    await running.show(TODAY_READY)
    running.key(ESCAPE)
    assert running.engine.acts == []
    assert running.engine.started.is_set()


async def test_tab_moves_in_reading_order_and_enter_acts(running: Running) -> None:
    await running.show(TODAY_READY)
    order = []
    for _ in range(len(_touchable_names) + 1):
        running.key(TAB)
        order += [name for name in _touchable_names if running.widget(name).focused]
    assert order == [*_touchable_names, "help"]
    for _ in range(len(Tab) + 1):
        running.key(TAB, "shift")
    running.key(ENTER)
    assert running.engine.acts == [Press("check-in")]


_touchable_names = ("help", "get-ready", "check-in", *Tab)


async def test_what_was_typed_stays_when_a_newer_view_comes(running: Running) -> None:
    await running.show(WELCOME)
    await running.tap("code")
    _type(running, "code", "QX7-Y2P")
    _type(running, "birth-date", "1980-04-12 ")
    await running.show(WELCOME_PROBLEM)
    await running.tap("enrol")
    assert running.engine.acts == [Enrol("QX7-Y2P", "1980-04-12")]


async def test_a_touch_takes_the_focus_from_the_keyboard(running: Running) -> None:
    await running.show(TODAY_READY)
    running.key(TAB)
    await running.tap("get-ready")
    assert not running.widget("help").focused


async def test_a_button_keeps_its_focus_when_the_view_changes(running: Running) -> None:
    await running.show(QUESTION_OPEN)
    running.key(TAB)
    await running.show(question("0"))
    assert running.widget("0").focused


async def test_of_several_views_before_a_frame_only_the_newest_shows(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[View] = []
    stage = running.app.stage
    show = stage.show

    def watched(view: View) -> None:
        shown.append(view)
        show(view)

    monkeypatch.setattr(stage, "show", watched)
    running.app.receive(TODAY_READY)
    running.app.receive(QUESTION)
    await running.show(SESSION)
    assert shown == [SESSION]
    assert stage.screen == "session"


def _type(running: Running, drive_id: str, text: str) -> None:
    entry = running.widget(drive_id)
    assert isinstance(entry, Entry)
    entry.insert_text(text)


async def test_out_of_sight_and_in_sight_are_told_to_the_engine(running: Running) -> None:
    assert running.app.on_pause() is True
    running.app.on_resume()
    Window.dispatch("on_minimize")
    Window.dispatch("on_restore")
    assert running.engine.acts == [LookAway(), LookBack(), LookAway(), LookBack()]
