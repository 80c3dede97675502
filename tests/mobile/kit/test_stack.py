"""Parts that survive from one view to the next."""

from __future__ import annotations

from kivy.uix.label import Label

from mobile.kit.stack import Part, Stack


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
