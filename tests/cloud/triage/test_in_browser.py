"""The list in Chromium: by keys alone, live by itself, stale in words, and without JavaScript."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import open_alerts
from cloud.people.service import sign_out
from tests.chromium import chromium
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.triage.cable import cable_to
from tests.cloud.triage.wards import patients_of, person_of, raised
from tests.cloud.worlds import World

FLAG = Cause("red-flag/1", NOW, "Red flag: vision", 1)
PATIENCE_MS = 30_000


@asynccontextmanager
async def list_of(world: World) -> AsyncIterator[Page]:
    with dashboard_of(world) as origin:
        async with page_of() as page:
            await sign_in(page, world, origin)
            await page.goto(origin)
            yield page


async def sign_in(page: Page, world: World, origin: str) -> str:
    cookie = person_of(world)[1]
    await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
    return cookie


async def test_a_red_flag_is_acknowledged_by_keys_and_none_acts_while_one_types(
    world: World,
) -> None:
    ids = patients_of(world, 3)
    raised(world, ids[2], FLAG)
    dialog = "#acknowledge"
    async with list_of(world) as page:
        await assert_accessible(page)
        await page.keyboard.press("j")
        await expect(page.locator("tr.chosen")).to_contain_text("Red flag: vision")
        await page.keyboard.press("/")
        await page.keyboard.type("ajkxsn")
        await expect(page.locator("#search")).to_have_value("ajkxsn")
        await expect(page.locator(dialog)).to_be_hidden()
        await page.keyboard.press("Tab")
        await page.keyboard.press("a")
        await expect(page.locator(dialog)).to_be_hidden()
        await page.get_by_role("link", name="Open Patient 2").focus()
        await page.keyboard.press("a")
        await expect(page.get_by_role("dialog")).to_contain_text("Patient 2, 45")
        await expect(page.get_by_role("dialog")).to_contain_text("Red flag: vision")
        await assert_accessible(page)
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Keys are on").click()
        await page.get_by_role("link", name="Open Patient 2").focus()
        await page.keyboard.press("a")
        await expect(page.locator(dialog)).to_be_hidden()
        await page.get_by_role("button", name="Keys are off").click()
        await page.get_by_role("link", name="Open Patient 2").focus()
        await page.keyboard.press("a")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Nobody needs you now")).to_be_visible()
        for key in "jxjxjx":
            await page.keyboard.press(key)
        await page.get_by_role("button", name="Hand over").click()
        colleague = page.get_by_role("heading", name="3 patients are the task of A. Example now")
        await expect(colleague).to_be_visible()
        await assert_accessible(page)
    with world.database.read("demo") as session:
        assert open_alerts(session, "demo") == ()


@pytest.mark.long
async def test_what_comes_shows_by_itself_and_a_page_cut_off_says_so_until_it_hears_again(
    world: World,
) -> None:
    ids = patients_of(world, 2)
    with dashboard_of(world) as server:
        async with cable_to(urlsplit(server).port or 0) as (cable, port), page_of() as page:
            origin = f"http://cloud.localhost:{port}"
            await sign_in(page, world, origin)
            await page.goto(origin)
            await page.get_by_label("Choose Patient 0").check()
            await page.locator("#search").fill("half a na")
            raised(world, ids[1], FLAG)
            needs = page.get_by_role("heading", name="1 of 2 patients needs you")
            await expect(needs).to_be_visible(timeout=PATIENCE_MS)
            # What somebody was about to do is still there.
            await expect(page.get_by_label("Choose Patient 0")).to_be_checked()
            await expect(page.locator("#search")).to_have_value("half a na")
            cable.cut()
            await expect(page.locator("#stale")).to_be_visible(timeout=PATIENCE_MS)
            await expect(page.locator("#live")).to_contain_text("Not live since")
            await expect(page.locator("main")).to_have_css("filter", "grayscale(1)")
            await assert_accessible(page)
            raised(world, ids[0], FLAG)
            cable.mend()
            both = page.get_by_role("heading", name="2 of 2 patients need you")
            await expect(both).to_be_visible(timeout=PATIENCE_MS)
            await expect(page.locator("#stale")).to_be_hidden()
            await expect(page.locator("main")).to_have_css("filter", "none")


async def test_a_page_whose_sign_in_ended_goes_to_the_sign_in(world: World) -> None:
    patients_of(world, 1)
    with dashboard_of(world) as origin:
        async with page_of() as page:
            cookie = await sign_in(page, world, origin)
            await page.goto(origin)
            with world.database.write("demo") as session:
                sign_out(session, cookie)
            await page.evaluate("refreshed.dispatchEvent(new Event('changed'))")
            await page.wait_for_url(f"{origin}/sign-in", timeout=PATIENCE_MS)


async def test_without_javascript_the_list_is_read_and_an_alert_acknowledged(world: World) -> None:
    (patient,) = patients_of(world, 1)
    raised(world, patient, FLAG)
    with dashboard_of(world) as origin:
        async with chromium() as browser:
            context = await browser.new_context(java_script_enabled=False)
            page = await context.new_page()
            await sign_in(page, world, origin)
            await page.goto(origin)
            # Chromium's switch leaves what is for browsers without scripts unparsed.
            assert "Without JavaScript this page stays as it is" in await page.content()
            await page.get_by_role("link", name="See to Patient 0").click()
            await page.get_by_role("button", name="Acknowledge Red flag: vision").click()
            await expect(page.get_by_role("heading", name="Nobody needs you now")).to_be_visible()
            await context.close()
