"""Words that fit, and a running figure that doesn't jump."""

from __future__ import annotations

from mobile.kit.text import (
    FitText,
    Text,
    TimerText,
    broken_at_hyphens,
    fitting_size_px,
    lines_in,
    natural_width_px,
)
from mobile.kit.theme import FIGURE_FONT, TEXT_FONT, Theme


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


def test_several_lines_stand_at_their_own_languages_side() -> None:
    arabic, english = "يحفظ الجهاز هذا الوقت من نفسه.", "The band keeps this time by itself."
    sides = {}
    for theme in (Theme(), Theme(mirrored=True)):
        for words in (arabic, english):
            text = Text(theme, words)
            text.width = 150
            sides[theme.mirrored, words] = text.halign
            text.width = 900
            assert text.halign == theme.start
    assert sides == {
        (False, arabic): "right",
        (False, english): "left",
        (True, arabic): "right",
        (True, english): "left",
    }


def test_a_name_of_several_lines_stands_where_its_page_begins() -> None:
    text = Text(Theme(mirrored=True), "Clinic for all people by the Lake, Berlin")
    text.width = 150
    assert text.halign == "right"


def test_words_that_are_to_stand_in_the_middle_stay_there() -> None:
    text = Text(Theme(), "The band keeps this time by itself.")
    text.stand("center")
    for width in (150, 900):
        text.width = width
        assert text.halign == "center"


def test_a_figure_takes_one_line_whatever_its_width() -> None:
    for text in (FitText(Theme(), "STOPP", size="stop"), TimerText(Theme(), "120:00")):
        text.width = 120
        text.texture_update()
        assert text.texture_size[0] <= 121


def test_a_size_is_never_larger_than_wanted_and_never_nothing() -> None:
    assert fitting_size_px(20, 1000, lambda size: size * 10) == 20
    assert fitting_size_px(20, 100, lambda size: size * 10) == 10
    assert fitting_size_px(20, 1, lambda size: size * 10) == 1


def test_a_word_that_is_too_wide_breaks_after_its_hyphen_and_keeps_its_size() -> None:
    text = Text(Theme(), "Das Kopfschmerz-Tagebuch")
    text.width = natural_width_px("Kopfschmerz-Tag", font=text.font_name, size_px=text.wanted_px)
    text.texture_update()
    assert text.font_size == text.wanted_px
    assert text.height_at(text.width) >= 2 * text.wanted_px
    assert text._label.text == "Das Kopfschmerz-\nTagebuch"


def test_what_fits_and_what_is_a_number_isnt_broken() -> None:
    assert broken_at_hyphens("light-headed", 20, len) == "light-headed"
    assert broken_at_hyphens("light-headed", 8, len) == "light-\nheaded"
    assert broken_at_hyphens("1980-02-29 A0-B1", 3, len) == "1980-02-29 A0-B1"


def test_lines_are_counted_word_by_word() -> None:
    font = TEXT_FONT[False]
    width_px = natural_width_px("one two", font=font, size_px=18)
    assert lines_in("one two", width_px, font=font, size_px=18) == 1
    assert lines_in("one two three", width_px, font=font, size_px=18) == 2
