"""What a label draws: lines broken in reading order, each turned into what stands there."""

from __future__ import annotations

from mobile.kit.script import drawn_font, drawn_line, drawn_lines, runs_from_the_right
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


def test_english_on_a_page_from_the_right_runs_from_the_left() -> None:
    said = "ab \u2068ا ب\u2069, cd."
    lines = drawn_lines(said, 99, lambda line: float(len(line)), from_the_right=True)
    assert lines == f"ab {joined('ا ب')[::-1]}, cd."
    assert not runs_from_the_right("Only English.", page_does=True)


def test_what_begins_with_a_name_runs_as_its_page_does() -> None:
    for text in ("Circlet ا", "\u2068Dr. K.\u2069، ٢", "+49 30", ""):
        assert runs_from_the_right(text, page_does=True)
    assert not runs_from_the_right("Circlet ا", page_does=False)
    assert runs_from_the_right("ا Circlet", page_does=False)


def test_a_line_that_begins_within_a_name_is_measured_whole() -> None:
    said = "ا \u2068ab cd\u2069 ب ج د"
    lines = drawn_lines(said, 6, lambda line: float(len(drawn_line(line))), from_the_right=True)
    assert lines.split("\n") == ["ab \ufe8d", "\ufe9d \ufe8f cd", "\ufea9"]


def test_a_number_above_words_from_the_right_runs_from_the_left() -> None:
    lines = drawn_lines("030 12 3\nا", 99, lambda line: float(len(line)), from_the_right=True)
    assert lines.split("\n") == ["030 12 3", joined("ا")]


def test_a_line_of_names_within_words_from_the_right_ends_at_the_left() -> None:
    lines = drawn_lines("ا ب ab.", 3, lambda line: float(len(line)), from_the_right=True)
    assert lines.split("\n")[1] == ".ab"


def test_letters_have_the_font_that_has_them() -> None:
    assert drawn_font("إيقاف", TEXT_FONT[True]) == ARABIC_FONT[True]
    assert drawn_font("٢:١٤", FIGURE_FONT) == ARABIC_FONT[True]
    assert drawn_font("246 801", FIGURE_FONT) == FIGURE_FONT
