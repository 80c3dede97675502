"""Two numbers are compared in the order of the question; the time left can't be taken for one."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from kivy.uix.label import Label

from mobile.kit.theme import Theme
from mobile.presenters.views import PairView
from mobile.presenters.welcome import CANCEL, DIFFERENT, SAME
from tests.mobile.screens.crowding import bottom_of, label_of
from tests.mobile.screens.running import run
from tests.mobile.screens.test_calls import view_of
from tests.mobile.screens.test_drawing import SMALL_PHONE


@pytest.mark.parametrize("text_scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["compare", "system-dialog"])
async def test_what_is_compared_stands_in_its_order(name: str, text_scale: float) -> None:
    view = view_of(name)
    assert isinstance(view, PairView)
    async with asynccontextmanager(run)(Theme(text_scale=text_scale), SMALL_PHONE) as running:
        await running.show(view)
        page = running.app.stage.page
        assert page is not None
        labels = [each for each in page.walk(restrict=True) if isinstance(each, Label)]
        time = next(each for each in labels if each.text.endswith("1:44"))
        order = (
            label_of(page, view.body),
            label_of(page, str(view.number)),
            label_of(page, str(view.question)),
            running.widget(SAME),
            running.widget(DIFFERENT),
            time,
            running.widget(CANCEL),
        )
        heights = [bottom_of(each) for each in order]
        assert heights == sorted(heights, reverse=True)
        assert time.text != "1:44", "said in words, so that it isn't compared"
