"""The app's lock: what it hides is in no widget, behind no key and in no spoken word; STOP is."""

from __future__ import annotations

import pytest

from mobile.kit.press import touchables
from mobile.presenters import app_lock
from mobile.presenters.actions import Stop
from mobile.presenters.views import View
from mobile.screens.keyboard import ESCAPE, TAB
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import SAMPLES, SESSION, WELCOME

LOCKED = app_lock.lock_page(app_lock.LockFacts())


def texts(running: Running) -> str:
    """Every word that a widget of the window holds."""
    return "\n".join(
        str(getattr(widget, "text", "")) for widget in running.app.stage.walk(restrict=True)
    )


@pytest.mark.parametrize("behind", [WELCOME, SESSION, *SAMPLES.values()][:12])
async def test_what_is_locked_away_is_reached_by_no_key_and_said_by_no_voice(
    running: Running, behind: View
) -> None:
    await running.show(LOCKED)
    await running.frame()
    alone = {each.drive_id for each in touchables(running.app.stage)}, texts(running)
    await running.show(behind)
    running.key(TAB)
    running.engine.heard.clear()
    await running.show(LOCKED)
    await running.frame()
    assert ({each.drive_id for each in touchables(running.app.stage)}, texts(running)) == alone
    running.engine.acts.clear()
    for _ in range(2 * len(alone[0])):
        running.key(TAB)
    assert set(running.engine.heard) <= set(running.engine.heard[: len(alone[0])])
    assert not running.engine.acts


async def test_stop_answers_the_key_as_soon_as_a_session_shows_itself(running: Running) -> None:
    await running.show(LOCKED)
    running.key(ESCAPE)
    assert Stop() not in running.engine.acts
    await running.show(SESSION)
    running.key(ESCAPE)
    assert running.engine.acts[-1] == Stop()
