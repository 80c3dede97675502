"""Draws the app's icon for Android: a ring that is nearly closed, and the dot that closes it.

`python -m scripts.app_icon` writes the pictures to mobile/android; the notification's own drawing
(res/drawable/circlet_notice.xml) has the same two shapes.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageDraw

TREE = Path(__file__).resolve().parents[1]
FOLDER = TREE / "mobile/android"
SMOOTH = 4
ADAPTIVE_PX, PLAIN_PX, PRESPLASH_PX = 432, 512, 512
_RADIUS, _WIDTH, _DOT = 0.36, 0.125, 0.105
_OPEN_FROM, _OPEN_TO = -57, 57


def ring(side_px: int, colour: str, ground: str | None, share: float) -> Image.Image:
    """Return the ring on a square; ``share`` is how much of the square it may fill."""
    big = side_px * SMOOTH
    picture = Image.new("RGBA", (big, big), ground or (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    middle, radius = big / 2, big * share * _RADIUS
    width = round(big * share * _WIDTH)
    box = [middle - radius, middle - radius, middle + radius, middle + radius]
    draw.arc(box, _OPEN_TO, 360 + _OPEN_FROM, fill=colour, width=width)
    dot = big * share * _DOT
    centre = middle + radius - width / 2
    draw.ellipse([centre - dot, middle - dot, centre + dot, middle + dot], fill=colour)
    return picture.resize((side_px, side_px), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every picture."""
    tokens = json.loads((TREE / "mobile/kit/tokens.json").read_text("utf-8"))["light"]
    teal, paper = tokens["teal"], tokens["paper"]
    pictures = {
        "icon.png": ring(PLAIN_PX, paper, teal, 0.9),
        # An adaptive icon is cut to a circle of two thirds of its side.
        "icon_foreground.png": ring(ADAPTIVE_PX, paper, None, 0.6),
        "icon_background.png": Image.new("RGB", (ADAPTIVE_PX, ADAPTIVE_PX), teal),
        "presplash.png": ring(PRESPLASH_PX, teal, paper, 0.5),
    }
    for name, picture in pictures.items():
        picture.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
