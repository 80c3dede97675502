"""The language: changed at a touch, kept over a restart, and the system's before any choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.language import current, of_system, use
from mobile.presenters.actions import Press
from mobile.presenters.views import WelcomeView
from tests.mobile.engine.world import whole_day


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


async def test_a_language_is_spoken_at_a_touch_and_after_a_restart(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        english = await world.see(WelcomeView, lambda view: view.title == "Welcome")
        assert [each.text for each in english.languages] == ["English", "Deutsch", "العربية"]

        world.act(Press("speak-de"))
        german = await world.see(WelcomeView, lambda view: view.title == "Willkommen")
        assert german.button == "Mit der Klinik verbinden"
        assert world.life.context.appearance.language == "de"

        await world.end_phone()
        use("en")
        world.views.clear()
        world.begin_phone()
        await world.see(WelcomeView, lambda view: view.title == "Willkommen")
        world.act(Press("speak-ar"))
        await world.see(WelcomeView, lambda view: view.title != "Willkommen")
        assert world.life.context.appearance.mirrored


async def test_a_button_of_no_language_changes_nothing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        world.act(Press("speak-xx"))
        world.act(Press("speak-"))
        assert current().code == "en"


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "ar_EG"}, "ar"),
        ({"LANG": "fr_FR"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_systems_language_is_spoken_where_it_is_one_of_ours(
    environment: dict[str, str], code: str
) -> None:
    assert of_system(environment) == code
