"""The ranges behind a chart are named where each has room, or none is."""

from __future__ import annotations

from kivy.metrics import dp

from mobile.kit.calendar import radius_px
from mobile.kit.chart import ChartPicture, margins_of
from mobile.kit.theme import Theme
from mobile.presenters.page import Axis, Chart, Zone

ZONES = (Zone(0, 4, "minimal"), Zone(15, 19, "moderately severe"), Zone(20, 27, "severe"))
CHART = Chart(title="Mood", highest=27, words="", zones=ZONES)


def picture(theme: Theme, width_dp: float) -> ChartPicture:
    shown = ChartPicture(theme, CHART, Axis(14, ()), margins_of(theme, [CHART]))
    shown.width = float(dp(width_dp))
    shown._draw()
    return shown


def test_names_that_would_leave_their_range_are_left_to_the_words() -> None:
    assert picture(Theme(), 370).names_zones()
    assert not picture(Theme(text_scale=2.0), 240).names_zones()


def test_a_mark_of_the_calendar_grows_with_its_words() -> None:
    assert radius_px(Theme(text_scale=2.0)) == 2 * radius_px(Theme())
