"""Reads ``tokens.json``: the one source of colours, type, space and touch sizes, for the app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mobile.presenters.appearance import Contrast as Look

FOLDER = Path(__file__).resolve().parent

Rgba = tuple[float, float, float, float]


_ON_TEAL = {Look.LIGHT: "teal", Look.DARK: "teal_dark", Look.HIGH: "teal_high"}

__all__ = ["Look", "Rgba", "Tokens", "mixed", "read_tokens", "rgba"]


@dataclass(frozen=True)
class Tokens:
    """The tokens of one look; sizes of type in sp, of space and touch in dp."""

    colours: Mapping[str, Rgba]
    on_teal: Rgba
    on_stop: Rgba
    type_sp: Mapping[str, float]
    card_radius_dp: float
    button_radius_dp: float
    least_touch_dp: float
    button_dp: float
    stop_height_share: float


def read_tokens(look: Look) -> Tokens:
    document = json.loads((FOLDER / "tokens.json").read_text(encoding="utf-8"))
    on_teal = document["on"][_ON_TEAL[look]]
    touch = document["touch_dp"]
    return Tokens(
        colours={name: rgba(text) for name, text in document[look.value].items()},
        on_teal=rgba(on_teal),
        on_stop=rgba(document["on"]["stop"]),
        type_sp={name: float(size) for name, size in document["type_app_sp"].items()},
        card_radius_dp=float(document["radius"]["app_card"]),
        button_radius_dp=float(document["radius"]["app_button"]),
        least_touch_dp=float(touch["least"]),
        button_dp=float(touch["button"]),
        stop_height_share=float(touch["stop_height_share"]),
    )


def rgba(text: str) -> Rgba:
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return (red, green, blue, 1.0)


def mixed(first: Rgba, second: Rgba, share: float) -> Rgba:
    """``share`` of the first colour over the second."""
    red, green, blue = (
        one * share + other * (1 - share) for one, other in zip(first[:3], second[:3], strict=True)
    )
    return (red, green, blue, 1.0)
