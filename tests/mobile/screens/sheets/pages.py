"""A picture of a whole page: what lies below the window's edge is put under what is in sight."""

from __future__ import annotations

import math

from kivy.core.window import Window
from PIL import Image

from mobile.kit.picture import window_pixels
from tests.mobile.screens.running import Running

LONGEST_SCREENS = 8
"""Beyond so many windows of height a page is cut: a list of a year shows nothing new."""


def window_image() -> Image.Image:
    """Return what the window shows."""
    pixels, width, height = window_pixels()
    image = Image.frombytes("RGB", (width, height), pixels)
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


async def page_image(running: Running) -> Image.Image:
    """Return the page that stands there as a window of its own height would show it."""
    page = running.app.stage.page
    assert page is not None
    scroll = page.scroll
    first = window_image()
    hidden_px = math.ceil(scroll.viewport_size[1] - scroll.height)
    top = round(Window.height - scroll.top)
    seen_px = round(scroll.height)
    if hidden_px < 1 or seen_px < 1:
        return first
    shown_px = min(hidden_px, seen_px * LONGEST_SCREENS)
    whole = Image.new("RGB", (first.width, first.height + shown_px))
    below = first.crop((0, top + seen_px, first.width, first.height))
    whole.paste(below, (0, top + seen_px + shown_px))
    for offset in [*range(0, shown_px, seen_px), shown_px]:
        scroll.scroll_y = 1.0 - offset / hidden_px
        await running.frame()
        part = window_image().crop((0, top, first.width, top + seen_px))
        whole.paste(part, (0, top + offset))
    whole.paste(first.crop((0, 0, first.width, top)), (0, 0))
    scroll.scroll_y = 1.0
    return whole
