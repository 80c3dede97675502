"""Words that read from the right: joined letters, and the order they're drawn in."""

from __future__ import annotations

import pytest

from mobile.language.joining import joined
from mobile.language.ordering import in_drawn_order


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("س", "\ufeb1"),
        ("سس", "\ufeb3\ufeb2"),
        ("سسس", "\ufeb3\ufeb4\ufeb2"),
        ("دس", "\ufea9\ufeb1"),
        ("سد", "\ufeb3\ufeaa"),
        ("سـ", "\ufeb3\u0640"),
        ("لا", "\ufefb"),
        ("سلا", "\ufeb3\ufefc"),
        ("سً س", "\ufeb1 \ufeb1"),
        ("STOP ٣", "STOP ٣"),
    ],
)
def test_letters_take_the_form_that_their_neighbours_ask_for(text: str, forms: str) -> None:
    assert joined(text) == forms


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("اب", "با"),
        ("ا ٢٣ ب", "ب ٢٣ ا"),
        ("١٩:٣١", "١٩:٣١"),
        ("ا (ب) ج", "ج (ب) ا"),
        ("ا abc ب", "ب abc ا"),
        ("ا +49 30 1 ب", "ب 1 30 49+ ا"),
        ("ا \u2068+49 30 1\u2069 ب", "ب +49 30 1 ا"),
        ("ا \u2068(abc) ا\u2069 ب", "ب (abc) ا ا"),
        ("abc", "abc"),
        ("ا  ", "  ا"),
    ],
)
def test_a_line_is_drawn_from_the_left(text: str, drawn: str) -> None:
    assert in_drawn_order(text, from_the_right=True) == drawn
