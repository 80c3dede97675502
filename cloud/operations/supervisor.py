"""`circlet-cloud serve`: the processes of one clinic under one command.

Not a process manager: what dies ends the others, and whoever started this starts it anew. So
nobody is left with pages that work and a worker that doesn't.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import IO

from cloud.logs import log

GRACE_S = 15.0
"""How long a process may take to end before it is killed: above what a request may take."""
READY_S = 60.0


class Supervisor:
    """Starts processes by name, waits until all listen, and ends them together."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._ports: dict[str, int | None] = {}
        self._changed = threading.Condition()
        self._asked = False

    def run(self) -> int:
        """Run until SIGTERM or SIGINT, or until a process ends; return the exit status.

        0 when asked to end and all did, 1 when a process ended by itself or had to be killed.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        for name, command in self._commands.items():
            self._start(name, command)
        fell = self._watch()
        killed = self._end_all()
        for name in fell:
            code = self._processes[name].returncode
            log.error("process ended by itself", name=name, status=code)
        for name in killed:
            log.error("process had to be killed", name=name)
        return 1 if fell or killed else 0

    def _start(self, name: str, command: Sequence[str]) -> None:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        self._processes[name] = process
        for work in (self._read, self._wait):
            threading.Thread(target=work, args=(name, process.stdout), daemon=True).start()

    def _read(self, name: str, lines: IO[str]) -> None:
        for line in lines:
            word, _, about = line.partition(" ")
            if word == "ready":
                with self._changed:
                    self._ports[name] = json.loads(about)["port"]
                    self._changed.notify_all()

    def _wait(self, name: str, _lines: IO[str]) -> None:
        self._processes[name].wait()
        with self._changed:
            self._changed.notify_all()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        # A handler may interrupt whoever holds the condition: it only leaves a word.
        self._asked = True

    def _watch(self) -> list[str]:
        """Return which processes ended by themselves; none when asked to end."""
        started, told = time.monotonic(), False
        while not self._asked:
            with self._changed:
                self._changed.wait(0.1)
            fell = [name for name, each in self._processes.items() if each.poll() is not None]
            if fell:
                return fell
            if not told and len(self._ports) == len(self._processes):
                print(f"ready {json.dumps(self._ports)}", flush=True)
                told = True
            if not told and time.monotonic() - started > READY_S:
                return [name for name in self._processes if name not in self._ports]
        return []

    def _end_all(self) -> list[str]:
        """End what still runs; return what had to be killed."""
        running = {name: each for name, each in self._processes.items() if each.poll() is None}
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        until, killed = time.monotonic() + GRACE_S, []
        for name, process in running.items():
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed.append(name)
        return killed


def command(name: str, *options: str) -> list[str]:
    """Return how this interpreter runs another command of `circlet-cloud`."""
    return [sys.executable, "-m", "cloud.cli", name, *options]
