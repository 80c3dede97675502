"""`python -m scripts.usability`: do the six tasks, write docs/usability.md and its pictures."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from scripts.usability import table
from scripts.usability.clinic import Clinic, open_clinic
from scripts.usability.tasks import TASKS, Done, Look

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
COLOURS = 128
IN_THE_DOCS = frozenset({"triage", "patient", "prescribe", "desk", "session"})
"""Pictures that pages of docs/ show; the others are only in the folder that is asked for."""


async def run(folder: Path, pictures: Path) -> list[Done]:
    """Do every task in one clinic, one after the other."""
    async with open_clinic(folder) as clinic:
        return [await task(clinic, _looking(clinic, pictures)) for task in TASKS]


def _looking(clinic: Clinic, folder: Path) -> Look:
    async def look(name: str) -> None:
        await _picture(clinic.page, folder / f"page-{name}.png")

    return look


async def _picture(page: Page, path: Path) -> None:
    await page.evaluate("document.fonts.ready")
    await page.screenshot(path=path)


def _keep(shots: Path, every: Path | None) -> None:
    """Copy what the docs show, and everything to the folder that is asked for."""
    for shot in sorted(shots.glob("page-*.png")):
        if shot.stem.removeprefix("page-") in IN_THE_DOCS:
            with Image.open(shot) as picture:
                small = picture.convert("RGB").quantize(COLOURS)
                small.save(PICTURES / shot.name, optimize=True)
        if every is not None:
            every.mkdir(parents=True, exist_ok=True)
            shutil.copy(shot, every / shot.name)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts.usability", description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder for every picture")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shots = Path(folder) / "pictures"
        shots.mkdir()
        done = asyncio.run(run(Path(folder), shots))
        _keep(shots, arguments.pictures)
    print(table.table(done), end="")
    table.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
