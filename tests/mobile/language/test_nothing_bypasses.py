"""No word that a person reads gets past the catalogues: found with a language of brackets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mobile.language import _, numbers, use, use_words
from mobile.presenters.bar import bar_places
from mobile.presenters.views import Choice
from tests.mobile.language.bracketed import (
    BRACKETED,
    Brackets,
    Filling,
    outside_brackets,
    words_of,
)
from tests.mobile.screens.spoken import DATA, SPOKEN


@pytest.fixture(autouse=True)
def _bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(numbers, "_Numbers", Filling)
    use_words(BRACKETED, Brackets())
    yield
    use("en")


@pytest.mark.parametrize("name", list(SPOKEN))
def test_every_word_of_a_page_was_looked_up(name: str) -> None:
    said = [text for text in words_of(SPOKEN[name]()) if text and text not in DATA]
    assert [text for text in said if outside_brackets(text, DATA)] == []
    assert said


def test_the_bar_of_places_was_looked_up() -> None:
    assert [text for text in words_of(bar_places()) if outside_brackets(text)] == []


def test_a_word_said_past_the_catalogues_is_found() -> None:
    assert outside_brackets(f"{_('Connected')}, battery 82 %") == ", battery 82 %"
    assert outside_brackets(_("Call {who}").format(who="your doctor")) == "your doctor"
    assert outside_brackets(_("Call {who}").format(who="112"), {"112"}) == ""
    assert outside_brackets(_("Call {who}").format(who=_("your doctor"))) == ""
    assert list(words_of(Choice("id", "Go on"))) == ["Go on"]


def test_no_sample_says_a_word_past_the_catalogues() -> None:
    """In a process of its own: samples are made at import, in the language spoken then."""
    asked = [sys.executable, "-m", "tests.mobile.language.said_past"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
