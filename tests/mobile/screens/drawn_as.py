"""The look that pictures are drawn in, so that samples of the settings say what is seen.

Samples are made at import: a process that draws says its look first, as it does its language.
"""

from __future__ import annotations

from dataclasses import replace

from mobile.language import ENGLISH, LANGUAGES, current
from mobile.presenters.appearance import Appearance

_looks = [Appearance()]


def draw_as(look: Appearance) -> None:
    """Have the samples that are made from now on say this look."""
    _looks[0] = look


def drawn_as() -> Appearance:
    """Return the look, in the language that is spoken."""
    code = current().code
    return replace(_looks[0], language=code if code in LANGUAGES else ENGLISH.code)
