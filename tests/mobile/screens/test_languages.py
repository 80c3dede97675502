"""Every page in every language: no word is cut off where there's least room for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest

from mobile.kit.button import PushButton
from mobile.kit.theme import Theme
from mobile.language import LANGUAGES, use
from mobile.presenters.appearance import Appearance
from mobile.presenters.welcome import welcome_view
from tests.mobile.screens.clipping import clipped
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.spoken import SPOKEN
from tests.mobile.screens.test_drawing import SMALL_PHONE


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.parametrize("code", sorted(LANGUAGES))
async def test_no_word_is_cut_off_at_twice_the_size_on_a_small_phone(code: str) -> None:
    theme = Theme(text_scale=2.0, mirrored=use(code).is_mirrored)
    faults = []
    async with asynccontextmanager(run)(theme, SMALL_PHONE) as running:
        for name, make in SPOKEN.items():
            await running.show(make())
            faults += [f"{name}: {fault}" for fault in clipped(running.app.stage)]
    assert faults == []


async def test_a_language_is_changed_on_the_page_that_stands_there(running: Running) -> None:
    await running.show(welcome_view())
    assert not running.widget("enrol").theme.mirrored
    arabic = use("ar")
    assert running.engine.callback_look is not None
    running.engine.callback_look(Appearance(mirrored=arabic.is_mirrored, language=arabic.code))
    await running.show(welcome_view())
    button = running.widget("enrol")
    assert isinstance(button, PushButton)
    assert button.theme.mirrored
    assert button.text == "الاتصال بالعيادة"
    left, right = running.widget("speak-ar").x, running.widget("speak-en").x
    assert left < right
