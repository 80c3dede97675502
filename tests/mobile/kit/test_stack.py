"""Parts that survive from one view to the next."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from kivy.metrics import dp
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from mobile.kit.stack import TARGETS_APART_DP, Column, Part, Stack


def part(key: str, text: str = "") -> Part:
    return Part(key, Label, lambda label: setattr(label, "text", text))


def test_a_part_whose_key_stays_keeps_its_widget_and_hears_the_news() -> None:
    stack = Stack()
    stack.compose([part("a", "first"), part("b")])
    kept = stack.children[-1]
    stack.compose([part("c"), part("a", "second")])
    assert stack.children[0] is kept
    assert kept.text == "second"
    assert len(stack.children) == 2


def test_parts_stand_in_the_order_given() -> None:
    stack = Stack()
    stack.compose([part("a", "1"), part("b", "2")])
    stack.compose([part("b", "2"), part("c", "3"), part("a", "1")])
    assert [label.text for label in reversed(stack.children)] == ["2", "3", "1"]


def test_an_empty_stack_takes_no_room() -> None:
    assert Stack().height == 0


class Piece(Widget):
    """Of a fixed height; says of itself what the gaps are made by."""

    def __init__(self, *, leads_in: bool = False, drive_id: str = "") -> None:
        super().__init__(size_hint_y=None, height=50)
        self.leads_in, self.drive_id = leads_in, drive_id


def itself(piece: Piece) -> Piece:
    return piece


def gaps_of(*pieces: Piece) -> list[float]:
    column = Column(spacing_dp=8)
    column.width = 300
    column.compose([Part(number, partial(itself, piece)) for number, piece in enumerate(pieces)])
    column.do_layout()
    assert column.minimum_height == column.fixed_px()
    shown = column.children[::-1]
    return [above.y - below.top for above, below in pairwise(shown)]


def test_a_question_is_nearer_to_its_answers_than_to_those_of_another() -> None:
    first, second = Piece(leads_in=True), Piece(leads_in=True)
    below, above, below_too = gaps_of(first, Piece(), second, Piece())
    assert below == below_too < dp(8) < above


def test_two_targets_are_apart_however_tight_a_page_is() -> None:
    apart, beside = gaps_of(Piece(drive_id="a"), Piece(drive_id="b"), Piece())
    assert (apart, beside) == (dp(TARGETS_APART_DP), dp(8))


def test_a_widget_that_grows_takes_what_is_left() -> None:
    column = Column(spacing_dp=0)
    growing = Widget()
    column.compose([Part("a", Piece), Part("b", lambda: growing), Part("c", Piece)])
    column.do_layout()
    column.height = 400
    column.do_layout()
    assert (growing.height, growing.y) == (300, 50)
