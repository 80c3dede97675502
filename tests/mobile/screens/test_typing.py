"""A line to type into shows all that was typed, on a small phone in the largest text."""

from __future__ import annotations

from contextlib import asynccontextmanager

from mobile.kit.field import MOST_LINES, Entry
from mobile.kit.theme import Theme
from tests.mobile.screens.legible import illegible
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES, WELCOME
from tests.mobile.screens.test_drawing import SMALL_PHONE

LARGEST = Theme(text_scale=2.0)
CODE = "demo-clinic-A0B1-CC22-ZY9X"


def entry_of(running: Running, name: str) -> Entry:
    entry = running.widget(name)
    assert isinstance(entry, Entry)
    return entry


async def test_a_code_that_is_longer_than_its_line_takes_a_second_and_stays_one_code() -> None:
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(WELCOME)
        await running.tap("code")
        entry = entry_of(running, "code")
        empty_px = entry.height
        entry.insert_text(CODE)
        await running.frame()
        assert entry.height > empty_px
        assert entry.text == CODE, "where it breaks is no part of what was typed"
        assert list(illegible(running.app.stage, LARGEST, "welcome")) == []
        entry.insert_text("\n")
        assert (entry.text, entry.focus) == (CODE, False), "Enter leaves the line"


async def test_a_long_note_leaves_the_page_its_room(running: Running) -> None:
    await running.show(SAMPLES["safety-plan-change"])
    entry = next(each for each in running.app.stage.walk() if isinstance(each, Entry))
    entry.text = "word " * 400
    await running.frame()
    assert entry.height <= (MOST_LINES + 2) * entry.line_height
