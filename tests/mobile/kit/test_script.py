"""What a label draws: lines broken in reading order, each turned into what stands there."""

from __future__ import annotations

from mobile.kit.script import drawn_font, drawn_line, drawn_lines
from mobile.kit.theme import ARABIC_FONT, FIGURE_FONT, TEXT_FONT
from mobile.language.joining import joined
from mobile.language.ordering import reads_from_the_right


def test_a_line_that_reads_from_the_left_stays_as_it_is() -> None:
    assert drawn_line("Call \u2068112\u2069 now.") == "Call 112 now."
    assert not reads_from_the_right("Grüße, 112 %")


def test_lines_are_broken_in_reading_order() -> None:
    lines = drawn_lines("ا ب ج د", 3, lambda line: float(len(line)), from_the_right=True)
    assert [line[::-1].strip() for line in lines.split("\n")] == [
        joined("ا ب"),
        joined("ج د"),
    ]


def test_a_name_that_is_broken_stays_a_name_in_both_lines() -> None:
    said = "ا \u2068ab cd\u2069 ب"
    lines = drawn_lines(said, 6, lambda line: float(len(line)), from_the_right=True)
    assert lines.split("\n") == ["ab \ufe8d", "\ufe8f cd"]


def test_letters_have_the_font_that_has_them() -> None:
    assert drawn_font("إيقاف", TEXT_FONT[True]) == ARABIC_FONT[True]
    assert drawn_font("٢:١٤", FIGURE_FONT) == ARABIC_FONT[True]
    assert drawn_font("246 801", FIGURE_FONT) == FIGURE_FONT
