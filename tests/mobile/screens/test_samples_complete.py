"""Nothing that a person may see is missing from the samples: kinds of view, places, presenters."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

from mobile.engine.places import PLACES
from mobile.presenters import page
from mobile.presenters.page import PageView
from mobile.presenters.views import View, screen_of
from tests.mobile.screens.sheets.every import every_view
from tests.mobile.screens.sheets.settings import LANGUAGES, LOOKS, SETTINGS, WINDOWS
from tests.mobile.screens.sheets.sheet import SHEETS_A_SETTING

SHOWN_AS = {
    "activity-plan": "entries-activity-plan",
    "entry": "entry-thought-record",
    "entry-form": "form-thought-record",
    "first-consents": "consents",
    "help-and-more": "help-page",
    "medicine": "entries-medicine",
    "note": "entries-note",
    "thought-record": "entries-thought-record",
}
"""The name of the page that a place shows, where it isn't the place's own."""


def is_of(place: str, page: str) -> bool:
    """Whether a page is of a place; each step of a place may have a page of its own."""
    name = SHOWN_AS.get(place, place)
    return page == name or page.startswith(f"{name}-")


def test_every_kind_of_view_has_a_sample() -> None:
    assert {type(view) for view in every_view().values()} == set(get_args(View))


def test_every_kind_of_block_has_a_sample() -> None:
    shown = "".join(repr(view) for view in every_view().values() if isinstance(view, PageView))
    missing = [kind.__name__ for kind in get_args(page.Block) if f"{kind.__name__}(" not in shown]
    assert missing == []


def test_every_place_has_a_sample() -> None:
    shown = {screen_of(view) for view in every_view().values()}
    missing = [name for name in PLACES if not any(is_of(name, page) for page in shown)]
    assert missing == []


def test_every_presenter_of_a_view_is_called_by_a_sample() -> None:
    asked = [sys.executable, "-m", "tests.mobile.screens.sheets.calls"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_every_pair_of_settings_is_drawn_together_on_forty_sheets_at_most() -> None:
    rows = [(each.window, each.language, each.look, each.text_percent) for each in SETTINGS]
    values = (WINDOWS, LANGUAGES, LOOKS, (100, 200))
    for first in range(4):
        for second in range(first):
            wanted = {(one, other) for one in values[first] for other in values[second]}
            assert {(row[first], row[second]) for row in rows} == wanted
    assert len(SETTINGS) * SHEETS_A_SETTING <= 40
