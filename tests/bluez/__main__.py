"""`make test-bluez`: build the guest, surround it, let it live through the story, tell the outcome.

Ends with 0 when every step held, 1 when one didn't, 75 where no guest can be started. A machine
that is busy with other things may be given longer: `--within SECONDS`.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.bluez.errors import NOT_RUN, CannotStart
from tests.bluez.guest import command, follow, running
from tests.bluez.image import Image, kept_image
from tests.bluez.surroundings import open_surroundings

TREE = Path(__file__).resolve().parents[2]
FOLDER = TREE / "build" / "bluez"
LOG = FOLDER / "guest.log"
WITHIN_S = 240.0
"""From the guest's start to its end; building the image is before that."""

COMPILED = ("shared", "firmware_bridge", "tests/bluez", "tests/campaign", "tests/journey")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bluez")
    parser.add_argument("--within", type=float, default=WITHIN_S, metavar="SECONDS")
    within_s = parser.parse_args().within
    began = time.monotonic()
    try:
        code = tested(began, within_s)
    except CannotStart as reason:
        print(f"test-bluez: NOT RUN: {reason}", file=sys.stderr)
        sys.exit(NOT_RUN)
    outcome = "passed" if code == 0 else f"FAILED, see {FOLDER.relative_to(TREE)}"
    print(f"test-bluez: {outcome} ({time.monotonic() - began:.0f} s)")
    sys.exit(code)


def tested(began: float, within_s: float) -> int:
    """The story's exit code, or 1 when it isn't through in time."""
    image = kept_image()
    print(f"test-bluez: {time.monotonic() - began:5.1f} s  the image: {image.versions}", flush=True)
    for folder in COMPILED:
        # The guest reads what is compiled here; compiling there takes it longer than all else.
        compileall.compile_dir(TREE / folder, quiet=2)
    shutil.rmtree(FOLDER, ignore_errors=True)
    exchange = FOLDER / "exchange"
    exchange.mkdir(parents=True)
    try:
        asyncio.run(live_through(image, exchange, within_s))
    except TimeoutError:
        print(f"test-bluez: not through within {within_s:.0f} s", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("test-bluez: told to end", file=sys.stderr)
        return 1
    written = exchange / "code"
    return 0 if written.exists() and written.read_text().strip() == "0" else 1


async def live_through(image: Image, exchange: Path, within_s: float) -> None:
    """Start everything; return when the guest has ended. SIGTERM ends everything too."""
    living = asyncio.current_task()
    assert living is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    async with (
        asyncio.timeout(within_s),
        open_surroundings(FOLDER / "around", exchange) as surroundings,
        running(command(image, TREE, exchange, surroundings.radio_port)) as guest,
    ):
        await follow(guest, LOG, tell)


def tell(line: str) -> None:
    """Pass on the story's lines, and what it says of a failure; the rest is in the log."""
    if not line.startswith(("circlet-guest:", "[")):
        print(line, flush=True)


if __name__ == "__main__":
    main()
