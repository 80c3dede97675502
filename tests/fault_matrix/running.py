"""Runs cells in processes of their own, each bounded in real time, and keeps what came of them.

A phase under a profile is one piece of work: its usual day comes first. Cells that are kept already
are not run again. Not for the page.
"""

from __future__ import annotations

import logging
import random
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

from firmware_bridge.emulator.profile.figures import PROFILES, Profile
from tests.fault_matrix.cell import Seen, live_through
from tests.fault_matrix.cells import Cell, cells_of
from tests.fault_matrix.phases import PHASES, Phase
from tests.fault_matrix.preparing import Before, prepare
from tests.fault_matrix.result import Result, failed, impossible, judged, keep
from tests.fault_matrix.simulated_time import run_simulated
from tests.fault_matrix.stage import Belongings

CELL_LIMIT_S = 60
"""Processor time for one cell, so that a busy machine fails none; one that needs more has failed.
One that waits for nothing is found by its loop."""
_MEMORY = Path("/dev/shm")


class CellTooLong(SystemExit):
    """A cell computed for too long. No event loop swallows an exit."""


@dataclass(frozen=True)
class Work:
    """Some cells of one phase under one profile."""

    profile: str
    phase: str
    ills: tuple[str, ...]
    seed: int


def run_all(work: Sequence[Work], kept: Path, processes: int) -> Iterator[Result]:
    """Run all of it and give each piece's results as it ends."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        pieces = [pool.submit(run_piece, piece, kept) for piece in work]
        for piece in as_completed(pieces):
            yield from piece.result()


def run_piece(work: Work, kept: Path | None = None) -> list[Result]:
    """Run one piece here."""
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    phase = next(each for each in PHASES if each.name == work.phase)
    cells = [cell for cell in cells_of(phase) if cell.ill.name in work.ills]
    results = []
    with _room() as folder:
        for result in _Runner(folder, PROFILES[work.profile], phase, work.seed).run(cells):
            results.append(result)
            if kept is not None:
                keep(result, kept)
    return results


class _Runner:
    """Lives through the cells of one phase, from the same evening before."""

    def __init__(self, folder: Path, profile: Profile, phase: Phase, seed: int) -> None:
        self._folder, self._profile, self._phase, self._seed = folder, profile, phase, seed
        self._number = 0
        self._prepared: dict[Before, Belongings] = {}
        self._usual: frozenset[str] = frozenset()

    def run(self, cells: Iterable[Cell]) -> Iterator[Result]:
        for cell in cells:
            if cell.impossible is not None:
                yield impossible(cell, self._profile.name, cell.impossible)
                continue
            try:
                with _limit(CELL_LIMIT_S):
                    yield judged(cell, self._profile.name, self._live(cell))
            except (Exception, CellTooLong) as problem:
                yield failed(cell, self._profile.name, f"{type(problem).__name__}: {problem}")

    def _live(self, cell: Cell) -> Seen:
        if not self._prepared:
            self._prepared = prepare(self._folder / "before", self._profile, self._phase.before)
            self._usual = self._once(None).usual
        return self._once(cell)

    def _once(self, cell: Cell | None) -> Seen:
        self._number += 1
        ill = None if cell is None else cell.ill
        random.seed(f"{self._seed} {self._phase.name} {'' if ill is None else ill.name}")
        belongings = self._prepared[self._phase.before].copied(self._folder / str(self._number))
        return run_simulated(live_through(belongings, self._profile, self._phase, ill, self._usual))


@contextmanager
def _room() -> Iterator[Path]:
    """A folder in memory where there is such: no cell waits for a disk."""
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fault-matrix-", dir=where) as folder:
        yield Path(folder)


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def too_long(number: int, frame: FrameType | None) -> None:
        raise CellTooLong(f"more than {seconds} s of computing")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
