"""Sizes of text, tones, and no second red beside STOP."""

from __future__ import annotations

import pytest

from mobile.kit.theme import Theme, scale_of
from mobile.presenters.views import Tone


def test_text_to_be_read_grows_in_full() -> None:
    assert scale_of(15, 2.0) == scale_of(18, 2.0) == 2.0


def test_larger_text_stays_larger_at_each_scale() -> None:
    sizes = [15, 18, 20, 23, 28, 44, 52]
    for scale in (1.0, 1.3, 1.7, 2.0):
        grown = [size * scale_of(size, scale) for size in sizes]
        assert grown == sorted(grown)
        assert all(after >= before for before, after in zip(sizes, grown, strict=True))


@pytest.mark.parametrize("scale", [0.79, 2.01, float("nan")])
def test_a_scale_beyond_its_limits_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="text_scale"):
        Theme(text_scale=scale)


def test_nothing_is_red_beside_stop() -> None:
    theme = Theme()
    assert theme.tone(Tone.STOP)[0] == theme.colour("stop")
    assert theme.without_red().tone(Tone.STOP) == theme.tone(Tone.WAIT)
