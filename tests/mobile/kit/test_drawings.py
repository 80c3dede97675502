"""A picture shows things as they are, in every language: nothing in it is turned round."""

from __future__ import annotations

import pytest

from mobile.kit.drawings import lessons
from mobile.kit.drawings.named import DRAWINGS
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.drawings.sketch import Pen, Sketch
from mobile.kit.theme import Theme

FROM_THE_LEFT, FROM_THE_RIGHT = Theme(), Theme(mirrored=True)


class Recording(Pen):
    """Notes where curves of the pulses' colour go."""

    def __init__(self) -> None:
        super().__init__(FROM_THE_LEFT, 0, 0, 1)
        self.colour = ""
        self.pulses: list[float] = []

    def ink(self, colour: str) -> None:
        self.colour = colour

    def curve(self, *points: float, width: float = 3.0) -> None:
        if self.colour == "data":
            self.pulses += points[::2]


def shapes(picture: Sketch) -> list[tuple[object, ...]]:
    """The places of what is drawn, in its order."""
    return [
        tuple(getattr(each, name, None) and str(getattr(each, name)) for name in ("points", "pos"))
        for each in picture.canvas.before.children
    ]


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_picture_is_the_same_where_lines_begin_at_the_right(name: str) -> None:
    here, there = (DRAWINGS[name](theme) for theme in (FROM_THE_LEFT, FROM_THE_RIGHT))
    for picture in (here, there):
        picture.size = (320, 160)
    assert isinstance(here, Sketch)
    assert isinstance(there, Sketch)
    assert shapes(here) == shapes(there)


def test_the_tick_beside_a_band_that_sits_is_a_tick_in_every_language() -> None:
    drawn = []
    for theme in (FROM_THE_LEFT, FROM_THE_RIGHT):
        picture = SeatPicture(theme, "")
        picture.size = (320, 160)
        picture.show(contact=True, position_ok=True)
        drawn.append(shapes(picture))
    assert drawn[0] == drawn[1]


def test_pulses_go_into_the_persons_left() -> None:
    pen = Recording()
    lessons.what_tms_does(pen)
    assert pen.pulses
    assert min(pen.pulses) > lessons.X, "the head looks at whoever sees it"
