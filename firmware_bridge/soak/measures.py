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
LOOKS = 3
BETWEEN_LOOKS_S = 0.1


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
    tasks: dict[str, int] = {PHONE: len(asyncio.all_tasks())}
    for name, surface in surfaces.items():
        tasks[name] = int((await surface.state())["tasks"])
    looks = [await _look(pids | {PHONE: os.getpid()}, tasks) for _ in range(LOOKS)]
    return Sample(at_ms, {name: _least([look[name] for look in looks]) for name in looks[0]})


async def _look(pids: dict[str, int], tasks: dict[str, int]) -> dict[str, Held]:
    await asyncio.sleep(BETWEEN_LOOKS_S)
    return {name: _held(pid, tasks.get(name)) for name, pid in pids.items()}


def _least(looks: list[Held]) -> Held:
    """What stays: the handle of a question that was just answered goes a moment later."""
    return min(looks, key=lambda held: held.handles)


def _held(pid: int, tasks: int | None) -> Held:
    process = PROC / str(pid)
    (line,) = (
        line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS:")
    )
    return Held(int(line.split()[1]), len(list((process / "fd").iterdir())), tasks)
