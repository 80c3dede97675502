"""What counts as grown: memory beyond its slack, and any handle or task more than before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_bridge.soak.measures import PHONE, Held, Sample, sample
from firmware_bridge.soak.verdict import Grown, judge

FLAT_KB = 80_000


def samples(held: Callable[[int], Held], count: int = 16) -> list[Sample]:
    return [Sample(number, {"emulator": held(number)}) for number in range(count)]


def too_much(held: Callable[[int], Held]) -> list[str]:
    return [grown.what for grown in judge(samples(held)) if grown.too_much]


def test_flat_is_flat() -> None:
    assert too_much(lambda _: Held(FLAT_KB, 11, 20)) == []


def test_growth_while_it_warms_up_counts_for_nothing() -> None:
    assert (
        too_much(lambda n: Held(FLAT_KB if n > 3 else FLAT_KB // 2, 11 if n > 3 else 5, 20)) == []
    )


def test_memory_that_rises_all_the_time_is_found() -> None:
    assert too_much(lambda n: Held(FLAT_KB + n * 1_000, 11, 20)) == ["memory (kB)"]


def test_one_handle_left_behind_is_found() -> None:
    assert too_much(lambda n: Held(FLAT_KB, 11 + (n > 12), 20)) == ["handles"]


def test_one_task_left_behind_is_found() -> None:
    assert too_much(lambda n: Held(FLAT_KB, 11, 20 + (n > 12))) == ["tasks"]


def test_a_process_without_tasks_is_judged_by_the_rest() -> None:
    assert [each.what for each in judge(samples(lambda _: Held(FLAT_KB, 9, None)))] == [
        "memory (kB)",
        "handles",
    ]


def test_too_few_moments_are_no_verdict() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        judge(samples(lambda _: Held(FLAT_KB, 11, 20), count=3))


def test_a_finding_names_process_and_figures() -> None:
    grown = Grown("radio", "handles", 11, 12, 11)
    assert (str(grown), grown.too_much) == ("radio: handles 11 -> 12 (allowed 11)", True)


async def test_an_open_file_is_counted(tmp_path: Path) -> None:
    before = await sample(0, {"other": os.getppid()}, {})
    with (tmp_path / "open").open("wb"):
        after = await sample(1, {"other": os.getppid()}, {})
    assert after.held[PHONE].handles == before.held[PHONE].handles + 1
    assert after.held[PHONE].memory_kb > 1_000
    assert after.held["other"].tasks is None
