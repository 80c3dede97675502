"""Digit span: figures shown one by one, then typed in order, or backward.

A row of lengths: three tries each, two right lead to the next length, two wrong end it. The span is
the longest length with two of three right.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.instruments.tasks.data import TaskData, read_task


@dataclass(frozen=True)
class SpanRules:
    """Lengths in figures, pace in milliseconds."""

    shortest_forward: int
    shortest_backward: int
    longest: int
    tries: int
    needed: int
    figure_ms: int

    def shortest(self, *, backward: bool) -> int:
        """Return the first length of a way."""
        return self.shortest_backward if backward else self.shortest_forward


@dataclass(frozen=True)
class Span:
    """Where one way stands: ``span`` is 0 until a length was held."""

    backward: bool
    length: int
    right: int = 0
    wrong: int = 0
    span: int = 0
    ended: bool = False


@functools.cache
def digit_span_task() -> TaskData:
    """Return the task's data and where its figures are from."""
    return read_task("digit-span")


@functools.cache
def span_rules() -> SpanRules:
    """Return the rules of the task."""
    value = digit_span_task().value
    return SpanRules(
        value["shortest_forward"],
        value["shortest_backward"],
        value["longest"],
        value["tries"],
        value["needed"],
        value["figure_ms"],
    )


def begin(*, backward: bool) -> Span:
    """Return the beginning of a way."""
    return Span(backward, span_rules().shortest(backward=backward))


def figures(length: int, chance: Callable[[int, int], int]) -> tuple[int, ...]:
    """Return figures to show: none twice in a row; ``chance(low, high)`` picks, ends included."""
    shown: list[int] = []
    while len(shown) < length:
        figure = chance(0, 9)
        if not shown or shown[-1] != figure:
            shown.append(figure)
    return tuple(shown)


def is_right(shown: tuple[int, ...], typed: tuple[int, ...], *, backward: bool) -> bool:
    """Return whether what was typed is what was shown, in the order asked for."""
    return typed == (shown[::-1] if backward else shown)


def after_try(state: Span, *, right: bool) -> Span:
    """Return where the way stands after one more try; a way that has ended stays as it is."""
    rules = span_rules()
    if state.ended:
        return state
    state = replace(state, right=state.right + int(right), wrong=state.wrong + int(not right))
    if state.right >= rules.needed:
        held = replace(state, span=state.length, right=0, wrong=0)
        return replace(held, ended=True) if held.length >= rules.longest else _longer(held)
    if state.wrong > rules.tries - rules.needed:
        return replace(state, ended=True)
    return state


def _longer(state: Span) -> Span:
    return replace(state, length=state.length + 1)
