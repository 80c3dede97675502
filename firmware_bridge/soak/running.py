"""The hours themselves: act after act, and a measurement at a quiet moment now and then."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from firmware_bridge.link import LinkError
from firmware_bridge.soak.acts import draw, soothe
from firmware_bridge.soak.measures import Sample, sample
from firmware_bridge.soak.stand import Stand, open_stand

HOUR_MS = 3_600_000
SAMPLES = 24
"""How many quiet moments a run has (own figure)."""

Told = Callable[[int], None]


@dataclass
class Soaked:
    """What was done, what went wrong, and what was held meanwhile."""

    acts: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    simulated_ms: int = 0


async def soak(folder: Path, *, hours: float, seed: int, told: Told) -> Soaked:
    """Use a band for so many simulated hours; ``told`` hears how far it is."""
    chance, soaked = random.Random(seed), Soaked()
    async with open_stand(folder) as stand:
        begun_ms = stand.clock.elapsed_ms()
        due_ms, every_ms = 0, int(hours * HOUR_MS) // SAMPLES
        while soaked.simulated_ms < hours * HOUR_MS:
            await _act(stand, chance, soaked)
            soaked.simulated_ms = stand.clock.elapsed_ms() - begun_ms
            if soaked.simulated_ms >= due_ms:
                soaked.samples.append(await _quietly(stand, soaked.simulated_ms))
                due_ms = soaked.simulated_ms + every_ms
            told(soaked.simulated_ms)
    return soaked


async def _act(stand: Stand, chance: random.Random, soaked: Soaked) -> None:
    act = draw(chance)
    soaked.acts[act.__name__] += 1
    try:
        await act(stand, chance)
    except (LinkError, TimeoutError) as trouble:
        soaked.troubles[str(getattr(trouble, "code", "timeout"))] += 1
    await soothe(stand)
    await stand.near()


async def _quietly(stand: Stand, at_ms: int) -> Sample:
    await stand.away()
    surfaces = {"emulator": stand.surface, "radio": stand.radio}
    taken = await sample(at_ms, stand.band.pids, surfaces)
    await stand.near()
    return taken
