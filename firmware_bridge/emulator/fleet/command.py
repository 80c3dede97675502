"""`circlet-emulator fleet N`."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from firmware_bridge.emulator.fleet.running import FleetSettings, check_count, run_fleet
from firmware_bridge.emulator.profile.figures import DESKTOP, PROFILES
from firmware_bridge.emulator.scenario.reading import load_scenario


def add_fleet(fleet: argparse.ArgumentParser) -> None:
    """The command's options."""
    fleet.description = (
        "Prints one line `ready {...}` once every band is on the air: the ports for phones, "
        "and each band's control port, token and page. Each keeps what it keeps in "
        "STATE/band-NNN, with a demonstration's keys that may own it."
    )
    fleet.add_argument("bands", type=int, metavar="N", help="how many bands")
    fleet.add_argument("--state", required=True, type=Path, metavar="DIR")
    fleet.add_argument(
        "--phones", type=int, metavar="M", help="ports of the radio for phones (as many as bands)"
    )
    fleet.add_argument(
        "--clock",
        default=os.environ.get("CIRCLET_CLOCK"),
        metavar="HOST:PORT",
        help="clock server to follow ($CIRCLET_CLOCK)",
    )
    fleet.add_argument("--no-fsync", action="store_true", help="faster; survives no power cut")
    fleet.add_argument("--profile", choices=PROFILES, default=DESKTOP.name)
    fleet.add_argument("--scenario", metavar="FILE", help="faults to place in every band")
    fleet.set_defaults(command=_fleet)


def _fleet(options: argparse.Namespace) -> None:
    bands = check_count(options.bands)
    settings = FleetSettings(
        bands=bands,
        phones=bands if options.phones is None else options.phones,
        state=options.state,
        clock=options.clock,
        durable=not options.no_fsync,
        profile=PROFILES[options.profile],
        scenario=None if options.scenario is None else load_scenario(options.scenario),
    )
    asyncio.run(run_fleet(settings))
