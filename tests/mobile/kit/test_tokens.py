"""The tokens as the app reads them, and how text grows."""

from __future__ import annotations

import pytest

from mobile.kit.theme import Theme
from mobile.kit.tokens import Look, mixed, read_tokens, rgba


@pytest.mark.parametrize("look", list(Look))
def test_both_looks_name_the_same_colours(look: Look) -> None:
    light = read_tokens(Look.LIGHT).colours
    assert set(light) <= set(read_tokens(look).colours)


def test_a_colour_is_read_as_shares_of_one() -> None:
    assert rgba("#FF8000") == (1.0, 128 / 255, 0.0, 1.0)


def test_mixing_takes_a_share_of_each() -> None:
    assert mixed((1.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 1.0), 0.25) == (0.25, 0.25, 0.25, 1.0)


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink_soft", "card"),
        ("ok", "ok_soft"),
        ("wait", "wait_soft"),
        ("teal_ink", "teal_soft"),
    ],
)
def test_words_keep_their_contrast(look: Look, text: str, ground: str) -> None:
    colours = read_tokens(look).colours
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("look", list(Look))
def test_what_is_done_stands_out_from_what_is_not(look: Look) -> None:
    theme = Theme(read_tokens(look))
    for done in ("teal", "data"):
        assert _contrast(theme.colour(done), theme.empty()) >= 3.0
    assert _contrast(theme.colour("ink_soft"), theme.empty()) >= 4.5


@pytest.mark.parametrize("look", list(Look))
def test_an_answer_and_a_line_to_type_into_have_an_outline_that_is_seen(look: Look) -> None:
    theme = Theme(read_tokens(look))
    for ground in ("card", "paper"):
        assert _contrast(theme.edge(), theme.colour(ground)) >= 3.0


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
