"""One process that uses the app for an hour of simulated time and says how large it became.

Run by `memory`; `--leaks` keeps every page on purpose, `--sites` says where memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mobile import toolkit_env

if TYPE_CHECKING:
    from scripts.bench_app.using import Person

HOUR_S = 3_600
ROUNDS_BEFORE, TRAINS_BEFORE = 2, 4
SITES = 15


@dataclass(frozen=True)
class Hour:
    """What an hour of use came to, in bytes resident and in what was done."""

    warm_bytes: int
    end_bytes: int
    touches: int
    views: int
    links_lost: int
    requests: int

    @property
    def growth(self) -> float:
        """How many times as large it is after the hour."""
        return self.end_bytes / self.warm_bytes


async def live(folder: Path, when_warm: Callable[[], None], *, leaks: bool) -> Hour:
    """Enrol, show everything, begin a session; from there an hour of use."""
    # A window opens at import, and its environment must be settled before.
    from scripts.bench_app.simulated import simulated_house
    from scripts.bench_app.using import Person

    async with simulated_house(folder) as house:
        stage, kept = house.app.stage, set()
        if leaks:
            stage.watchers.append(lambda: kept.add(stage.page))
        person, loop = Person(house), asyncio.get_running_loop()
        await person.arrive()
        for _ in range(ROUNDS_BEFORE):
            await person.look_around()
        await person.begin_session(TRAINS_BEFORE)
        warm_bytes, before = resident_bytes(), done(person)
        over_s = loop.time() + HOUR_S
        when_warm()
        await person.end_session()
        while loop.time() < over_s:
            await person.look_around()
        end_bytes = resident_bytes()
        if house.stage.errors:
            raise AssertionError(f"the app noted errors: {house.stage.errors}")
        since = [now - then for now, then in zip(done(person), before, strict=True)]
        return Hour(warm_bytes, end_bytes, *since)


def done(person: Person) -> tuple[int, int, int, int]:
    """Touches, views, links lost and requests to the clinic since the beginning."""
    house = person.house
    requests = len(house.stage.server.nonces)
    return person.touches, house.shown.views, person.links_lost, requests


def resident_bytes() -> int:
    """What this process holds in memory now, garbage collected."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Live it and print an `Hour` as JSON."""
    parser = argparse.ArgumentParser(prog="hour", description=__doc__)
    parser.add_argument("--leaks", action="store_true", help="keep every page on purpose")
    parser.add_argument("--sites", action="store_true", help="say where memory grew; slow")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="circlet-bench-") as folder:
        toolkit_env.settle(
            Path(folder) / "kivy",
            size=toolkit_env.DEFAULT_SIZE,
            density=toolkit_env.DEFAULT_DENSITY,
        )
        logging.getLogger("kivy").setLevel(logging.ERROR)
        from tests.fault_matrix.simulated_time import run_simulated

        when_warm = tracemalloc.start if options.sites else lambda: None
        hour = run_simulated(live(Path(folder) / "home", when_warm, leaks=options.leaks))
    if options.sites:
        for site in tracemalloc.take_snapshot().statistics("lineno")[:SITES]:
            print(site, file=sys.stderr)
    print(json.dumps(asdict(hour)))


if __name__ == "__main__":
    main()
