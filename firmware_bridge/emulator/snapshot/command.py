"""`circlet-emulator snapshot save` and `snapshot load`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from firmware_bridge.emulator.snapshot import archive, loading


def add_snapshot(snapshot: argparse.ArgumentParser) -> None:
    """The two commands."""
    commands = snapshot.add_subparsers(required=True, metavar="COMMAND")
    save = commands.add_parser("save", help="write a device that isn't running to a file")
    save.add_argument("--state", required=True, type=Path, metavar="DIR")
    save.add_argument("--identity", type=Path, metavar="DIR", help="(STATE/identity)")
    save.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new file")
    save.set_defaults(command=_save)
    load = commands.add_parser(
        "load",
        help="make a device of a file",
        description="The device is another one, with an id and a key of its own; it belongs to "
        "nobody, and the ledger lies read-only in STATE/of-snapshot.",
    )
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--state", required=True, type=Path, metavar="DIR", help="an empty folder")
    load.add_argument(
        "--same-device-for-tests",
        action="store_true",
        help="the very same device, ledger and bonds included; never run both",
    )
    load.set_defaults(command=_load)


def _save(options: argparse.Namespace) -> None:
    identity = options.identity or options.state / "identity"
    taken = archive.take(options.state, identity, time.time_ns() // 1_000_000)
    archive.write(taken, options.out)
    print(f"{options.out} {archive.WARNING}", file=sys.stderr)


def _load(options: argparse.Namespace) -> None:
    load = loading.load_same if options.same_device_for_tests else loading.load_other
    print(load(archive.read(options.file), options.state).hex())
