"""Both choices of a pause stay in sight in one place on every page, however large words are."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from mobile.kit.theme import Theme
from mobile.presenters.views import SessionView
from tests.mobile.screens.running import run
from tests.mobile.screens.test_calls import view_of
from tests.mobile.screens.test_drawing import SMALL_PHONE

PAUSES = (
    *("session-stopped", "session-paused", "sitting-stopped", "sitting-paused", "sitting-moving"),
    "sitting-softer",
)
TABLET = (800, 1280)


@pytest.mark.parametrize("size", [SMALL_PHONE, TABLET], ids=["small", "tablet"])
@pytest.mark.parametrize("mirrored", [False, True], ids=["from-left", "from-right"])
async def test_both_choices_are_pinned_side_by_side(
    size: tuple[int, int], *, mirrored: bool
) -> None:
    async with asynccontextmanager(run)(Theme(text_scale=2.0, mirrored=mirrored), size) as running:
        for name in PAUSES:
            view = view_of(name)
            assert isinstance(view, SessionView)
            await running.show(view)
            page = running.app.stage.page
            assert page is not None
            pinned = set(page.foot.walk(restrict=True))
            buttons = [running.widget(each.id) for each in view.buttons]
            assert pinned.issuperset(buttons), name
            first, second = buttons[:2]
            assert first.to_window(*first.pos)[1] == second.to_window(*second.pos)[1], name
            assert abs(first.width - second.width) < 1, name
            assert (first.x < second.x) is not mirrored, name
            if view.paused:
                assert second.drive_id == "end-here", name
