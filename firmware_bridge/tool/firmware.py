"""`circlet-device firmware`: what the band runs, and an update from the file to its own word."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, TextColumn
from rich.progress import Progress as Bar

from firmware_bridge.demo.keys import load_keys
from firmware_bridge.demo.release import image
from firmware_bridge.link import LinkError, PairingRefused
from firmware_bridge.link.update import (
    BandImages,
    Confirmed,
    Outcome,
    Progress,
    Refused,
    RolledBack,
    Unsettled,
    Update,
)
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import FileUnusable, UpdateBrokenOff, UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.reach import open_band
from firmware_bridge.tool.voice import Voice, facts
from shared.firmware.image import Version
from shared.firmware.manifest import Behaviour

SUMMARY = "look at the band's two slots, or update it"
DESCRIPTION = (
    "`list` shows both slots. `send FILE` sends an image, has the band restart with it and watches "
    "the trial: the band keeps it by its own word, or goes back by itself. After a lost link it "
    "goes on where the band stands. `make FILE` makes an image for a demonstration's band."
)
PARENTS = (shared_options.on_air,)


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("what", choices=("list", "send", "make"), help="see above")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the image")
    made = parser.add_argument_group("an image to make")
    made.add_argument(
        "--keys", type=Path, metavar="DIR", help="folder made by `circlet-device demo-keys`"
    )
    made.add_argument(
        "--version", type=_version, default=Version(1, 1, 0), metavar="X.Y.Z", help="(%(default)s)"
    )
    made.add_argument(
        "--behaviour",
        choices=[each.name.lower() for each in Behaviour],
        default=Behaviour.STEADY.name.lower(),
        metavar="HOW",
        help="how it is to behave on the band: %(choices)s (%(default)s)",
    )
    made.add_argument("--security-counter", type=int, default=1, metavar="N", help="(%(default)s)")
    made.add_argument(
        "--size", type=int, default=20_000, metavar="BYTES", help="as of real code (%(default)s)"
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Do what was asked."""
    if options.what == "list":
        return await _list(options, voice)
    if options.file is None:
        raise UsageWrong(f"`firmware {options.what}` needs a FILE.")
    if options.what == "make":
        return _make(options, voice)
    return await _send(options, voice)


async def _list(options: argparse.Namespace, voice: Voice) -> Exit:
    async with open_band(options) as band:
        images = await Update(band.connection).look()
    voice.document({"images": images})
    voice.show(facts("Firmware", _rows(images)))
    return Exit.DONE


async def _send(options: argparse.Namespace, voice: Voice) -> Exit:
    try:
        content = options.file.read_bytes()
    except OSError as problem:
        raise FileUnusable(options.file, problem.strerror or "doesn't read") from problem
    with _bar(voice) as bar:
        task = bar.add_task("update", total=len(content))

        def tell(progress: Progress) -> None:
            bar.update(task, description=progress.stage.word, completed=progress.sent_bytes)

        async with open_band(options) as band:
            outcome = await _update(Update(band.connection, tell=tell), content)
    voice.document(
        {"outcome": type(outcome).__name__, "sentence": outcome.sentence} | _word(outcome)
    )
    voice.show(outcome.sentence)
    return _exit_of(outcome)


async def _update(update: Update, content: bytes) -> Outcome:
    try:
        return await update.run(content)
    except PairingRefused:
        raise
    except LinkError as problem:
        raise UpdateBrokenOff(problem) from problem


def _make(options: argparse.Namespace, voice: Voice) -> Exit:
    if options.keys is None:
        raise UsageWrong("An image is signed: --keys DIR says by whose key.")
    made = image(
        load_keys(options.keys),
        options.version,
        Behaviour[options.behaviour.upper()],
        security_counter=options.security_counter,
        size=options.size,
    )
    try:
        options.file.write_bytes(made)
    except OSError as problem:
        raise FileUnusable(options.file, problem.strerror or "can't be written") from problem
    voice.document({"file": str(options.file), "version": str(options.version), "bytes": len(made)})
    voice.show(f"Made {options.file}: version {options.version}, {len(made)} bytes, no code in it.")
    return Exit.DONE


def _exit_of(outcome: Outcome) -> Exit:
    match outcome:
        case Confirmed():
            return Exit.DONE
        case Refused() | RolledBack():
            return Exit.SAID_NO
        case Unsettled():
            return Exit.UNCERTAIN


def _word(outcome: Outcome) -> dict[str, str]:
    match outcome:
        case Confirmed(version=version) | RolledBack(version=version):
            return {"running": version}
        case Refused(refusal=refusal):
            return {"refusal": refusal.name.lower()}
        case Unsettled(stage=stage):
            return {"stage": stage.word}


def _rows(images: BandImages) -> dict[str, str]:
    kept = "kept" if images.confirmed else "on trial"
    other = images.other or "empty"
    return {
        "runs": f"{images.running}, {kept}",
        "other slot": f"{other}, tried at the next restart" if images.waits else other,
    }


def _version(text: str) -> Version:
    numbers = re.fullmatch(r"(\d{1,3})\.(\d{1,3})\.(\d{1,5})", text)
    if numbers is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no X.Y.Z")
    return Version(*map(int, numbers.groups()))


def _bar(voice: Voice) -> Bar:
    return Bar(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        DownloadColumn(),
        console=voice.err,
        transient=True,
        disable=voice.as_json or not voice.err.is_terminal,
    )
