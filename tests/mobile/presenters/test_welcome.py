"""The way from a letter to a band that knows its person."""

from __future__ import annotations

from mobile.presenters.welcome import compare_view


def test_six_digits_are_grouped_and_keep_their_noughts() -> None:
    assert compare_view(492718).number == "492 718"
    assert compare_view(42).number == "000 042"
