"""The pictures of the lessons, of the letter and of the lock, on a sheet of 320 by 160."""

from __future__ import annotations

from mobile.kit.drawings.figures import arrow, band, finger, pressed_button, wearing_head
from mobile.kit.drawings.sketch import Pen

X, ENDS, REACH = 160, 76, 61
"""Where a worn band's ends are on the sheet."""


def what_tms_does(pen: Pen) -> None:
    """Short magnetic pulses go from the coil a little way into the head, at the person's left:
    the head looks at whoever sees it, so that is at the right."""
    wearing_head(pen, X, ENDS, REACH)
    band(pen, X, ENDS, REACH)
    pen.ink("data")
    for number in range(3):
        pen.curve(
            210 - 10 * number, 104 - 3 * number, 202 - 10 * number, 92 - 3 * number,
            202 - 10 * number, 80 - 3 * number, 210 - 10 * number, 68 - 3 * number, width=3.4,
        )  # fmt: skip
    for number in range(4):
        pen.line(26 + 14 * number, 56, 26 + 14 * number, 104, width=4)
    pen.line(16, 80, 84, 80, width=2)
    for number in range(4):
        pen.line(248 + 14 * number, 56, 248 + 14 * number, 104, width=4)
    pen.line(236, 80, 304, 80, width=2)


def putting_it_on(pen: Pen) -> None:
    """The band goes on from above, the mark over the middle of the face."""
    wearing_head(pen, X, 62, 52)
    pen.ink("line")
    pen.line(X, 112, X, 24, width=2)
    band(pen, X, 84, 52)
    pen.ink("teal")
    for x in (62, 258):
        arrow(pen, x, 70, 0, -58)


def the_button(pen: Pen) -> None:
    """A finger on the button in the middle of the band."""
    pressed_button(pen, X, 24, 100)


def stop(pen: Pen) -> None:
    """A phone whose lower third is STOP, and a finger that may touch anywhere there."""
    pen.ink("ink")
    pen.box(118, 6, 84, 148, radius=14)
    pen.ink("paper")
    pen.box(123, 11, 74, 138, radius=10)
    pen.ink("data")
    pen.ring(160, 102, 24, width=7, share=(0, 210))
    pen.ink("line")
    pen.ring(160, 102, 24, width=7, share=(214, 356))
    pen.ink("stop")
    pen.box(123, 11, 74, 48, radius=10)
    pen.ink("card")
    pen.ring(160, 35, 12, width=3)
    pen.disc(160, 35, 6)
    pen.ink("ink_soft")
    arrow(pen, 108, 35, 16, 0, width=3)
    finger(pen, 184, 32, degrees=-100)


def what_to_feel(pen: Pen) -> None:
    """A tapping at the scalp and clicks at the ear."""
    wearing_head(pen, X, ENDS, REACH)
    band(pen, X, ENDS, REACH)
    pen.ink("wait")
    for x, y in ((84, 138), (104, 152), (70, 118)):
        pen.line(x, y, x + 9, y - 10, width=4)
    for x, y in ((236, 138), (216, 152), (250, 118)):
        pen.line(x, y, x - 9, y - 10, width=4)
    pen.ink("data")
    for number in range(1, 4):
        pen.ring(226, 66, 9.0 * number, width=3, share=(50, 130))
        pen.ring(94, 66, 9.0 * number, width=3, share=(230, 310))


def what_not_to_do(pen: Pen) -> None:
    """Not at the wheel, not with ear-rings or a hearing aid, not lent to others."""
    for middle, mark in ((60, _wheel), (160, _ear_ring), (260, _two_people)):
        pen.ink("card")
        pen.disc(middle, 80, 44)
        mark(pen, middle)
        pen.ink("stop")
        pen.ring(middle, 80, 44, width=5)
        pen.line(middle - 31, 49, middle + 31, 111, width=5)


def _wheel(pen: Pen, x: float) -> None:
    pen.ink("ink_soft")
    pen.ring(x, 80, 26, width=5)
    pen.disc(x, 80, 7)
    pen.line(x - 24, 80, x + 24, 80, width=4)
    pen.line(x, 80, x, 56, width=4)


def _ear_ring(pen: Pen, x: float) -> None:
    pen.ink("ink_soft")
    pen.curve(x - 10, 70, x - 26, 118, x + 28, 118, x + 14, 86, x + 6, 70, x - 4, 76, width=4)
    pen.ink("wait")
    pen.ring(x - 5, 59, 9, width=4)


def _two_people(pen: Pen, x: float) -> None:
    pen.ink("ink_soft")
    for side in (-13, 13):
        pen.disc(x + side, 92, 9)
        pen.box(x + side - 10, 58, 20, 24, radius=9)


def when_to_call(pen: Pen) -> None:
    """A telephone's receiver, and rings that go out from it."""
    pen.ink("teal")
    pen.curve(118, 96, 118, 38, 162, 26, 202, 46, width=20)
    pen.disc(119, 98, 16)
    pen.disc(202, 49, 16)
    pen.ink("ok")
    for number in range(1, 4):
        pen.ring(158, 92, 14.0 * number, width=4, share=(10, 80))


def locked(pen: Pen) -> None:
    """A padlock, closed; its word stands beside it."""
    pen.ink("ink_soft")
    pen.ring(160, 96, 26, width=9, share=(-90, 90))
    pen.line(134, 96, 134, 76, width=9)
    pen.line(186, 96, 186, 76, width=9)
    pen.ink("teal")
    pen.box(116, 22, 88, 62, radius=12)
    pen.ink("on_band")
    pen.disc(160, 57, 8)
    pen.line(160, 55, 160, 40, width=6)


def letter(pen: Pen) -> None:
    """The clinic's letter, with its square picture, before a phone's camera."""
    pen.ink("card")
    pen.box(58, 14, 104, 134, radius=8)
    pen.ink("line")
    pen.line(58, 14, 162, 14, 162, 148, 58, 148, width=2.5, close=True)
    for number in range(3):
        pen.line(72, 132 - 12 * number, 148 - 14 * number, 132 - 12 * number, width=4)
    pen.ink("ink")
    for x, y in ((76, 74), (122, 74), (76, 28)):
        pen.box(x, y, 22, 22, radius=3)
    for x, y in ((104, 78), (104, 58), (122, 54), (134, 40), (110, 34), (124, 28), (140, 62)):
        pen.box(x, y, 8, 8, radius=1)
    pen.ink("card")
    for x, y in ((82, 80), (128, 80), (82, 34)):
        pen.box(x, y, 10, 10, radius=2)
    pen.ink("ink")
    pen.box(204, 16, 66, 124, radius=12)
    pen.ink("paper")
    pen.box(208, 24, 58, 106, radius=6)
    pen.ink("teal")
    for dx, dy in ((0, 1), (1, 1), (1, 0), (0, 0)):
        x, y = 217 + 40 * dx, 58 + 40 * dy
        pen.line(x, y + (10 - 20 * dy), x, y, x + (10 - 20 * dx), y, width=4)
