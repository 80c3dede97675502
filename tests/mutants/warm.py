"""Trials of changes inside functions: all tests stand ready, each trial is a copy of the process.

A part of pytest in place of its loop: learn which tests pass where, then try one change after the
other until the time is over.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants import trial
from tests.mutants.blocks import Blocks
from tests.mutants.changes import Change
from tests.mutants.cold import Asked, ColdStart, be_quiet
from tests.mutants.memory import Lesson, Memory
from tests.mutants.selection import Map, Selection, Timed
from tests.mutants.swapping import CannotSwap, Loaded
from tests.mutants.tally import Outcome, Tally
from tests.mutants.trial import Verdict

SURVIVED, KILLED, NO_CODE = 0, 3, 4
TOLD_EVERY_S = 30.0


@dataclass(frozen=True)
class Job:
    """A trial under way."""

    change: Change
    tests: tuple[Timed, ...]
    said: Path


class Trials:
    """Runs them all, as many at a time as there are processes."""

    def __init__(
        self,
        root: Path,
        changes: Sequence[Change],
        blocks: Blocks,
        cold: ColdStart,
        tally: Tally,
        memory: Memory,
        *,
        processes: int,
        ends_at: float,
        folder: Path,
    ) -> None:
        self._root = root
        self._changes = changes
        self._blocks = blocks
        self._cold = cold
        self._tally = tally
        self._memory = memory
        self._processes = processes
        self._ends_at = ends_at
        self._folder = folder
        self._sources = {path: (root / path).read_text() for path in {c.path for c in changes}}
        self._jobs: dict[int, Job] = {}
        self._told_at = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Search little, before a test says how much it wants to be searched."""
        trial.search_little()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then try."""
        if session.testsfailed:
            raise session.Interrupted("not all tests can be collected")
        at_import = self._blocks.take()
        self._items = {item.nodeid: item for item in session.items}
        self._loaded = Loaded(self._root, _own(self._root))
        gc.freeze()
        self._cold.warm_up()
        self._say(f"{len(self._changes)} changes; {len(self._items)} tests, one run to learn from")
        learned = self._learned()
        self._say(f"learned in {sum(learned.usual_s.values()):.0f} s of processor time")
        self._selection = Selection(self._root, learned, self._blocks, at_import)
        for change in self._changes:
            if time.monotonic() > self._ends_at:
                break
            self._begin(change)
        while self._jobs:
            self._await_one()
        return True

    # Learning

    def _learned(self) -> Map:
        lessons = {test: self._memory.recall(test) for test in sorted(self._items)}
        known = {test: lesson for test, lesson in lessons.items() if lesson is not None}
        new = [test for test in lessons if test not in known]
        shares = [new[n :: self._processes] for n in range(self._processes)]
        pids = {self._fork_learner(share, n): n for n, share in enumerate(shares)}
        for _ in range(len(pids)):
            pid, status = os.wait()
            if status:
                raise RuntimeError(f"the run of all tests broke off: {status}")
            known.update(pickle.loads(self._share(pids[pid]).read_bytes()))
        self._memory.keep(known)
        return self._map(known)

    def _map(self, lessons: Mapping[str, Lesson]) -> Map:
        learned = Map()
        for test, lesson in sorted(lessons.items()):
            if lesson.passed:
                learned.learn(test, lesson.usual_s, lesson.blocks)
            else:
                self._say(f"fails without any change, left out: {test}")
                self._tally.broken.append(test)
        return learned

    def _fork_learner(self, share: Sequence[str], number: int) -> int:
        pid = os.fork()
        if not pid:
            self._own_folder(f"learner-{number}")
            be_quiet()
            self._share(number).write_bytes(pickle.dumps(dict(self._learn(share))))
            os._exit(0)
        return pid

    def _share(self, number: int) -> Path:
        return self._folder / f"learned-{number}"

    def _learn(self, share: Sequence[str]) -> Iterator[tuple[str, Lesson]]:
        for test in share:
            self._loaded.forget_cached()
            self._blocks.take()
            passed, usual_s = trial.timed(self._items[test])
            yield test, Lesson(passed, usual_s, self._blocks.take())

    # Trying

    def _begin(self, change: Change) -> None:
        tests = self._selection.tests(change)
        if not tests:
            self._judge(change, Verdict.UNTESTED, "")
            return
        while len(self._jobs) >= self._processes:
            self._await_one()
        said = self._folder / f"said-{change.name.replace('/', '.')}"
        job = Job(change, tests, said)
        pid = os.fork()
        if not pid:
            try:
                self._try_out(job)
            finally:
                os._exit(KILLED)
        self._jobs[pid] = job

    def _try_out(self, job: Job) -> None:
        be_quiet()
        self._own_folder(f"trial-{os.getpid()}")
        source = job.change.applied(self._sources[job.change.path])
        killer = self._killer(job, source)
        if killer is not None:
            job.said.write_text(killer)
        os._exit(SURVIVED if killer is None else KILLED)

    def _killer(self, job: Job, source: str) -> str | None:
        """In memory first; what survives there may still show when it is imported."""
        try:
            compile(source, job.change.path, "exec", dont_inherit=True)
        except SyntaxError:
            os._exit(NO_CODE)
        if job.change.scope:
            with contextlib.suppress(CannotSwap):
                self._loaded.swap(job.change, source)
                self._loaded.forget_cached()
                killer = trial.run(job.tests, self._items)
                if killer is not None or not self._selection.works_at_import(job.change):
                    return killer
        trial.lift_limits()
        return self._imported(job, source)

    def _imported(self, job: Job, source: str) -> str | None:
        try:
            return self._cold.ask(Asked(job.change.path, source, job.tests))
        except EOFError:
            signal.raise_signal(signal.SIGPROF)
            raise

    def _own_folder(self, name: str) -> None:
        """Tests of several processes write to folders of their own."""
        session_config = next(iter(self._items.values())).config
        folder = self._folder / name
        folder.mkdir()
        session_config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]

    def _await_one(self) -> None:
        pid, status = os.wait()
        job = self._jobs.pop(pid)
        shutil.rmtree(self._folder / f"trial-{pid}", ignore_errors=True)
        killer = job.said.read_text() if job.said.exists() else ""
        if killer in self._items:
            self._selection.noticed(job.change, killer)
        self._judge(job.change, _verdict(status), killer)

    def _judge(self, change: Change, verdict: Verdict, killer: str) -> None:
        before, after = change.difference(self._sources[change.path])
        self._tally.add(Outcome(change, verdict, killer, before, after))
        if time.monotonic() - self._told_at > TOLD_EVERY_S:
            self._told_at = time.monotonic()
            self._say(self._tally.line())

    def _say(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)


def _verdict(status: int) -> Verdict:
    if os.WIFSIGNALED(status):
        timers = (signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU)
        return Verdict.TIMED_OUT if os.WTERMSIG(status) in timers else Verdict.KILLED
    return {SURVIVED: Verdict.SURVIVED, NO_CODE: Verdict.NO_CODE}.get(
        os.WEXITSTATUS(status), Verdict.KILLED
    )


def _own(root: Path) -> tuple[str, ...]:
    return tuple(str(root / name) for name in ("shared", "firmware_bridge", "cloud", "tests"))
