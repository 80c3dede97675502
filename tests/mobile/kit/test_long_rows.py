"""A long list makes only the lines in sight, and each touch reaches the line under the finger."""

from __future__ import annotations

from kivy.uix.scrollview import ScrollView

from mobile.kit.long_rows import BEYOND, LazyRows, LongRow
from mobile.kit.theme import Theme
from mobile.presenters.views import Row

ROWS = tuple(Row(f"Line {number}", "its value", f"line-{number}") for number in range(1_000))
HEIGHT, WIDTH = 600.0, 400.0


def scrolled(
    theme: Theme | None = None, lines: tuple[Row, ...] = ROWS
) -> tuple[ScrollView, LazyRows, list[str]]:
    pressed: list[str] = []
    rows = LazyRows(theme or Theme(), lines, pressed.append)
    rows.size_hint_x, rows.width = None, WIDTH
    scroll = ScrollView(size_hint=(None, None), size=(WIDTH, HEIGHT))
    scroll.add_widget(rows)
    return scroll, rows, pressed


def shown(rows: LazyRows) -> list[LongRow]:
    lines = [child for child in rows.children if isinstance(child, LongRow)]
    return sorted(lines, key=lambda line: -line.y)


def row_px(rows: LazyRows) -> float:
    """Height of each of lines that are equally long."""
    return float(shown(rows)[0].height)


def test_a_thousand_lines_cost_a_screenful() -> None:
    _scroll, rows, _pressed = scrolled()
    most = HEIGHT / row_px(rows) + 2 * BEYOND + 2
    assert 0 < len(shown(rows)) <= most
    assert shown(rows)[0].name.text == "Line 0"


def test_scrolling_uses_the_same_lines_anew_in_their_right_places() -> None:
    scroll, rows, _pressed = scrolled()
    made = {id(line) for line in shown(rows)}
    count = len(made)
    for place in (0.75, 0.5, 0.0, 1.0, 0.3):
        scroll.scroll_y = place
        made |= {id(line) for line in shown(rows)}
        hidden = rows.height - scroll.height
        top = place * hidden + scroll.height
        in_sight = [line for line in shown(rows) if line.y < top and line.top > top - HEIGHT]
        first = int((rows.top - top) / row_px(rows))
        assert f"Line {first}" in [line.name.text for line in in_sight]
        assert len(in_sight) * row_px(rows) >= HEIGHT - 2 * row_px(rows)
    assert len(made) <= count + 2 * BEYOND + 2


def test_the_last_line_is_there_at_the_end_and_acts_as_itself() -> None:
    scroll, rows, pressed = scrolled()
    scroll.scroll_y = 0.0
    last = shown(rows)[-1]
    assert last.name.text == "Line 999"
    last._press()
    assert pressed == ["line-999"]


def test_a_line_that_is_too_long_takes_two_and_those_below_it_make_room() -> None:
    long = Row("Sleep and mood: 10 of 10", "Wednesday 30 September 2026, 14:13", "long")
    _scroll, rows, _pressed = scrolled(Theme(text_scale=2.0), (ROWS[0], long, ROWS[1]))
    first, second, third = shown(rows)
    for line in (first, second, third):
        line.do_layout()
        line._words.do_layout()
        for text in (line.name, line.value):
            assert text.font_size == text.asked_px, "none is made smaller"
    assert second.height > first.height
    assert (first.y, second.y) == (second.top, third.top), "no gap, nothing over another"


def test_a_name_heads_the_lines_below_it_and_takes_no_finger() -> None:
    _scroll, rows, pressed = scrolled(lines=(Row("September 2026", ""), ROWS[0]))
    heading, line = shown(rows)
    assert (heading.name.text, heading.drive_id) == ("September 2026", "")
    heading._press()
    assert pressed == []
    line._press()
    assert pressed == ["line-0"]
