"""Processes that print a line `ready {...}`, and how much memory one has had."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_WITHIN_S = 60.0
END_WITHIN_S = 10.0
KB_IN_A_MB = 1024


@dataclass(frozen=True)
class Running:
    """A process, and what it said when it was ready."""

    pid: int
    said: dict[str, Any]


@asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[Running]:
    """Run a module of this tree until the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            said = await _ready(process, module)
        yield Running(process.pid, said)
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(END_WITHIN_S):
            await process.wait()


async def _ready(process: asyncio.subprocess.Process, module: str) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    word, _, rest = line.decode().partition(" ")
    if word != "ready":
        raise RuntimeError(f"{module} isn't ready: it said {line!r}")
    said: dict[str, Any] = json.loads(rest)
    return said


def forget_peak(pid: int | str) -> None:
    """Count the peak from here on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def memory_mb(pid: int | str, what: str) -> float:
    """`VmRSS` now, or the peak `VmHWM`."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == what:
            return int(value.split()[0]) / KB_IN_A_MB
    raise LookupError(what)
