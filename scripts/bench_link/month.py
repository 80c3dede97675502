"""A whole course's ledger to the phone: how long, and how much memory each side takes for it."""

from __future__ import annotations

from scripts.bench.figures import Row
from scripts.bench_link.past import SESSIONS
from scripts.bench_link.processes import forget_peak, memory_mb
from scripts.bench_link.transfers import fetch_ledger
from scripts.bench_link.world import World

MTU = 247
PEAK, NOW = "VmHWM", "VmRSS"


async def month(world: World, address: str) -> list[Row]:
    """Seconds, and peaks; beside them what the process had before."""
    sides: dict[str, int | str] = {"phone": "self", "band": world.band.pid}
    async with world.linked(address, MTU) as connection:
        before = {}
        for side, pid in sides.items():
            forget_peak(pid)
            before[side] = memory_mb(pid, NOW)
        heard, seconds = await fetch_ledger(world, connection)
        peaks = {side: memory_mb(pid, PEAK) for side, pid in sides.items()}
    beside = f"{heard / 1000:.0f} kB, MTU {MTU}"
    return [
        Row(f"ledger of {SESSIONS} sessions to the phone", seconds, "s", beside=beside),
        *(
            Row(f"peak memory of the {side}", peak, "MB", beside=f"{before[side]:.1f} MB before")
            for side, peak in peaks.items()
        ),
    ]
