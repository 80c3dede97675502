"""Draws every page in every setting, and puts the pictures on contact sheets.

python -m tests.cloud.every_page.pictures build/screenshots [--only page-care] [--setting phone]

Exit code 1 where a page is wider than its window or complains on its console.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from cloud.dashboard.app import create_app
from tests.chromium import chromium
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.browser import dashboard_of
from tests.cloud.desk.worlds import running_desk, sample_bytes, signing_link
from tests.cloud.every_page.addresses import Address, pages_of
from tests.cloud.every_page.clinic import page_clinic
from tests.cloud.every_page.opening import Opened, Visited, visiting
from tests.cloud.every_page.pictures.cohort import NAMES, cohort_clinic
from tests.cloud.every_page.pictures.extra import REFUSALS
from tests.cloud.every_page.pictures.settings import PAPER, SETTINGS, Setting
from tests.mobile.screens.sheets.index import write_index
from tests.mobile.screens.sheets.sheet import write_sheets

PREFIX = "page-"
"""What tells a page's picture from a screen's of the app."""
DESK = ("desk-empty", "desk-request")
TALLEST_PX = 4000
TO_COME = "[hx-trigger=load]"
"""A part that is asked for once the page stands; what comes is put in its place."""
PATIENTS, WEEKS = 9, 6


def main() -> int:
    """Draw what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="contact sheets of all pages")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--setting", default="", help="a part of the settings' names wanted")
    parser.add_argument("--only", default="", help="a part of the pages' names wanted")
    options = parser.parse_args()
    if not any(options.only in f"{PREFIX}{name}" for name in _names()):
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = [each for each in SETTINGS if options.setting in each.name]
    for each in settings:
        shutil.rmtree(options.folder / each.name, ignore_errors=True)
        for sheet in options.folder.glob(f"{each.name}-*.png"):
            sheet.unlink()
    complaints = asyncio.run(_drawn(options.folder, settings, options.only))
    print("\n".join(complaints), end="\n" if complaints else "")
    for each in settings:
        width = each.width
        folder = options.folder / each.name
        if folder.exists():
            write_sheets(folder, options.folder, columns=width.columns, picture_px=width.picture_px)
    print(write_index(options.folder))
    return 1 if complaints else 0


def _names() -> list[str]:
    """Return what can be drawn, as far as it's known before there is a clinic."""
    routes = [Address(route, route, "").name for method, route in DASHBOARD if method == "GET"]
    return [*routes, *(each.name for each in REFUSALS), *DESK, *NAMES]


async def _drawn(folder: Path, settings: Sequence[Setting], only: str) -> list[str]:
    complaints: list[str] = []
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        page_clinic(Path(first), patients=PATIENTS, weeks=WEEKS) as clinic,
        dashboard_of(clinic) as origin,
        cohort_clinic(Path(second)) as cohort,
        dashboard_of(cohort) as origin_of_cohort,
        running_desk() as desk,
    ):
        pages = [*pages_of(create_app(clinic.settings, clinic.clock), clinic.ids), *REFUSALS]
        shown = ((origin, clinic, pages), (origin_of_cohort, cohort, cohort.pages))
        async with chromium() as browser:
            for setting in settings:
                place = folder / setting.name
                place.mkdir(parents=True, exist_ok=True)
                for where, whose, addresses in shown:
                    wanted = [each for each in addresses if only in f"{PREFIX}{each.name}"]
                    for visitor in dict.fromkeys(each.visitor for each in wanted):
                        async with _tab(browser, where, whose, visitor, setting) as opened:
                            theirs = [each for each in wanted if each.visitor == visitor]
                            complaints += await _shots(opened, theirs, place, setting)
                async with _tab(browser, origin, clinic, "nobody", setting) as opened:
                    for name, address in _at_desk(desk):
                        if only in f"{PREFIX}{name}":
                            path = place / f"{PREFIX}{name}.png"
                            await _desk(opened.page, address, path, setting)
                if not any(place.iterdir()):
                    place.rmdir()
    return complaints


@asynccontextmanager
async def _tab(
    browser: Browser, origin: str, clinic: Visited, visitor: str, setting: Setting
) -> AsyncIterator[Opened]:
    async with visiting(browser, origin, clinic, visitor, **setting.options) as opened:
        yield opened


async def _shots(
    opened: Opened, pages: Sequence[Address], place: Path, setting: Setting
) -> list[str]:
    """Take the pictures; return which page is wider than the window."""
    wide = []
    for each in pages:
        await opened.open(each)
        await expect(opened.page.locator(TO_COME)).to_have_count(0, timeout=60_000)
        await _as_printed(opened.page, setting)
        await _shot(opened.page, place / f"{PREFIX}{each.name}.png")
        excess = await opened.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if excess > 0:
            wide.append(f"{place.name}: {each.name} is {excess} px wider than its window")
    return wide


def _at_desk(desk: str) -> list[tuple[str, str]]:
    """The signing desk without a request and with one."""
    link = signing_link(desk, [sample_bytes()], back="http://cloud.localhost:1/desk-return")
    return list(zip(DESK, (desk, link), strict=True))


async def _as_printed(page: Page, setting: Setting) -> None:
    """Show a page as paper does. Chromium forgets it on the way to another page."""
    if setting.width is PAPER:
        await page.emulate_media(media="screen")
        await page.emulate_media(media="print")
        assert await page.evaluate("matchMedia('print').matches")


async def _desk(page: Page, address: str, path: Path, setting: Setting) -> None:
    await page.goto("about:blank")
    await page.goto(address)
    await page.locator("#main h1").wait_for()
    await page.evaluate("document.fonts.ready")
    await _as_printed(page, setting)
    await _shot(page, path)


async def _shot(page: Page, path: Path) -> None:
    size = page.viewport_size
    assert size is not None
    tall = await page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(tall, TALLEST_PX)}
    await page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
