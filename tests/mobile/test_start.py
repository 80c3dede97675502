"""A start imports what the first view is made of, and nothing else: the rest comes after it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from scripts.bench_app.cold_start import keep_a_day
from tests.mobile import first_view_alone

LIMIT_S = 60
A_PAGES_FRAME = {
    *("asked", "button", "button_row", "drawings", "drawings.sketch", "foot", "more", "nav"),
    *("page", "paint", "place_icons", "press", "room", "script", "scroll", "stack", "steady"),
    *("stop", "text", "theme", "tokens"),
}
THE_DAY = {"call", "card", "chip", "choice", "head", "notice", "progress", "rows", "tick"}
OF_OTHERS = {"kivy", "cryptography", "filetype"}
"""Kivy looks a picture's kind up with the last; the second opens the glance."""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    data = tmp_path_factory.mktemp("phone")
    keep_a_day(data)
    command = [sys.executable, "-m", first_view_alone.__name__, str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["view"] == "TodayView"
    return set(seen["modules"])


def within(package: str, modules: set[str]) -> set[str]:
    return {name.removeprefix(f"{package}.") for name in modules if name.startswith(f"{package}.")}


def test_of_the_kit_only_what_the_day_draws(modules: set[str]) -> None:
    assert within("mobile.kit", modules) == A_PAGES_FRAME | THE_DAY


def test_of_the_presenters_only_the_words_of_a_view(modules: set[str]) -> None:
    """Not `page`: its blocks, which no day has, took as long as two frames."""
    expected = {"actions", "appearance", "bar", "pieces", "views", "words"}
    assert within("mobile.presenters", modules) == expected


def test_of_the_screens_only_the_days(modules: set[str]) -> None:
    expected = {"context", "keyboard", "parts", "stage", "today"}
    assert within("mobile.screens", modules) == expected


def test_no_engine_no_store_no_domain_and_no_other_package(modules: set[str]) -> None:
    ours = {name.split(".")[1] for name in modules if name.startswith("mobile.")}
    assert not ours & {"engine", "store", "sync", "exporting", "reminders", "lessons"}
    packages = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    named = {name for name in packages if not name.startswith("_")}
    assert named - {"mobile", "tests", "cython_runtime"} == OF_OTHERS
