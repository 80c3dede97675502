"""`circlet-emulator`: run the emulated band, reset it, or break parts of a running one."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import sys
from pathlib import Path

from firmware_bridge.emulator.client import NotAnswered, add_control, control_of
from firmware_bridge.emulator.control.opening import LOOPBACK, Opening
from firmware_bridge.emulator.controller import NoController, virtual
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.listing import known_events, known_faults
from firmware_bridge.emulator.fleet.command import add_fleet
from firmware_bridge.emulator.parts.board import WORN_PARTS
from firmware_bridge.emulator.parts.errors import PartError
from firmware_bridge.emulator.process import RadioGone, Settings, run_band
from firmware_bridge.emulator.profile.figures import DESKTOP, PROFILES
from firmware_bridge.emulator.recording.command import add_replay
from firmware_bridge.emulator.recording.folder import WARNING, RecordingBroken
from firmware_bridge.emulator.scenario.command import add_scenario
from firmware_bridge.emulator.scenario.errors import ScenarioBroken
from firmware_bridge.emulator.scenario.reading import load_scenario
from firmware_bridge.emulator.snapshot.archive import SnapshotBroken
from firmware_bridge.emulator.snapshot.command import add_snapshot
from firmware_bridge.emulator.update.command import ImageBroken, add_image
from firmware_bridge.timebase import TimebaseError
from shared.wire.ledger_file import Spelling

EXPECTED = (
    FaultRefused,
    ImageBroken,
    NoController,
    NotAnswered,
    PartError,
    RecordingBroken,
    ScenarioBroken,
    SnapshotBroken,
    TimebaseError,
    RadioGone,
    OSError,
)
"""What a person can do something about: told in a sentence, without a traceback."""


def main(arguments: list[str] | None = None) -> None:
    """Entry of the console script."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("bumble").setLevel(logging.ERROR)
    try:
        options.command(options)
    except Exception as problem:
        cause = sole_cause(problem)
        if not isinstance(cause, EXPECTED):
            raise
        sys.exit(f"circlet-emulator: {cause}")


def sole_cause(problem: BaseException) -> BaseException:
    """What tasks running together failed of, where it was one thing."""
    while isinstance(problem, BaseExceptionGroup) and len(problem.exceptions) == 1:
        problem = problem.exceptions[0]
    return problem


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="circlet-emulator",
        description="An emulated Circlet band: firmware core over flash, coil, clock and sensors "
        "in files, with a real Bluetooth host on a virtual radio. Not for clinical use.",
    )
    top.add_argument("--log-level", default="WARNING", help="DEBUG, INFO, WARNING (%(default)s)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run a band until SIGTERM or Ctrl-C"))
    _add_reset(commands.add_parser("reset", help="forget bonds, or make the band as new"))
    _add_faults(commands.add_parser("faults", help="list faults, or set them in a running band"))
    _add_export(commands.add_parser("export", help="write a running band's ledger to a file"))
    add_fleet(commands.add_parser("fleet", help="run many bands on one radio, for load tests"))
    add_scenario(commands.add_parser("scenario", help="check a file of faults, or list some"))
    add_replay(commands.add_parser("replay", help="feed a recorded run to today's firmware"))
    add_snapshot(commands.add_parser("snapshot", help="a whole device in a file, and back"))
    add_image(commands.add_parser("image", help="firmware images: make one, or look at one"))
    return top


def _add_run(run: argparse.ArgumentParser) -> None:
    run.description = (
        'Prints one line `ready {"port": ..., "token": ..., "page": ...}` once the control surface '
        "listens and the band is on the air; `page` opens in a browser, once. Everything the band "
        "keeps lies in --state and survives kill -9."
    )
    air = run.add_mutually_exclusive_group(required=True)
    air.add_argument(
        "--radio",
        type=virtual,
        dest="transport",
        metavar="HOST:PORT",
        help="a port of circlet-radio",
    )
    air.add_argument(
        "--transport",
        metavar="NAME",
        help="a real controller, as usb:0 or hci-socket:0: a real phone can then pair",
    )
    run.add_argument("--state", required=True, type=Path, metavar="DIR", help="flash, coil log...")
    run.add_argument(
        "--identity",
        type=Path,
        metavar="DIR",
        help="device.json, device.key, device.cert, manufacturer.pub (STATE/identity)",
    )
    _add_opening(run)
    run.add_argument(
        "--clock",
        default=os.environ.get("CIRCLET_CLOCK"),
        metavar="HOST:PORT",
        help="clock server to follow ($CIRCLET_CLOCK; without it the machine's own clock)",
    )
    run.add_argument(
        "--scenario",
        metavar="FILE",
        help="faults to place from the beginning; see `circlet-emulator scenario list`",
    )
    run.add_argument(
        "--interactive", action="store_true", help="show the display here; b, h and q are keys"
    )
    run.add_argument(
        "--no-fsync", action="store_true", help="faster; survives kill -9, but no power cut"
    )
    run.add_argument(
        "--profile",
        choices=PROFILES,
        default=DESKTOP.name,
        help="whose time signatures, flash and radio take: %(choices)s (%(default)s)",
    )
    run.add_argument(
        "--record",
        type=Path,
        metavar="DIR",
        help=f"record this run for `replay`, in a new folder, which {WARNING}",
    )
    run.set_defaults(command=_run)


def _add_opening(run: argparse.ArgumentParser) -> None:
    run.add_argument("--control-port", type=int, default=0, metavar="PORT", help="0 chooses one")
    run.add_argument(
        "--control-host",
        default=LOOPBACK,
        metavar="ADDRESS",
        help="where the control surface listens (%(default)s); anything beyond loopback lets "
        "others command the band, unencrypted",
    )
    run.add_argument(
        "--control-token",
        default="",
        metavar="TOKEN",
        help="(a fresh one for each run); others on this machine can read it off the command line",
    )
    run.add_argument(
        "--control-file",
        type=Path,
        metavar="FILE",
        help="also write the ready line's content there, readable for its owner only",
    )


def _add_reset(reset: argparse.ArgumentParser) -> None:
    reset.description = "Only while the band is not running."
    reset.add_argument("--state", required=True, type=Path, metavar="DIR")
    reset.add_argument(
        "--as-new",
        action="store_true",
        help="remove ledger, counter and coil log too: another device, as no real one can become",
    )
    reset.set_defaults(command=_reset)


def _add_faults(faults: argparse.ArgumentParser) -> None:
    faults.formatter_class = argparse.RawDescriptionHelpFormatter
    faults.epilog = (
        f"faults:\n{known_faults()}\n\nevents:\n{known_events()}\n\n"
        "example: circlet-emulator faults --control-file band.json contact=false"
    )
    add_control(faults)
    faults.add_argument("set", nargs="*", metavar="NAME=VALUE", help="VALUE as in JSON")
    faults.set_defaults(command=_faults)


def _add_export(export: argparse.ArgumentParser) -> None:
    export.description = (
        "For circlet-verify: every record that the band keeps, its certificate, and a head that it "
        "signs now, as it would for a phone."
    )
    add_control(export)
    export.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new file")
    export.add_argument(
        "--spelling", choices=[*Spelling], default=Spelling.JSON, help="%(choices)s (%(default)s)"
    )
    export.set_defaults(command=_export)


def _run(options: argparse.Namespace) -> None:
    settings = Settings(
        transport=options.transport,
        state=options.state,
        identity=options.identity or options.state / "identity",
        control=Opening(
            options.control_port, options.control_host, options.control_token, options.control_file
        ),
        clock=options.clock,
        interactive=options.interactive,
        durable=not options.no_fsync,
        profile=PROFILES[options.profile],
        scenario=None if options.scenario is None else load_scenario(options.scenario),
        record=options.record,
    )
    if options.record is not None:
        print(f"{options.record} {WARNING}", file=sys.stderr)
    asyncio.run(run_band(settings))


def _reset(options: argparse.Namespace) -> None:
    kept = [*WORN_PARTS, "radio"] if options.as_new else ["radio/bonds.json"]
    for name in kept:
        path = options.state / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _faults(options: argparse.Namespace) -> None:
    if not options.set:
        print(f"faults\n\n{known_faults()}\n\nevents to place them at\n\n{known_events()}")
        return
    body = json.dumps(dict(_assignment(text) for text in options.set)).encode()
    control_of(options).ask("/fault", body)


def _export(options: argparse.Namespace) -> None:
    content = control_of(options).ask(f"/ledger.{options.spelling}")
    with options.out.open("xb") as file:
        file.write(content)


def _assignment(text: str) -> tuple[str, object]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError as problem:
        raise SystemExit(
            f"circlet-emulator faults: {text!r} is not NAME=VALUE with a JSON value"
        ) from problem


if __name__ == "__main__":
    main()
