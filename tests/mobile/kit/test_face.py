"""Ring or flat: decided by the window and the size of text, not by what a state has to say."""

from __future__ import annotations

import pytest
from kivy.metrics import dp

from mobile.kit.face import SessionFace, Standing
from mobile.kit.page import WIDEST_DP, WIDEST_TEXT_DP, side_px
from mobile.kit.ring import Trains
from mobile.kit.theme import Theme
from mobile.presenters.pieces import Chip, Tone

WINDOWS_DP = ((360, 640), (411, 914), (600, 960), (800, 1280), (1280, 800))
TRAINS = Trains(20, 6, 5, stale=False)


def standing(title: str, subtitle: str, *, is_pictured: bool = False) -> Standing:
    chip = Chip("Signed", Tone.OK)
    return Standing(
        title, subtitle, chip, TRAINS, "2:14", "left", "180 of 600", "180 of 600", is_pictured
    )


SHORT = standing("Running", "")
LONG = standing("Press the button on the band now", "Last heard at 14:13:20, five minutes ago")


@pytest.mark.parametrize("window", WINDOWS_DP)
@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
def test_the_form_is_the_same_in_every_state(window: tuple[int, int], scale: float) -> None:
    theme = Theme(text_scale=scale)
    width_px, height_px = (float(dp(side)) for side in window)
    face = SessionFace(theme)
    face.width = width_px - 2 * side_px(width_px, theme)
    forms = set()
    for state in (SHORT, LONG):
        for room_dp in (100, 400, 900):
            face.show(state)
            face.stand_in(face.width, height_px)
            face.take_room(float(dp(room_dp)))
            forms.add(face.is_flat)
    assert len(forms) == 1


@pytest.mark.parametrize(("window", "is_flat"), [((411, 914), False), ((360, 640), True)])
def test_a_usual_phone_has_the_ring_and_a_small_one_has_no_room_for_it(
    window: tuple[int, int], is_flat: bool
) -> None:
    width_px, height_px = (float(dp(side)) for side in window)
    face = SessionFace(Theme())
    face.show(SHORT)
    face.stand_in(width_px - float(dp(40)), height_px)
    face.take_room(height_px)
    assert face.is_flat is is_flat


def test_a_picture_of_the_band_takes_the_place_of_the_ring() -> None:
    face = SessionFace(Theme())
    face.stand_in(float(dp(560)), float(dp(1280)))
    face.show(standing("Paused", "The band has slipped", is_pictured=True))
    face.take_room(float(dp(900)))
    assert face.is_flat


def test_a_column_grows_with_its_text_and_ends_where_a_line_is_too_long_for_the_eye() -> None:
    tablet_px = float(dp(1280))

    def column_dp(scale: float, width_px: float = tablet_px) -> float:
        theme = Theme(text_scale=scale)
        return (width_px - 2 * side_px(width_px, theme)) / float(dp(1))

    assert column_dp(1.0) == pytest.approx(WIDEST_TEXT_DP)
    assert column_dp(1.3) == pytest.approx(WIDEST_TEXT_DP * 1.3)
    assert column_dp(2.0) == pytest.approx(WIDEST_DP)
    assert column_dp(0.8) == pytest.approx(WIDEST_TEXT_DP), "small text keeps the usual column"
    assert column_dp(2.0, float(dp(360))) < 360
