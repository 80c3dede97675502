"""Words for who looked at the person's data."""

from __future__ import annotations

from datetime import UTC

import pytest

from mobile.presenters.looks import LooksFacts, looks_page
from mobile.presenters.page import PageView
from mobile.presenters.words import Now
from mobile.sync.answers import Look
from shared.care.looks import LookKind

NOW = Now(1_772_442_000_000, UTC)


def page(*looks: Look) -> PageView:
    return looks_page(LooksFacts(NOW, "Sample Clinic", looks))


def test_before_the_clinic_was_asked_nothing_is_claimed() -> None:
    view = looks_page(LooksFacts(NOW, "Sample Clinic", None))
    assert "Nobody looked" not in str(view)
    assert view.foot[0].action == "look"


def test_nobody_is_said_as_such() -> None:
    assert "Nobody looked" in str(page())


def test_each_look_says_who_in_which_role_what_and_when() -> None:
    view = str(page(Look("A. Example", ("prescriber", "auditor"), NOW.wall_ms, LookKind.LIST)))
    for words in ("A. Example, doctor, auditor", "Saw you on the clinic's list", "Today 09:00"):
        assert words in view


@pytest.mark.parametrize("kind", [*LookKind, None])
def test_every_kind_has_words_of_its_own(kind: LookKind | None) -> None:
    others = {str(page(Look("", (), NOW.wall_ms, each))) for each in [*LookKind, None]} - {
        str(page(Look("", (), NOW.wall_ms, kind)))
    }
    assert len(others) == len(LookKind)
    assert "Whoever runs your clinic's server" in str(page(Look("", (), NOW.wall_ms, kind)))


def test_role_that_this_app_does_not_know_is_shown_as_it_came() -> None:
    assert "A. Example, night-watch" in str(page(Look("A. Example", ("night-watch",), 0, None)))
