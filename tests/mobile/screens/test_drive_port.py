"""The drive port: a script presses, types, waits and looks over a loopback socket."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mobile.drive import DrivePort
from mobile.presenters.actions import Choose, Enrol, Press, Stop
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import (
    QUESTION,
    QUESTION_OPEN,
    SESSION,
    TODAY_READY,
    WELCOME,
    question,
)


class Script:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def do(self, name: str, **arguments: Any) -> dict[str, Any]:
        return await self.say(json.dumps({"do": name, **arguments}))

    async def say(self, line: str) -> dict[str, Any]:
        self._writer.write(line.encode() + b"\n")
        async with asyncio.timeout(10):
            answer: dict[str, Any] = json.loads(await self._reader.readline())
        return answer


@pytest.fixture
async def script(running: Running) -> AsyncIterator[Script]:
    port = DrivePort(running.app, running.engine, 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port.port)
    yield Script(reader, writer)
    writer.close()
    port.close()


async def test_a_tap_presses_through_the_touch_pipeline(running: Running, script: Script) -> None:
    await running.show(TODAY_READY)
    assert await script.do("tap", id="get-ready") == {"ok": True, "screen": "today"}
    assert running.engine.acts == [Press("get-ready")]


async def test_a_tap_waits_until_the_widget_can_be_touched(
    running: Running, script: Script
) -> None:
    await running.show(QUESTION_OPEN)
    tap = asyncio.create_task(script.do("tap", id="next"))
    await running.frame()
    assert not tap.done()
    await running.show(question("2"))
    assert (await tap)["ok"]
    assert running.engine.acts == [Press("next")]


async def test_a_tap_on_what_never_comes_says_so(running: Running, script: Script) -> None:
    await running.show(TODAY_READY)
    answer = await script.do("tap", id="go-on", timeout_s=0.2)
    assert not answer["ok"]
    assert "go-on" in answer["error"]
    assert "today" in answer["error"]


async def test_a_tap_scrolls_to_what_is_below(running: Running, script: Script) -> None:
    rows = tuple(replace(row, label=f"{row.label} {n}", action=f"row-{n}")
                 for n in range(20) for row in TODAY_READY.rows[:1])  # fmt: skip
    await running.show(replace(TODAY_READY, rows=rows))
    assert (await script.do("tap", id="row-19"))["ok"]
    assert running.engine.acts == [Press("row-19")]


async def test_stop_by_script(running: Running, script: Script) -> None:
    await running.show(SESSION)
    assert (await script.do("tap", id="stop"))["ok"]
    assert (await script.do("key", key="space"))["ok"]
    assert running.engine.acts == [Stop(), Stop()]


async def test_typing_replaces_what_stood_there(running: Running, script: Script) -> None:
    await running.show(WELCOME)
    await script.do("type", id="code", text="wrong")
    await script.do("type", id="code", text="QX7-Y2P")
    await script.do("type", id="birth-date", text="1980-04-12")
    await script.do("tap", id="enrol")
    assert running.engine.acts == [Enrol("QX7-Y2P", "1980-04-12")]


async def test_what_is_typed_can_be_read(running: Running, script: Script, tmp_path: Path) -> None:
    await running.show(WELCOME)
    empty, typed = tmp_path / "empty.png", tmp_path / "typed.png"
    await script.do("shot", path=str(empty))
    await script.do("type", id="code", text="QX7-Y2P")
    await script.do("shot", path=str(typed))
    widgets = (await script.do("tree"))["widgets"]
    x, y, width, height = next(one["box"] for one in widgets if one["id"] == "code")
    line = (x + 15, 1200 - y - height + 15, x + width - 15, 1200 - y - 15)
    assert inked_columns(empty, line) == 0
    assert inked_columns(typed, line) > 40


def inked_columns(path: Path, box: tuple[int, int, int, int]) -> int:
    """How many columns have ink in them: a cursor alone has three."""
    with Image.open(path) as picture:
        part = picture.crop(box).convert("L").point(lambda light: 255 if light < 90 else 0)
    across = part.resize((part.width, 1), Image.Resampling.BOX)
    return sum(1 for ink in across.tobytes() if ink)


async def test_waiting_ends_when_the_screen_is_drawn(running: Running, script: Script) -> None:
    await running.show(TODAY_READY)
    wait = asyncio.create_task(script.do("wait", screen="question", text="little pleasure"))
    await running.frame()
    assert not wait.done()
    await running.show(QUESTION)
    assert await wait == {"ok": True, "screen": "question"}


async def test_a_shot_has_its_exact_name_and_the_windows_size(
    running: Running, script: Script, tmp_path: Path
) -> None:
    await running.show(SESSION)
    path = tmp_path / "a" / "session.png"
    assert (await script.do("shot", path=str(path)))["size"] == [540, 1200]
    with Image.open(path) as picture:
        assert picture.size == (540, 1200)
        assert picture.getpixel((10, 1190)) == (0xB3, 0x23, 0x1B)
        assert picture.getpixel((3, 3)) == (0xFA, 0xF7, 0xF1)


async def test_tree_and_view_say_what_stands_there(running: Running, script: Script) -> None:
    await running.show(QUESTION)
    widgets = {one["id"]: one for one in (await script.do("tree"))["widgets"]}
    assert list(widgets) == ["0", "1", "2", "3", "back", "next"]
    assert widgets["1"]["text"] == "Several days"
    view = await script.do("view")
    assert view["screen"] == "question"
    assert view["view"]["subtitle"] == "Question 1 of 9"
    await script.do("tap", id="1")
    assert running.engine.acts == [Choose("1", "pleasure")]


async def test_other_names_go_to_the_engine(running: Running, script: Script) -> None:
    await running.show(TODAY_READY)
    assert await script.do("phone-clock", offset_ms=7) == {"ok": True, "wall_ms": 5}
    assert running.engine.driven == [("phone-clock", {"offset_ms": 7})]
    assert await script.do("dance") == {"ok": False, "error": "no such thing to do: dance"}


SENSELESS = (
    "{",
    "[]",
    '{"do": 1}',
    '{"do": "tap"}',
    '{"do": "type", "id": 1}',
    '{"do": "wait", "timeout_s": -1}',
    '{"do": "key", "key": "f1"}',
)


@pytest.mark.parametrize("line", SENSELESS)
async def test_what_makes_no_sense_is_refused(running: Running, script: Script, line: str) -> None:
    await running.show(TODAY_READY)
    answer = await script.say(line)
    assert answer["ok"] is False
    assert answer["error"]


async def test_only_loopback_is_listened_to(running: Running) -> None:
    port = DrivePort(running.app, running.engine, 0)
    try:
        assert port._server.server_address[0] == "127.0.0.1"
        with socket.create_connection(("127.0.0.1", port.port), timeout=5):
            pass
    finally:
        port.close()
