"""Who looked: the phone asks by a signed request, shows the answer, and keeps none of it."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Press
from tests.mobile.engine.going import open_place
from tests.mobile.engine.test_messages import page
from tests.mobile.engine.world import whole_day


async def test_the_list_is_the_clinics_and_without_a_network_nothing_is_claimed(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.looks = [
            {
                "who": "A. Example",
                "roles": ["care-team"],
                "at_ms": world.life.context.instants.wall_ms(),
                "kind": "session-logs",
            },
            {"who": "", "roles": [], "at_ms": 0, "kind": "of a later year"},
        ]
        world.server.is_down = True
        await open_place(world, "settings", "who-looked")
        world.act(Press("look"))
        view = await page(world, "who-looked", "Not just now")
        assert "Nobody looked" not in str(view)
        world.server.is_down = False
        world.act(Press("look"))
        view = await page(world, "who-looked", "A. Example, care team")
        assert "Opened the logs of your sessions" in str(view)
        assert "Used your data" in str(view)
