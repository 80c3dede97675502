"""The command: a table by area and what survived; fails under 95 in 100."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.mutants import page
from tests.mutants.blocks import mark_on_import
from tests.mutants.changes import Change, changes_of
from tests.mutants.cold import ARGUMENTS, ColdStart
from tests.mutants.memory import Memory
from tests.mutants.tally import AREAS, WANTED, Tally, keep, missed_last_time, read_equivalents
from tests.mutants.warm import Trials

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalent.toml")
OUTCOMES = ROOT / "build" / "mutants" / "outcomes.jsonl"
LESSONS = ROOT / "build" / "mutants" / "lessons"
TESTS = (
    "tests/shared",
    "tests/firmware_bridge/emulator/firmware",
    "tests/firmware_bridge/emulator/parts",
)
LAST_S = 60.0
"""So long before the time is over nothing is begun any more."""


def main(argv: Sequence[str] | None = None) -> int:
    """Try what was asked for; return 1 when too much survived."""
    began = time.monotonic()
    asked = _arguments().parse_args(argv)
    paths = [path for path in _paths() if path.startswith(tuple(asked.module or AREAS))]
    changes = [change for path in paths for change in changes_of(ROOT, path)]
    stale = _stale(changes, paths)
    if asked.again:
        names = missed_last_time(OUTCOMES)
        changes = [change for change in changes if change.name in names]
    possible = Counter(change.path for change in changes)
    tally = Tally(possible, read_equivalents(EQUIVALENTS))
    random.Random(asked.seed).shuffle(changes)
    memory = Memory(ROOT, LESSONS)
    if asked.remember:
        memory.open()
    ends_at = began + asked.minutes * 60 - LAST_S
    _try_all(changes, tally, memory, processes=asked.processes, ends_at=ends_at)
    keep(OUTCOMES, tally.outcomes)
    took_s = time.monotonic() - began
    print(page.report(tally, asked.seed, took_s, asked.processes))
    if asked.write:
        page.write(ROOT, tally, asked.seed, took_s, asked.processes)
    for name in stale:
        print(f"listed as equivalent, but no such change: {name}")
    for name in tally.wrongly_listed():
        print(f"listed as equivalent, but a test noticed it: {name}")
    return int(bool(stale or tally.wrongly_listed()) or tally.figures().share < WANTED)


def _try_all(
    changes: Sequence[Change], tally: Tally, memory: Memory, *, processes: int, ends_at: float
) -> None:
    in_memory = Path("/dev/shm")
    where = in_memory if in_memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="circlet-mutants-", dir=where) as name:
        folder = Path(name)
        cold = ColdStart(ROOT, folder)
        blocks = mark_on_import(ROOT, _paths())
        trials = Trials(
            ROOT,
            changes,
            blocks,
            cold,
            tally,
            memory,
            processes=processes,
            ends_at=ends_at,
            folder=folder,
        )
        try:
            code = pytest.main([*ARGUMENTS, f"--basetemp={folder / 'tmp'}", *TESTS], [trials])
        finally:
            cold.end()
        if code:
            raise SystemExit(f"the tests cannot be run: pytest says {code!r}")


def _paths() -> list[str]:
    files = (path for area in AREAS for path in sorted((ROOT / area).rglob("*.py")))
    return [str(path.relative_to(ROOT)) for path in files]


def _stale(changes: Sequence[Change], paths: Sequence[str]) -> list[str]:
    known = {change.name for change in changes}
    listed = read_equivalents(EQUIVALENTS)
    return [name for name in listed if name.partition("::")[0] in paths and name not in known]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=45, help="how long it may take")
    parser.add_argument("--seed", type=int, default=1, help="the order in which changes are tried")
    parser.add_argument("--processes", type=int, default=2, help="how many trials at a time")
    parser.add_argument("--module", action="append", help="only files whose path begins so")
    parser.add_argument("--remember", action="store_true", help="learn only from changed tests")
    parser.add_argument("--again", action="store_true", help="only what survived the last run")
    parser.add_argument("--write", action="store_true", help="write the figures to the page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
