"""The pictures under the names that a page may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from kivy.uix.widget import Widget

from mobile.kit.drawings import lessons
from mobile.kit.drawings.band import BandPicture
from mobile.kit.drawings.hold import HoldPicture
from mobile.kit.drawings.sketch import Sketch
from mobile.kit.theme import Theme

DRAWINGS: Mapping[str, Callable[[Theme], Widget]] = {
    "band": BandPicture,
    "hold-the-button": HoldPicture,
    "what-tms-does": partial(Sketch, draw=lessons.what_tms_does),
    "putting-it-on": partial(Sketch, draw=lessons.putting_it_on),
    "the-button": partial(Sketch, draw=lessons.the_button),
    "stop": partial(Sketch, draw=lessons.stop),
    "what-to-feel": partial(Sketch, draw=lessons.what_to_feel),
    "what-not-to-do": partial(Sketch, draw=lessons.what_not_to_do),
    "when-to-call": partial(Sketch, draw=lessons.when_to_call),
    "lock": partial(Sketch, draw=lessons.locked),
    "letter": partial(Sketch, draw=lessons.letter),
}
"""What a page's `Drawing` may name."""
