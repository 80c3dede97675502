"""Trials of changes that work while modules are imported: a constant, a field, a table.

A process that has imported what others wrote, and nothing of the product, waits at a socket; each
trial is a copy of it that imports the product with the one change, and the tests that are asked
for.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import pytest

from tests.mutants import trial
from tests.mutants.blocks import change_on_import
from tests.mutants.selection import Timed

IMPORTS_S_MAX = 60.0
DIED = "import"
"""Where no test can be named: the change shows before one begins."""
OWN_NAMES = ("shared", "firmware_bridge", "mobile", "cloud", "tests", "scripts")


@dataclass(frozen=True)
class Asked:
    """One trial."""

    path: str
    source: str
    tests: tuple[Timed, ...]


class ColdStart:
    """The process that waits."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._address = str(folder / "cold")
        self._listener = Listener(self._address, "AF_UNIX", backlog=16)
        self._pid = os.fork()
        if not self._pid:
            _serve(root, self._listener)

    def warm_up(self) -> None:
        """Let it import what others wrote and this process has imported."""
        names = [name for name in sys.modules if name.partition(".")[0] not in OWN_NAMES]
        with Client(self._address, "AF_UNIX") as line:
            line.send(names)
            line.recv()

    def ask(self, asked: Asked) -> str | None:
        """Return the test that failed, None when none did; `EOFError` when the trial died."""
        with Client(self._address, "AF_UNIX") as line:
            line.send(asked)
            killer: str | None = line.recv()
            return killer

    def end(self) -> None:
        """End the process."""
        os.kill(self._pid, signal.SIGTERM)
        os.waitpid(self._pid, 0)
        self._listener.close()


def _serve(root: Path, listener: Listener) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        with contextlib.suppress(EOFError, OSError), listener.accept() as line:
            asked = line.recv()
            if isinstance(asked, Asked):
                if not os.fork():
                    _try_out(root, asked, line)
            else:
                _import(asked)
                line.send(None)


def _import(names: Sequence[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _try_out(root: Path, asked: Asked, line: Connection) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, IMPORTS_S_MAX)
    be_quiet()
    change_on_import(root, asked.path, asked.source)
    killer: str | None = DIED
    try:
        killer = _killer(asked.tests)
    finally:
        line.send(killer)
        line.close()
        os._exit(0)


def _killer(tests: Sequence[Timed]) -> str | None:
    """File by file: what an early file shows needs no import of a later one."""
    files: dict[str, list[Timed]] = defaultdict(list)
    for timed in tests:
        files[timed.test.partition("::")[0]].append(timed)
    for path, inside in files.items():
        chosen = Chosen(inside)
        pytest.main([*ARGUMENTS, path], plugins=[chosen])
        if chosen.killer is not None:
            return chosen.killer
    return None


ARGUMENTS = (
    "-qq",
    "--capture=no",
    "--import-mode=importlib",
    *("-m", "not long"),
    *("-o", "addopts="),
    *("-p", "no:cacheprovider"),
    *("-p", "no:faulthandler"),
    *("-p", "no:timeout"),
    *("-p", "no:terminalreporter"),
    *("-W", "ignore"),
)


class Chosen:
    """A part of pytest that runs the tests asked for, in their order."""

    def __init__(self, tests: Sequence[Timed]) -> None:
        self._tests = tests
        self.killer: str | None = DIED

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Search little, before a test says how much it wants to be searched."""
        trial.search_little()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run until one fails."""
        if not session.testsfailed:
            self.killer = trial.run(self._tests, {item.nodeid: item for item in session.items})
        return True


def be_quiet() -> None:
    """Say nothing on either stream from here on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
