"""Measures everything once, prints the table, and fails where a limit is missed."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from firmware_bridge.radio.airtime import PHYS
from scripts.bench.figures import Row, print_table
from scripts.bench_link.losses import losses
from scripts.bench_link.month import month
from scripts.bench_link.round_trips import round_trips, stops
from scripts.bench_link.transfers import transfers
from scripts.bench_link.world import built

MEASURES = {
    "transfers": transfers,
    "round-trips": round_trips,
    "stops": stops,
    "losses": losses,
    "month": month,
}
WITHOUT_AIR_TIME = "none"
LINKS = {
    "1m": "LE 1M, packets take their time in the air",
    "2m": "LE 2M, packets take their time in the air",
    WITHOUT_AIR_TIME: "an air that takes no time",
}


async def measure(names: list[str], link: str | None) -> list[Row]:
    """Build the world once, and take each measure in it."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        async with built(Path(folder), link) as (world, address):
            for name in names:
                rows += await MEASURES[name](world, address)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_link", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=list(MEASURES))
    parser.add_argument(
        "--link",
        choices=[*PHYS, WITHOUT_AIR_TIME],
        default="1m",
        help="LE 1M, LE 2M, or an air that takes no time (%(default)s)",
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    link = None if options.link == WITHOUT_AIR_TIME else options.link
    rows = asyncio.run(measure(options.only, link))
    print(f"link: {LINKS[options.link]}")
    print_table(rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
