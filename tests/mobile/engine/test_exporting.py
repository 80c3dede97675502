"""The person's own data as files: each where the app says it is, and readable by others."""

from __future__ import annotations

import json
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle

from mobile.presenters.actions import Press
from mobile.presenters.page import PageView
from tests.mobile.engine.going import open_place
from tests.mobile.engine.world import whole_day


async def test_each_export_is_found_where_it_says(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        world.life.context.exports = tmp_path / "found"
        await open_place(world, "history")
        for button in ("export-page", "export-table", "export-bundle", "export-bundle"):
            await world.see_part("history")
            world.act(Press(button))
            await world.see(PageView, lambda view: view.place != "made")
            await world.see(PageView, lambda view: view.place == "made")
        names = sorted(path.name for path in (tmp_path / "found").iterdir())
        assert [name.partition("-20")[0] for name in names] == [
            "circlet-record", "circlet-record", "circlet-table", "circlet-visit",
        ]  # fmt: skip
        data = (tmp_path / "found" / names[0]).read_text()
        assert Bundle.model_validate_json(data).type == "collection"
        assert json.loads(data)["entry"][0]["resource"]["name"] == [{"text": "T.P."}]
