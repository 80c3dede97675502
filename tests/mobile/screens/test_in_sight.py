"""What to do next is in sight as a page opens, also at twice the text on a small phone."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from mobile.kit.theme import Theme
from tests.mobile.screens.running import run
from tests.mobile.screens.test_calls import in_sight, view_of
from tests.mobile.screens.test_drawing import SMALL_PHONE

ACTS = {
    "today-open": ("get-ready",),
    "today-questions": ("get-ready",),
    "today-lapsing": ("get-ready",),
    "today-remind": ("remind-me",),
    "today-unpaired": ("find-band",),
    "consent-treatment": ("yes", "no"),
    "compare": ("same",),
}


@pytest.mark.parametrize("text_scale", [1.0, 2.0])
async def test_the_next_step_needs_no_scrolling(text_scale: float) -> None:
    hidden = []
    async with asynccontextmanager(run)(Theme(text_scale=text_scale), SMALL_PHONE) as running:
        for name, acts in ACTS.items():
            await running.show(view_of(name))
            hidden += [
                f"{name}: {act}" for act in acts if not in_sight(running.widget(act), running)
            ]
    assert hidden == []
