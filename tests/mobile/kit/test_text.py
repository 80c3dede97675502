"""Words that fit, and a running figure that doesn't jump."""

from __future__ import annotations

from mobile.kit.text import FitText, Text, TimerText, fitting_size_px, natural_width_px
from mobile.kit.theme import FIGURE_FONT, Theme


def test_all_digits_of_a_timer_are_equally_wide() -> None:
    widths = {natural_width_px(f"2:{d}{d}", font=FIGURE_FONT, size_px=58) for d in "0123456789"}
    assert len(widths) == 1


def test_a_word_wider_than_its_line_shrinks_instead_of_breaking() -> None:
    text = Text(Theme(), "Arzneimittelunverträglichkeitsprüfung")
    text.width = 200
    text.texture_update()
    assert text.font_size < text.wanted_px
    assert text.texture_size[1] < 2 * text.font_size


def test_words_wrap_at_the_size_wanted_where_each_fits() -> None:
    text = Text(Theme(), "The band keeps this time by itself")
    text.width = 200
    text.texture_update()
    assert text.font_size == text.wanted_px
    assert text.height == text.texture_size[1] > 2 * text.font_size


def test_a_figure_takes_one_line_whatever_its_width() -> None:
    for text in (FitText(Theme(), "STOPP", size="stop"), TimerText(Theme(), "120:00")):
        text.width = 120
        text.texture_update()
        assert text.texture_size[0] <= 121


def test_a_size_is_never_larger_than_wanted_and_never_nothing() -> None:
    assert fitting_size_px(20, 1000, lambda size: size * 10) == 20
    assert fitting_size_px(20, 100, lambda size: size * 10) == 10
    assert fitting_size_px(20, 1, lambda size: size * 10) == 1
