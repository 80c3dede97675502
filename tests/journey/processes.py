"""Real processes: started, waited for by their `ready` line, and ended without leftovers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.journey.tied import tied_to

READY_WITHIN_S = 40
END_WITHIN_S = 8


class ProcessFailed(RuntimeError):
    """A part did not start or ended by itself; the message has the end of its log."""


class Process:
    """One running part."""

    def __init__(self, name: str, child: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.ready: dict[str, Any] = {}
        self._child, self._log = child, log
        self._reader: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """True until it ended."""
        return self._child.returncode is None

    async def wait_ready(self) -> None:
        """Wait for the `ready {...}` line; raise ProcessFailed when it doesn't come."""
        self._reader = asyncio.create_task(self._read())
        waiting = asyncio.create_task(self._is_ready.wait())
        ended = asyncio.create_task(self._child.wait())
        try:
            await asyncio.wait(
                {waiting, ended},
                timeout=READY_WITHIN_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            waiting.cancel()
            ended.cancel()
        if not self._is_ready.is_set():
            raise ProcessFailed(f"{self.name} did not get ready:\n{self.log_end()}")

    async def end(self) -> None:
        """End it by SIGTERM, and by SIGKILL when it doesn't listen."""
        if self.running:
            self._child.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._child.wait(), END_WITHIN_S)
            except TimeoutError:
                await self.kill()
        if self._reader is not None:
            await self._reader

    async def kill(self) -> None:
        """End it by SIGKILL, as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            self._child.kill()
        await self._child.wait()
        if self._reader is not None:
            await self._reader

    def log_end(self) -> str:
        """Return the last lines of its log."""
        lines = self._log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-30:])

    async def _read(self) -> None:
        stream = self._child.stdout
        assert stream is not None
        with self._log.open("ab", buffering=0) as log:
            async for line in stream:
                log.write(line)
                if line.startswith(b"ready "):
                    self.ready = json.loads(line[6:])
                    self._is_ready.set()


async def start(
    name: str, *command: str, log: Path, environment: Mapping[str, str] | None = None
) -> Process:
    """Start a console script of the project and wait until it is ready."""
    log.parent.mkdir(parents=True, exist_ok=True)
    errors = log.open("ab", buffering=0)
    try:
        child = await asyncio.create_subprocess_exec(
            *script(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            preexec_fn=tied_to(os.getpid()),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
        )
    finally:
        errors.close()
    process = Process(name, child, log)
    try:
        await process.wait_ready()
    except BaseException:
        await process.kill()
        raise
    return process


async def run(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """Run a console script to its end and return what it printed; raise ProcessFailed else."""
    child = await asyncio.create_subprocess_exec(
        *script(command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=tied_to(os.getpid()),
        env={**os.environ, **(environment or {})},
    )
    printed, _ = await asyncio.wait_for(child.communicate(), READY_WITHIN_S)
    text = printed.decode(errors="replace")
    if child.returncode != 0:
        raise ProcessFailed(f"{' '.join(command)} ended with {child.returncode}:\n{text}")
    return text


def script(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command with its console script beside this Python."""
    beside = Path(sys.executable).parent / command[0]
    return (str(beside), *command[1:])


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens at now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
