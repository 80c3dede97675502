"""The page in a real Chromium: its button pairs a phone, its faults strike, it fits its window."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, ViewportSize, expect

from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.life import only_firmware
from firmware_bridge.timebase import SystemClock
from tests.chromium import chromium, new_tab
from tests.firmware_bridge.emulator.control.surfaces import Surroundings, surface_of
from tests.firmware_bridge.emulator.control.treating import TreatingBand
from tests.firmware_bridge.emulator.living import living

PICTURES = "build/pages"
WIDE = ViewportSize(width=1360, height=900)
NARROW = ViewportSize(width=400, height=800)


@asynccontextmanager
async def page_of(served: Surroundings, **options: Any) -> AsyncIterator[Page]:
    """The page in a fresh browser; what it complains of fails the test."""
    complaints: list[str] = []
    options.setdefault("viewport", WIDE)
    async with chromium() as browser, new_tab(browser, **options) as tab:
        tab.page.on("console", lambda line: complaints.append(line.text))
        tab.page.on("pageerror", lambda error: complaints.append(str(error)))
        await tab.page.goto(served.url(served.guard.new_link()))
        await expect(tab.page.locator(".node.present")).to_have_count(1)
        yield tab.page
    assert complaints == []


class Person:
    """Compares the number on the page with the phone's, and presses the page's button."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def confirm_number(self, number: int) -> bool:
        shown = f"{number // 1000:03} {number % 1000:03}"
        await expect(self._page.locator(".display-text")).to_have_text(shown)
        await picture(self._page, "emulator-pairing")
        await self._page.locator(".knob").click()
        return True


async def picture(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{name} is wider than its window by {width} px"
    await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


async def test_phone_is_paired_by_the_button_on_the_page(tmp_path: Path) -> None:
    watch = Watch(SystemClock())
    bootloader = watch.watching(only_firmware)
    async with (
        living(tmp_path, bootloader, ear=watch.messages) as scene,
        surface_of(scene.life, watch) as served,
        page_of(served) as page,
    ):
        await expect(page.locator("h1")).to_have_text("The band belongs to nobody yet")
        await page.locator("#press").focus()
        await page.keyboard.down("Space")
        await expect(page.locator(".display-text")).to_have_text("Pairing open")
        await page.keyboard.up("Space")
        await scene.connection.pair(Person(page))
        await scene.client.hello()
        await expect(page.locator("#log")).to_contain_text("The phone asks who the band is.")
        await expect(page.locator("#facts")).to_contain_text("on the link")
        await page.get_by_role("button", name="watchdog").click()
        await expect(page.locator("#facts")).to_contain_text("boot 2 by watchdog")


async def test_fault_from_the_page_pauses_the_session_and_is_taken_back(tmp_path: Path) -> None:
    seen = TreatingBand(tmp_path)
    band = seen.band
    async with surface_of(seen) as served, page_of(served) as page:
        seen.hear(served.watch)
        band.ready()
        band.start()
        band.run(5_000, beat=True)
        await expect(page.locator("h1")).to_have_text("The band stimulates")
        await expect(page.locator("#records")).to_contain_text("Slice reserved")
        await picture(page, "emulator-stimulating")
        await page.get_by_role("button", name="contact", exact=True).click()
        await expect(page.get_by_role("button", name="contact: false")).to_be_visible()
        band.run(3_000, beat=True)
        await expect(page.locator("h1")).to_have_text("The session is paused")
        await expect(page.locator(".node.present")).to_have_text("Paused")
        await expect(page.locator("#last-event")).to_contain_text("Contact lost")
        await expect(page.locator("#reasons")).to_contain_text("does not sit close enough")
        await page.get_by_role("button", name="contact: false").click()
        await expect(page.locator("#facts")).to_contain_text("the coil touches the head")


async def test_fault_is_placed_and_removed_in_a_narrow_window_and_in_the_dark(
    tmp_path: Path,
) -> None:
    seen = TreatingBand(tmp_path)
    seen.band.ready()
    async with surface_of(seen) as served, page_of(served, viewport=NARROW) as page:
        await page.locator("#fault-name").select_option("battery_percent")
        await page.locator("#value-input input").fill("7")
        await page.locator("#when").select_option("event")
        await page.locator("#event").select_option("pulse")
        await page.locator("#nth").fill("3")
        await page.get_by_role("button", name="Place it").click()
        placed = page.locator("#placed li")
        await expect(placed).to_have_text("battery percent 7, at pulse no. 3Remove")
        await picture(page, "emulator-narrow")
        await page.set_viewport_size(WIDE)
        await page.emulate_media(color_scheme="dark")
        await picture(page, "emulator-dark")
        await page.get_by_role("button", name="Remove").click()
        await expect(placed).to_have_text("Nothing is placed.")
