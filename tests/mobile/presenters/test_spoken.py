"""Every view can be read aloud: all its words, in reading order, and no secret."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from mobile.presenters import page
from mobile.presenters.page import Field, PageView
from mobile.presenters.pieces import Choice
from mobile.presenters.spoken import MOST_ROWS, spoken, spoken_piece
from mobile.presenters.views import AfterView, View
from tests.mobile.screens.samples import BLOCKS, PAIR, SESSION, question
from tests.mobile.screens.sheets.every import every_view

UNSAID = {
    *(
        "tone",
        "action",
        "button_action",
        "red_flag_action",
        "id",
        "chosen",
        "group",
        "name",
    ),
    *("kind", "place", "tab", "weekdays", "weeks", "legend", "axis", "zones", "line", "last"),
    *("line_name", "drawing", "dots", "bars", "targets", "initials"),
}
"""Not words that stand on the screen, or the parts of a picture that its ``words`` say."""

EVERY = every_view()


def words_of(value: Any, *, secret: bool = False) -> list[str]:
    """Return every text that a view holds for the person."""
    if isinstance(value, str):
        return [] if secret else [value]
    if isinstance(value, tuple):
        return [text for each in value[:MOST_ROWS] for text in words_of(each)]
    if is_dataclass(value) and not isinstance(value, type):
        hidden = bool(getattr(value, "secret", False))
        unsaid = UNSAID - ({"initials"} if not isinstance(value, page.BandSeat) else set())
        if isinstance(value, page.Push) and value.why_not:
            return [value.why_not]
        if isinstance(value, AfterView) and value.why_not:
            unsaid = unsaid | {"button"}
        return [
            text
            for each in fields(value)
            if each.name not in unsaid
            for text in words_of(getattr(value, each.name), secret=hidden and each.name == "text")
        ]
    return []


@pytest.mark.parametrize("name", list(EVERY))
def test_every_word_of_a_view_is_said(name: str) -> None:
    view = EVERY[name]
    said = spoken(view).replace(" ", "")
    unsaid = [
        text
        for text in words_of(view)
        if "".join(text.split()) not in said and "".join(text.split()) not in said.replace(",", "")
    ]
    assert unsaid == []


def test_every_kind_of_view_and_block_can_be_said() -> None:
    kinds = {type(view) for view in EVERY.values()}
    assert kinds == set(get_args(View))
    blocks = repr([view for view in EVERY.values() if isinstance(view, PageView)])
    assert all(f"{kind.__name__}(" in blocks for kind in get_args(page.Block))


def test_what_nobody_taught_to_speak_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        spoken_piece(object())


def test_a_secret_is_not_read_aloud() -> None:
    assert spoken_piece(Field("pin", "PIN", "4711", secret=True)) == "PIN."
    assert spoken_piece(Field("note", "A note", "Bread")) == "A note: Bread."


def test_the_number_to_compare_is_heard_figure_by_figure() -> None:
    assert "4, 9, 2, 7, 1, 8." in spoken(PAIR)


def test_stop_is_said_last_and_with_what_it_takes() -> None:
    assert spoken(SESSION).endswith("STOP. Touch anywhere here, or press the button on the band.")


def test_what_is_chosen_is_said() -> None:
    assert "Chosen: Several days." in spoken(question("1"))
    assert "Chosen" not in spoken(question(None))
    assert spoken_piece(Choice("a", "One")) == "One."
    assert "Chosen: One." in spoken(BLOCKS)
