"""The mutation tests themselves: what is changed and what is not, and that a fallen guard shows."""

from __future__ import annotations

import ast
import builtins
import sys
from pathlib import Path

import pytest

from tests.mutants import blocks as marking
from tests.mutants.blocks import Blocks, mark_on_import
from tests.mutants.changes import Change, changes_of
from tests.mutants.swapping import CannotSwap, Loaded
from tests.mutants.tally import Outcome, Tally, read_equivalents, wilson
from tests.mutants.trial import Verdict

SOURCE = '''"""A file."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sys

__all__ = ["MOST"]
MOST = 3
"""The most."""


def guarded(value: int) -> str:
    """Words."""
    if value > MOST:
        raise ValueError("code", "a sentence for people")
    note(value)
    return "kept"


class Thing:
    @property
    def half(self) -> int:
        return MOST // 2
'''


@pytest.fixture
def changes(tmp_path: Path) -> list[Change]:
    (tmp_path / "guards.py").write_text(SOURCE)
    return changes_of(tmp_path, "guards.py")


def differences(changes: list[Change], scope: str) -> set[tuple[str, str]]:
    return {change.difference(SOURCE) for change in changes if change.scope == scope}


def test_a_guard_falls_in_every_way(changes: list[Change]) -> None:
    guard = "if value > MOST:"
    after = {after for before, after in differences(changes, "guarded") if before == guard}
    assert after == {"if value >= MOST:", "if (True):", "if (False):"}


def test_a_call_made_for_what_it_does_is_left_out(changes: list[Change]) -> None:
    assert ("note(value)", "(None)") in differences(changes, "guarded")


def test_constants_and_decorated_methods_are_changed(changes: list[Change]) -> None:
    assert differences(changes, "") == {("MOST = 3", "MOST = 4")}
    assert differences(changes, "Thing.half") == {
        ("return MOST // 2", "return MOST / 2"),
        ("return MOST // 2", "return MOST // 3"),
    }


def test_words_for_people_types_and_names_for_tools_are_not(changes: list[Change]) -> None:
    changed = {before for before, _ in differences(changes, "guarded")}
    assert changed == {
        "if value > MOST:",
        'raise ValueError("code", "a sentence for people")',
        "note(value)",
        'return "kept"',
    }
    assert not any("XXa sentence" in after for _, after in differences(changes, "guarded"))


def test_a_change_keeps_its_name_when_lines_move(changes: list[Change], tmp_path: Path) -> None:
    (tmp_path / "guards.py").write_text(SOURCE.replace("MOST = 3", "LEAST = 1\nMOST = 3"))
    moved = {change.name for change in changes_of(tmp_path, "guards.py")}
    assert {change.name for change in changes} <= moved
    assert len({change.name for change in changes}) == len(changes)


def test_every_change_is_python(changes: list[Change]) -> None:
    for change in changes:
        ast.parse(change.applied(SOURCE))


# Blocks


BRANCHES = """def sign(value):
    "Words."
    if value < 0:
        return -1
    elif value == 0:
        return 0
    total = (
        value
    )
    return total
"""


def passed(blocks: Blocks, tmp_path: Path, value: int) -> set[int]:
    namespace: dict[str, object] = {}
    name = str(tmp_path / "sign.py")
    exec(marking._marked(blocks, tmp_path, BRANCHES.encode(), name), namespace)
    sign = namespace["sign"]
    assert callable(sign)
    sign(value)
    return {line for _, line in blocks.take()}


def test_blocks_are_passed_as_far_as_the_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(builtins, marking.MARK, None, raising=False)
    blocks = mark_on_import(tmp_path, [])
    assert passed(blocks, tmp_path, -5) == {3, 4}
    assert passed(blocks, tmp_path, 0) == {3, 5, 6}
    assert passed(blocks, tmp_path, 5) == {3, 5, 7}
    assert blocks.of("sign.py", 8) == blocks.of("sign.py", 10) == ("sign.py", 7)
    assert blocks.of("sign.py", 1) is None


# Swapping


def test_a_change_is_made_in_the_function_that_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "half.py"
    path.write_text("def half(value):\n    return value // 2\n")
    namespace: dict[str, object] = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    half = namespace["half"]
    assert callable(half)
    loaded = Loaded(tmp_path, (str(tmp_path),))
    (change, *_) = (c for c in changes_of(tmp_path, "half.py") if "3" in c.text)
    loaded.swap(change, change.applied(path.read_text()))
    assert half(6) == 2
    elsewhere = Change("other.py", "half", 1, 0, 0, "", "none")
    with pytest.raises(CannotSwap):
        loaded.swap(elsewhere, "")


# Tally


def outcome(name: str, verdict: Verdict) -> Outcome:
    change = Change("shared/dose/a.py", "f", 1, 0, 1, "x", "number", name=name)
    return Outcome(change, verdict, "", "before", "after")


def test_the_score_leaves_equivalents_out_and_counts_time_outs_in() -> None:
    tally = Tally({"shared/dose/a.py": 9}, {"same": "it is the same"})
    for name, verdict in (
        ("one", Verdict.KILLED),
        ("two", Verdict.TIMED_OUT),
        ("three", Verdict.SURVIVED),
        ("four", Verdict.UNTESTED),
        ("same", Verdict.SURVIVED),
        ("broken", Verdict.NO_CODE),
    ):
        tally.add(outcome(name, verdict))
    figures = tally.figures("shared/dose")
    assert (figures.possible, figures.tried, figures.counted) == (9, 5, 4)
    assert (figures.killed, figures.timed_out, figures.survived) == (1, 1, 2)
    assert (figures.equivalent, figures.share) == (1, 0.5)
    assert [found.change.name for found in tally.survivors()] == ["four", "three"]
    assert tally.figures("shared/trust").tried == 0


def test_what_is_listed_as_equivalent_and_noticed_is_told() -> None:
    tally = Tally({}, {"one": "a wrong reason"})
    tally.add(outcome("one", Verdict.KILLED))
    assert tally.wrongly_listed() == ["one"]


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(95, 100)
    assert (round(low, 4), round(high, 4)) == (0.8882, 0.9785)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_an_equivalent_needs_a_reason(tmp_path: Path) -> None:
    listed = tmp_path / "equivalent.toml"
    listed.write_text('[[equivalent]]\nname = "a"\nreason = ""\n')
    with pytest.raises(ValueError, match="reason"):
        read_equivalents(listed)
