"""What a label draws of its words where they read from the right: joined, wrapped and put in order.

Kivy draws characters from left to right, breaks lines in that order, and has one font a label. So
lines are broken here in reading order, and each is then turned into what stands there from left to
right. Words that read from the left alone are Kivy's own matter, and begin at the left on every
page, with what they have within them of another direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from mobile.kit.theme import ARABIC_FONT, FIGURE_FONT, TEXT_FONT
from mobile.language.ordering import (
    END_OF_ISOLATE,
    ISOLATE,
    begins_from_the_right,
    in_drawn_order,
    is_all_from_the_left,
    reads_from_the_right,
)

_ARABIC_FOR = {
    TEXT_FONT[False]: ARABIC_FONT[False],
    TEXT_FONT[True]: ARABIC_FONT[True],
    FIGURE_FONT: ARABIC_FONT[True],
}
Measure = Callable[[str], float]


def drawn_font(text: str, font: str) -> str:
    """The font that has the letters of the text, in the weight of the one asked for."""
    return _ARABIC_FOR.get(font, font) if reads_from_the_right(text) else font


def runs_from_the_right(text: str, *, page_does: bool) -> bool:
    """Whether its lines begin at the right: as the page's, unless it is of the other direction."""
    if (not page_does and text.isascii()) or is_all_from_the_left(text):
        return False
    return page_does or begins_from_the_right(text)


def drawn_line(line: str, *, from_the_right: bool = False) -> str:
    """One line as it stands there from left to right; the direction is the page's."""
    if not reads_from_the_right(line):
        return line.replace(ISOLATE, "").replace(END_OF_ISOLATE, "")
    direction = runs_from_the_right(line, page_does=from_the_right)
    return _in_order(line, from_the_right=direction)


def drawn_lines(text: str, width_px: float, measure: Measure, *, from_the_right: bool) -> str:
    """All lines as they stand there, none wider than the width; a longer word stands alone.

    A paragraph with no letter from the right, of a telephone number say, runs from the left.
    """
    direction = runs_from_the_right(text, page_does=from_the_right)
    return "\n".join(
        _in_order(line, from_the_right=direction and reads_from_the_right(part))
        for part in text.split("\n")
        for line in _closed(_wrapped(part, width_px, measure))
    )


@lru_cache(maxsize=2048)
def _in_order(line: str, *, from_the_right: bool) -> str:
    # Only words of such a script need the tables of its letters: a start without them is quicker.
    from mobile.language.joining import joined

    return in_drawn_order(joined(line), from_the_right=from_the_right)


def _wrapped(paragraph: str, width_px: float, measure: Measure) -> Iterator[str]:
    line, *words = paragraph.split(" ")
    for word in words:
        longer = f"{line} {word}"
        if measure(longer) <= width_px:
            line = longer
        else:
            yield line
            line = word
    yield line


def _closed(lines: Iterator[str]) -> Iterator[str]:
    """What is kept in one piece goes on in the next line where it's broken."""
    depth = 0
    for line in lines:
        opened = ISOLATE * depth + line
        depth = max(0, opened.count(ISOLATE) - opened.count(END_OF_ISOLATE))
        yield opened + END_OF_ISOLATE * depth
