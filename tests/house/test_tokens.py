"""The app and the pages look alike because both read one source."""

import json
from itertools import product
from typing import Any

import pytest

from scripts.tokens import SOURCE, TARGETS, current_style_sheet, dark, light

TOKENS: dict[str, Any] = json.loads(SOURCE.read_text())
SCHEMES = ("light", "dark", "high")
LEAST_CONTRAST = 4.5
STRICT_CONTRAST = 7.0
"""WCAG 2, level AAA."""
ALIASES = {"white": "#FFFFFF"}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colour(scheme: str, name: str) -> str:
    if name == "button label":
        return str(TOKENS["on"][{"light": "teal"}.get(scheme, f"teal_{scheme}")])
    return str(ALIASES.get(name) or TOKENS[scheme][name])


@pytest.mark.parametrize("target", TARGETS, ids=lambda path: path.parent.parent.name)
def test_style_sheet_is_current(target: Any) -> None:
    assert target.read_text() == current_style_sheet(target)


def test_both_schemes_name_the_same_colours() -> None:
    assert set(light(TOKENS)) == set(dark(TOKENS))
    assert set(TOKENS["light"]) == set(TOKENS["high"])


def test_the_high_contrast_look_reaches_the_stricter_ratio() -> None:
    assert min(TOKENS["contrast_high"].values()) >= STRICT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
def test_stated_contrasts_are_true_and_enough_for_text(scheme: str) -> None:
    stated = TOKENS[f"contrast_{scheme}"]
    assert stated
    for pair, ratio in stated.items():
        front, back = pair.split(" on ")
        computed = contrast(colour(scheme, front), colour(scheme, back))
        assert computed == pytest.approx(ratio, abs=0.06), pair
        assert computed >= LEAST_CONTRAST, pair


@pytest.mark.parametrize(("scheme", "back"), list(product(SCHEMES, ["paper", "card"])))
def test_text_colours_are_legible_on_every_ground(scheme: str, back: str) -> None:
    for front in ("ink", "ink_soft"):
        assert contrast(colour(scheme, front), colour(scheme, back)) >= LEAST_CONTRAST
