"""`circlet-emulator replay FOLDER`: a recording against today's firmware.

Exit status: 0 all the same, 1 something differs, 2 no recording to feed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from firmware_bridge.emulator.recording.folder import WARNING, RecordingBroken
from firmware_bridge.emulator.recording.replay import Replayed, replay
from firmware_bridge.emulator.snapshot.archive import SnapshotBroken
from firmware_bridge.emulator.update.bootloader import boot_image

SAME, DIFFERS, NO_RECORDING = 0, 1, 2


def add_replay(parser: argparse.ArgumentParser) -> None:
    """The command."""
    parser.description = (
        "Feed a recording to today's firmware and compare what it answers, notifies and records. "
        f"The folder {WARNING}. Exit status: 0 the same, 1 something differs, 2 no recording."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="as `run --record` made it")
    parser.set_defaults(command=_replay)


def _replay(options: argparse.Namespace) -> None:
    try:
        with tempfile.TemporaryDirectory() as scratch:
            replayed = replay(options.folder, Path(scratch) / "band", boot_image)
    except (RecordingBroken, SnapshotBroken) as problem:
        print(f"circlet-emulator replay: {problem}", file=sys.stderr)
        sys.exit(NO_RECORDING)
    print(*lines(replayed), sep="\n")
    sys.exit(SAME if replayed.difference is None else DIFFERS)


def lines(replayed: Replayed) -> list[str]:
    """What a person reads."""
    fed = (
        f"fed {replayed.steps} steps: {replayed.requests} requests, {replayed.records} records; "
        f"{replayed.signatures} signatures compared by verification"
    )
    ignored = [f"ignored: {each}" for each in replayed.ignored]
    found = replayed.difference
    if found is None:
        return [fed, *ignored, "the same"]
    at = datetime.fromtimestamp(found.wall_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return [fed, *ignored, f"differs at step {found.step}, {at}: {found.words}"]
