"""What a search said is read with care: only a whole search without an error is a proof."""

from __future__ import annotations

import pytest

from tests.model.findings import judge_model, judge_mutant
from tests.model.spin import SpinError, read

WHOLE = """
State-vector 76 byte, depth reached 164, errors: 0
  5869238 states, stored
"""
BROKEN = """pan:1: assertion violated  !(1) (at depth 71)
Warning: Search not completed
State-vector 76 byte, depth reached 80, errors: 1
       29 states, stored
"""
DEAD_END = """pan:1: invalid end state (at depth 7)
Warning: Search not completed
State-vector 76 byte, depth reached 80, errors: 1
       29 states, stored
"""


def test_a_whole_search_is_a_proof() -> None:
    found = read(WHOLE)
    assert (found.states, found.depth, found.whole) == (5_869_238, 164, True)
    assert judge_model(found) == (True, "holds")


@pytest.mark.parametrize(
    "words",
    [
        "error: max search depth too small",
        "Warning: Search not completed",
        "Bit statespace search for:",
        "Hash-Compact 4 search for:",
    ],
)
def test_a_search_that_left_something_out_is_none(words: str) -> None:
    assert judge_model(read(words + WHOLE)) == (False, "NOT SEARCHED WHOLE")


def test_a_broken_assertion_is_told_with_its_depth() -> None:
    found = read(BROKEN)
    assert (found.violated, found.depth, found.whole) == ("!(1)", 71, False)
    assert not judge_model(found)[0]
    assert judge_mutant(found)[0]


def test_a_mutant_that_only_gets_stuck_survives() -> None:
    assert not judge_mutant(read(DEAD_END))[0]
    assert not judge_mutant(read(WHOLE))[0]


def test_a_program_that_died_is_an_error() -> None:
    with pytest.raises(SpinError, match="status 1"):
        read("out of memory", code=1)
