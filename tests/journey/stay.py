"""`make up`: the parts running for a person, the band's button and display in the terminal."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.journey.band import EmulatedBand
from tests.journey.browser import open_browser
from tests.journey.clinician import Clinician
from tests.journey.day import BIRTH_DATE, Day
from tests.journey.report import Report
from tests.journey.stage import Stage

HELP = "Enter: the band's button. h and Enter: hold it (opens pairing). q and Enter, Ctrl-C: end."
LOOK_EVERY_S = 0.5


async def stay(folder: Path) -> None:
    """Set a clinic up, start every part, and wait until the person ends it."""
    report = Report(folder / "pictures")
    report.pictures.mkdir()
    stage = Stage(folder)
    day = Day(stage, report)
    try:
        await day.cloud_up()
        async with open_browser() as browser:
            day.clinician = Clinician(browser, stage.at, report.picture)
            await day.clinic_set_up()
        await day.device_up()
        await stage.start_app()
        await _say_where(day)
        await _terminal(day.band)
    finally:
        await stage.close()


async def _say_where(day: Day) -> None:
    invited = await day.stage.cloud("invite", "--clinician", "Second clinician")
    print(f"""
The app's window is open. Enrol with
  code        {day.code}
  birth date  {BIRTH_DATE}
The clinician's pages: open this once to make a passkey in your own browser
  {invited.split()[-1]}
The band's page, its button and faults: open this once
  {day.stage.parts["emulator"].ready["page"]}
The clock stands at {datetime.now(UTC):%H:%M UTC} and runs in real time.
{HELP}
""")


async def _terminal(band: EmulatedBand) -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()
    listening = _listen(lines)
    shown = ""
    try:
        while True:
            state = await band.state()
            display = f"band: [{state['display']}] {state['light']}"
            if display != shown:
                print(display, flush=True)
                shown = display
            try:
                line = await asyncio.wait_for(lines.get(), LOOK_EVERY_S)
            except TimeoutError:
                continue
            if line.strip() == "q":
                return
            await (band.hold() if line.strip() == "h" else band.press())
    finally:
        if listening:
            asyncio.get_running_loop().remove_reader(sys.stdin)


def _listen(lines: asyncio.Queue[str]) -> bool:
    """Pass typed lines on; return False where standard input is no terminal to listen to."""
    loop = asyncio.get_running_loop()

    def typed() -> None:
        line = sys.stdin.readline()
        if line:
            lines.put_nowait(line)
        else:
            loop.remove_reader(sys.stdin)

    try:
        loop.add_reader(sys.stdin, typed)
    except (PermissionError, ValueError):
        print("No terminal to listen to: Ctrl-C ends.", flush=True)
        return False
    return True
