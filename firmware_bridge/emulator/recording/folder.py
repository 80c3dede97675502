"""A recording as a folder: where the band stood, what happened, and what passed to its controller.

It holds the device's private key, its bonds, the link's keys and health data, in the clear. Not for
what is in the journal's lines: see `steps`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from firmware_bridge.emulator.recording.steps import JournalBroken, Step, read_step

KIND = "circlet-recording"
VERSION = 1
MANIFEST, SNAPSHOT, JOURNAL, AIR, BONDS = (
    "manifest.json",
    "band.snapshot",
    "journal.jsonl",
    "air.btsnoop",
    "bonds.json",
)
WARNING = "holds private keys, bonds, the link's keys and health data in the clear"


class RecordingBroken(Exception):
    """A folder or a file in it is not what a recording needs; `field` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field


@dataclass(frozen=True)
class Manifest:
    """What a recording says of itself; `seed` begins its random numbers."""

    device_id: str
    firmware: str
    profile: str
    seed: int
    wall_ms: int
    kind: str = KIND
    version: int = VERSION
    warning: str = WARNING


def new_folder(folder: Path) -> None:
    """Make an empty folder that only its owner may enter."""
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError as problem:
        raise RecordingBroken(str(folder), "a recording is made in a new folder") from problem


def new_file(path: Path) -> BinaryIO:
    """Open a new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write down what the recording is of."""
    with new_file(folder / MANIFEST) as file:
        file.write(json.dumps(asdict(manifest), indent=1).encode())


def read_manifest(folder: Path) -> Manifest:
    """Read what a recording is of; RecordingBroken says what is wrong with it."""
    path = folder / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_bytes()))
    except OSError as problem:
        raise RecordingBroken(str(path), problem.strerror or "does not read") from problem
    except (ValueError, TypeError) as problem:
        raise RecordingBroken(str(path), "does not read") from problem
    if (manifest.kind, manifest.version) != (KIND, VERSION):
        raise RecordingBroken(str(path), f"is not {KIND} of version {VERSION}")
    return manifest


def read_journal(folder: Path) -> Iterator[Step]:
    """Yield the steps; a last line that was cut by a kill is left out."""
    path = folder / JOURNAL
    if not path.is_file():
        raise RecordingBroken(str(path), "there is no such file")
    with path.open() as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith("\n"):
                return
            try:
                yield read_step(line, number)
            except JournalBroken as problem:
                raise RecordingBroken(str(path), str(problem)) from problem
