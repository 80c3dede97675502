"""`make demo`: one patient's first day, walked through; `make up`: the parts left running.

Exit status 0 only when every promise held.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.journey import side_by_side
from tests.journey.day import open_day, whole_day
from tests.journey.report import Report
from tests.journey.stage import forget_surroundings, fresh_folder
from tests.journey.stay import stay

BUILD = Path("build")
PICTURES = BUILD / "demo"
WORK = BUILD / "demo-parts"
PICTURES_LEAST = 12
SIDE_BY_SIDE = "app-and-page.png"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    if options.stay and not os.environ.get("DISPLAY"):
        print(_NO_DISPLAY, file=sys.stderr)
        return 3
    forget_surroundings()
    try:
        return asyncio.run(_stay() if options.stay else _demo())
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nStopped; every part was ended.")
        return 130


async def _demo() -> int:
    report = Report(fresh_folder(PICTURES).resolve())
    folder = fresh_folder(WORK).resolve()
    with _ending_on_signals():
        try:
            async with open_day(folder, report) as day:
                await whole_day(day)
                parts = list(day.stage.parts.values())
        except Exception as problem:
            report.failures.append(f"{type(problem).__name__}: {problem}")
            report.step("stopped here")
            report.detail(f"logs of the parts: {folder / 'logs'}")
            traceback.print_exception(problem)
        else:
            left = [part.name for part in parts if part.running]
            report.holds("no process is left", kept=not left, seen=left)
            missing = report.pictures_missing()
            side_by_side.compose(
                report.named("app-session"),
                report.named("page-patient"),
                report.pictures / SIDE_BY_SIDE,
            )
            enough = report.picture_count >= PICTURES_LEAST and not missing
            report.holds(f"at least {PICTURES_LEAST} pictures", kept=enough, seen=missing)
    return 0 if report.summary() else 1


async def _stay() -> int:
    with _ending_on_signals():
        await stay(fresh_folder(BUILD / "up").resolve())
    return 0


@contextlib.contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C cancel the day, so that its parts are ended too."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument(
        "--stay", action="store_true", help="start the parts for a person and leave them running"
    )
    return parser


_NO_DISPLAY = """\
There is no display for the app's window. Either
  - run `make up` on a desktop, or over ssh with X forwarding (ssh -X), or
  - run `make demo`, which walks the day by itself and leaves pictures in build/demo."""

if __name__ == "__main__":
    sys.exit(main())
