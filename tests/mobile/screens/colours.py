"""Contrast as WCAG 2 defines it, of what really stands in the framebuffer."""

from __future__ import annotations

from typing import Any

from PIL import Image

Rgb = tuple[int, ...] | bytes
FEWEST_SHARE = 0.002
"""Fewer pixels of a colour are a stray, not the strokes of letters."""


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast_within(part: Image.Image) -> float:
    """Return how strongly the strokes of a text stand out from the ground around them.

    The ground is the commonest colour. Thin strokes are blended with it at their edges, so the
    strongest colour that isn't a stray is the ink.
    """
    pixels = part.width * part.height
    counted: list[tuple[int, Any]] = list(part.getcolors(pixels) or ())
    ground = max(counted)[1]
    least = max(2, round(pixels * FEWEST_SHARE))
    strongest, seen = 1.0, 0
    for ratio, count in sorted(((contrast(c, ground), n) for n, c in counted), reverse=True):
        strongest, seen = ratio, seen + count
        if seen >= least:
            return strongest
    return strongest


def _luminance(colour: Rgb) -> float:
    parts = (value / 255 for value in colour[:3])
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
