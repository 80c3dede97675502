"""Every page in every language: no word is cut off where there's least room for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest

from mobile.kit.theme import Theme
from mobile.language import LANGUAGES, use
from tests.mobile.screens.clipping import clipped
from tests.mobile.screens.running import run
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
