"""What each process holds at a quiet moment: memory, open handles, tasks (Linux's /proc)."""

from __future__ import annotations

import asyncio
import gc
import os
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.hand.surface import Surface

PROC = Path("/proc")
PHONE = "phone"


@dataclass(frozen=True)
class Held:
    """What one process holds."""

    memory_kb: int
    handles: int
    tasks: int | None


@dataclass(frozen=True)
class Sample:
    """One quiet moment, by the process."""

    at_ms: int
    held: dict[str, Held]


async def sample(at_ms: int, pids: dict[str, int], surfaces: dict[str, Surface]) -> Sample:
    """Measure every process; tasks where its surface tells them."""
    gc.collect()
    held = {PHONE: _held(os.getpid(), len(asyncio.all_tasks()))}
    for name, pid in pids.items():
        tasks = None
        if name in surfaces:
            tasks = int((await surfaces[name].state())["tasks"])
        held[name] = _held(pid, tasks)
    return Sample(at_ms, held)


def _held(pid: int, tasks: int | None) -> Held:
    process = PROC / str(pid)
    (line,) = (
        line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS:")
    )
    return Held(int(line.split()[1]), len(list((process / "fd").iterdir())), tasks)
