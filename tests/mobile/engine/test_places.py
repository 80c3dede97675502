"""Places: opened by name, left to where the person came from, found again after a kill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from mobile.engine.places.place import Draft, Opener, Place, Ways
from mobile.engine.places.remembering import Remembering
from mobile.engine.screens import Screen, Today
from mobile.platform import FileKeyStore
from mobile.presenters.page import PageView
from mobile.presenters.views import View
from mobile.store import Store, open_store


class Shown:
    """Where the person is, without the rest of the engine."""

    def __init__(self) -> None:
        self.screen: Screen | Place = Today()

    def go(self, screen: Screen | Place) -> None:
        self.screen = screen

    def go_home(self) -> None:
        self.screen = Today()


class Counting(Place):
    name = "counting"

    def recall(self, draft: Draft) -> None:
        self.count = int(draft.get("count", 0))

    def draft(self) -> Draft:
        return {"count": self.count}

    def view(self) -> View:
        return PageView("counting", str(self.count))

    def press(self, button: str) -> None:
        if button == "more":
            self.count += 1
        else:
            super().press(button)


class Passing(Counting):
    name = "passing"
    outlasts_the_app = False


OPENERS: dict[str, Opener] = {"counting": Counting, "passing": Passing}


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def ways(shown: Shown) -> Ways:
    nothing: Any = None
    return Ways(cast(Any, shown), nothing, nothing, nothing, nothing, OPENERS, nothing)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, FileKeyStore(tmp_path))
    yield opened
    opened.close()


def here(shown: Shown) -> Counting:
    assert isinstance(shown.screen, Counting)
    return shown.screen


def test_back_leads_to_where_the_person_came_from_as_it_was(shown: Shown, ways: Ways) -> None:
    ways.open("counting")
    here(shown).press("more")
    ways.open("passing", count=9)
    assert here(shown).count == 9
    here(shown).press("back")
    assert (here(shown).name, here(shown).count) == ("counting", 1)
    here(shown).press("back")
    assert shown.screen == Today()


def test_from_the_bar_nothing_is_behind(shown: Shown, ways: Ways) -> None:
    ways.open("counting")
    ways.open_first("passing", {})
    here(shown).press("back")
    assert shown.screen == Today()


def test_a_restart_finds_the_place_as_it_was(shown: Shown, ways: Ways, store: Store) -> None:
    ways.open("counting")
    here(shown).press("more")
    Remembering(store).note(shown.screen)
    recalled = Remembering(store).recalled()
    assert recalled == ("counting", {"count": 1})
    ways.open_first(*recalled)
    assert here(shown).count == 1


def test_nothing_is_remembered_of_the_day_or_of_a_passing_place(
    shown: Shown, ways: Ways, store: Store
) -> None:
    remembering = Remembering(store)
    ways.open("counting")
    remembering.note(shown.screen)
    ways.open("passing")
    remembering.note(shown.screen)
    assert remembering.recalled() is None
    ways.open("counting")
    remembering.note(shown.screen)
    ways.home()
    remembering.note(shown.screen)
    assert remembering.recalled() is None
