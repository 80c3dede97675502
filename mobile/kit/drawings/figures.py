"""What the pictures have in common, each drawn in one way everywhere: head, band, finger.

The band is measured in its ``reach``, from its middle to an end. Worn, its ends are over the ears,
its display is at the brow, and its button above that, over the middle of the face.
"""

from __future__ import annotations

from mobile.kit.drawings.sketch import Pen

CROWN = 0.75
"""How high the band's middle is over its ends."""
DISPLAY_UP, DISPLAY_WIDTH, DISPLAY_HEIGHT = 0.48, 0.86, 0.36
"""The middle of the display over the ends, and its size."""
_THICK, _PAD, _BUTTON = 0.2, 0.17, 0.07
_SHOULDER = 0.62
"""How far out the curve's handles are: with them it follows a head."""
_HEAD_DOWN, _HEAD = 0.16, 0.86
"""The middle of a head that wears it, below the ends, and that head's radius."""


def band(pen: Pen, x: float, y: float, reach: float, *, colour: str = "teal") -> None:
    """The band with its ends at the height of ``y``, its display empty."""
    shoulder = _SHOULDER * reach
    pen.ink(colour)
    pen.curve(
        x - reach, y, x - shoulder, y + reach, x + shoulder, y + reach, x + reach, y,
        width=_THICK * reach,
    )  # fmt: skip
    for side in (-1, 1):
        pen.disc(x + side * reach, y, _PAD * reach)
    pen.ink("ink")
    width, height = DISPLAY_WIDTH * reach, DISPLAY_HEIGHT * reach
    low = y + DISPLAY_UP * reach - height / 2
    pen.box(x - width / 2, low, width, height, radius=height * 0.24)
    pen.ink("on_band")
    pen.disc(x, y + CROWN * reach, _BUTTON * reach)


def wearing_head(pen: Pen, x: float, y: float, reach: float) -> None:
    """A head from the front that fits into the band, without a face that says anything."""
    size, y = _HEAD * reach, y - _HEAD_DOWN * reach
    part = size / 52
    pen.ink("line")
    pen.box(x - 17 * part, y - size - 14 * part, 34 * part, 40 * part, radius=10 * part)
    pen.disc(x - size + 3 * part, y, 11 * part)
    pen.disc(x + size - 3 * part, y, 11 * part)
    pen.ink("card")
    pen.disc(x, y, size)
    pen.ink("ink_soft")
    pen.ring(x, y, size, width=3)
    pen.disc(x - 18 * part, y, 3.6 * part)
    pen.disc(x + 18 * part, y, 3.6 * part)
    pen.curve(x - 13 * part, y - 23 * part, x, y - 29 * part, x + 13 * part, y - 23 * part, width=3)


def finger(
    pen: Pen, x: float, y: float, *, degrees: float, length: float = 74, size: float = 11
) -> None:
    """A finger whose tip is on the place; it comes from above, turned to the left by so much."""
    with pen.turned(x, y, degrees):
        low, high = y - size * 0.4, y + length
        pen.ink("card")
        pen.box(x - size, low, 2 * size, high - low, radius=size)
        pen.ink("ink_soft")
        for side in (-1, 1):
            pen.line(x + side * size, low + size, x + side * size, high, width=3)
        pen.ring(x, low + size, size, width=3, share=(90, 270))
        pen.ring(x, low + size, size * 0.5, width=2, share=(110, 250))


def pressed_button(pen: Pen, x: float, y: float, reach: float, *, share: float = 1.0) -> None:
    """The band, a finger on its button, and a ring of which so much is full."""
    band(pen, x, y, reach)
    crown = y + CROWN * reach
    pen.ink("line")
    pen.ring(x, crown, 0.34 * reach, width=7)
    pen.ink("ok")
    pen.ring(x, crown, 0.34 * reach, width=7, share=(0, 360 * share))
    finger(pen, x, crown, degrees=-32)


def arrow(pen: Pen, x: float, y: float, dx: float, dy: float, *, width: float = 4) -> None:
    """An arrow to the place, from so far away; along one axis only."""
    pen.line(x - dx, y - dy, x, y, width=width)
    back = 13 if dx + dy > 0 else -13
    if dx:
        pen.line(x - back, y + 10, x, y, x - back, y - 10, width=width)
    else:
        pen.line(x - 10, y - back, x, y, x + 10, y - back, width=width)
