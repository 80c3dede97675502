"""Before a journey, over the real engine: charge, how long sessions go on, whom to call there."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Choose, Press, Typed
from mobile.presenters.page import PageView
from tests.mobile.engine.test_messages import page
from tests.mobile.engine.test_phones import open_place, ready
from tests.mobile.engine.world import whole_day


async def test_the_page_has_what_the_band_and_the_clinic_said(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await world.drive("sync")
        await open_place(world, "travel")
        view = await page(world, "travel", "Go on until Monday 28 September")
        assert "80 %, enough to leave" in str(view)
        world.act(Typed("country", "Tur"))
        world.act(Press("find"))
        await page(world, "travel", "Ambulance in Turkey")
        world.act(Typed("country", "united"))
        world.act(Press("find"))
        await page(world, "travel", "United Kingdom")
        world.act(Choose("GB", "countries"))
        await page(world, "travel", "'999'")
        view = await world.start_again(PageView)
        assert "'999'" in str(view)
        world.act(Typed("country", "Atlantis"))
        world.act(Press("find"))
        await page(world, "travel", "Not in this list")
