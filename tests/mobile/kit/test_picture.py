"""Pictures: rows from the bottom up become a PNG that others can read."""

from __future__ import annotations

import io

from PIL import Image

from mobile.kit.picture import png


def test_the_first_row_of_opengl_is_the_last_of_the_picture() -> None:
    red, blue = bytes((255, 0, 0)), bytes((0, 0, 255))
    picture = Image.open(io.BytesIO(png(red * 2 + blue * 2, 2, 2)))
    assert [picture.getpixel((0, 0)), picture.getpixel((1, 1))] == [(0, 0, 255), (255, 0, 0)]
