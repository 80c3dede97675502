"""Killed on any page, the app comes back to it: a sweep over every place that outlasts the app."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from mobile.engine.places import PLACES
from mobile.engine.places.place import Place
from tests.mobile.engine.killed_phone import Band, Phone
from tests.mobile.worlds import MemoryKeyStore

LASTING = sorted(
    name for name, opener in PLACES.items() if cast(type[Place], opener).outlasts_the_app
)
OPENED_WITH: dict[str, dict[str, object]] = {
    "red-flag": {"hold_id": "07" * 16, "item_id": "", "placed_ms": 0},
}
"""What a place needs of whoever opens it, where it can't be opened by name alone."""


def test_most_places_outlast_the_app() -> None:
    assert len(LASTING) > len(PLACES) / 2


@pytest.mark.parametrize("name", LASTING)
def test_killed_on_this_page_the_next_start_shows_it(tmp_path: Path, name: str) -> None:
    keys = MemoryKeyStore()
    before = Phone(tmp_path, keys, Band())
    before.ways.open_first(name, OPENED_WITH.get(name, {}))
    assert before.place is not None
    before.remembering.note(before.screen)
    draft = before.place.draft()
    before.store.close()

    after = Phone(tmp_path, keys, Band())
    assert after.place is not None, "it came back to the day"
    assert (after.place.name, after.place.draft()) == (name, draft)
    after.store.close()
