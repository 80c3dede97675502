"""What the person chose is kept, sealed, and makes the look; what was never chosen stays usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mobile.engine.preferences import Preferences, keep, kept
from mobile.engine.publishing import Audience
from mobile.platform import FileKeyStore
from mobile.presenters.appearance import Appearance, Contrast
from mobile.presenters.views import MessageView, Tone, View
from mobile.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, FileKeyStore(tmp_path))
    yield opened
    opened.close()


def test_what_was_chosen_is_found_again(store: Store) -> None:
    chosen = Preferences(contrast="high", text_percent=150, still=True, caregiver_name="Ada")
    keep(store, chosen)
    assert kept(store) == chosen


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b'{"contrast": "pink"}', b'{"text_percent": 900}', b'{"text_percent": "big"}'],
)
def test_what_cannot_be_read_counts_as_not_chosen(store: Store, data: bytes) -> None:
    store.settings.put("preferences", data)
    assert kept(store) == Preferences()


def test_a_value_of_a_later_version_is_left_alone(store: Store) -> None:
    store.settings.put("preferences", b'{"still": true, "from_tomorrow": 7}')
    assert kept(store) == Preferences(still=True)


def test_unless_chosen_the_usual_look_stands() -> None:
    usual = Appearance(Contrast.DARK, 130)
    assert Preferences().appearance(usual, language="de", mirrored=False) == replace(
        usual, language="de"
    )
    chosen = Preferences(contrast="light", text_percent=100)
    assert chosen.appearance(usual, language="ar", mirrored=True) == Appearance(
        Contrast.LIGHT, 100, mirrored=True, language="ar"
    )


def test_a_look_comes_before_the_view_that_has_it_and_never_twice() -> None:
    audience, heard = Audience(), list[View | Appearance]()
    audience.join_wearing(heard.append)
    audience.join(heard.append)
    look, view = Appearance(), MessageView("One", "moment", Tone.PLAIN, None, None)
    for _ in range(2):
        audience.wear(look)
        audience.show(view)
    assert heard == [look, view]
    audience.join_wearing(heard.append)
    assert heard[2:] == [look]
