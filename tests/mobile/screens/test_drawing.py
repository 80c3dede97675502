"""Every view draws, at each size of text and window, with no word cut off or covered, and room.

In the largest text on a small phone none is smaller than asked for, every target easy to hit.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from kivy.core.window import Window

from mobile.kit.theme import GREATEST_TEXT_SCALE, Theme
from mobile.kit.tokens import Look, read_tokens
from mobile.toolkit_env import DEFAULT_SIZE
from tests.mobile.screens.clipping import clipped
from tests.mobile.screens.crowding import crowded
from tests.mobile.screens.legible import illegible
from tests.mobile.screens.running import run
from tests.mobile.screens.samples import SAMPLES, SESSION

SMALL_PHONE = (472, 840)
"""360 x 640 dp."""


@dataclass(frozen=True)
class Setting:
    name: str
    theme: Theme
    size: tuple[int, int] = DEFAULT_SIZE


SETTINGS = [
    Setting("usual", Theme()),
    Setting("text at 200 %", Theme(text_scale=2.0)),
    Setting("small phone, high contrast", Theme(read_tokens(Look.HIGH)), SMALL_PHONE),
    Setting("small phone, text at 200 %", Theme(text_scale=2.0), SMALL_PHONE),
    Setting("dark, right to left", Theme(read_tokens(Look.DARK), 1.3, mirrored=True)),
]


@pytest.mark.long
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
async def test_every_view_draws_with_no_word_cut_off(
    setting: Setting,
) -> None:
    faults = []
    async with asynccontextmanager(run)(setting.theme, setting.size) as running:
        for name, view in SAMPLES.items():
            await running.show(view)
            assert tuple(Window.system_size) == setting.size
            stage = running.app.stage
            found = [*clipped(stage), *crowded(stage)]
            if setting.theme.text_scale == GREATEST_TEXT_SCALE and setting.size == SMALL_PHONE:
                found += illegible(stage, setting.theme, name)
            faults += [f"{name}: {fault}" for fault in found]
    assert faults == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
async def test_stop_fills_the_lower_third(setting: Setting) -> None:
    async with asynccontextmanager(run)(setting.theme, setting.size) as running:
        await running.show(SESSION)
        stop = running.widget("stop")
        assert (stop.x, stop.y) == (0, 0)
        assert stop.width == Window.width
        assert 0.32 * Window.height - 1 <= stop.height <= 0.45 * Window.height
