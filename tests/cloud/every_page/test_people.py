"""The staff page: found with and without a script, and the rarer acts of a row in one menu."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.cloud.axe import violations_of
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.clinic import PageClinic, copy_of
from tests.cloud.every_page.opening import DESKTOP, EXCESS, PHONE, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")
NAME = "Nurse Two"
TOP = "document.querySelector('#people > .card').getBoundingClientRect().top"
"""Where what is found begins."""


@pytest.fixture
def own(clinic: PageClinic, tmp_path: Path) -> Iterator[PageClinic]:
    with copy_of(clinic, tmp_path / "copy") as made:
        yield made


async def test_staff_is_searched_by_keys_without_a_script(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    plain = {"java_script_enabled": False}
    async with visiting(browser, origin, clinic, "everything", **plain) as opened:
        page = opened.page
        await page.goto(f"{origin}/staff")
        await page.get_by_role("searchbox").fill("nurse two")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff?q=nurse+two")
        await expect(page.locator("table tbody tr")).to_have_count(1)
        await expect(page.get_by_role("status").filter(has_text="found")).to_contain_text("1 of ")
        act = page.get_by_role("button", name=f"Lost passkeys of {NAME}")
        await expect(act).to_be_hidden()
        await page.locator("summary", has_text=NAME).focus()
        await page.keyboard.press("Enter")
        await expect(act).to_be_visible()
        await page.get_by_role("link", name="Show all").click()
        await expect(page.locator("table tbody tr")).not_to_have_count(1)
        for number in (0, 1):
            await page.locator("details.of-row summary").nth(number).click()
            await expect(page.locator("details.of-row[open]")).to_have_count(1)


async def test_staff_is_found_while_one_types_and_nothing_jumps(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything") as opened:
        page = opened.page
        await opened.open("/staff")
        tops = {await page.evaluate(TOP)}
        await page.get_by_role("searchbox").press_sequentially("nurse t")
        await expect(page.locator("table tbody tr")).to_have_count(1)
        await expect(page.get_by_role("searchbox")).to_be_focused()
        tops.add(await page.evaluate(TOP))
        await page.get_by_role("searchbox").fill("nobody at all")
        await expect(page.get_by_text("Nobody is found by “nobody at all”.")).to_be_visible()
        tops.add(await page.evaluate(TOP))
        assert await violations_of(page) == []
        await page.get_by_role("searchbox").fill("")
        await expect(page.locator("table tbody tr").nth(9)).to_be_visible()
        assert len(tops) == 1
        assert opened.complaints == []


async def test_a_row_that_a_search_brought_asks_for_the_passkey_still(
    browser: Browser, own: PageClinic
) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "everything") as opened:
            page = opened.page
            await opened.open("/staff?q=auditor")
            await page.get_by_role("searchbox").fill("nurse two")
            await page.locator("summary", has_text=NAME).click()
            async with page.expect_request("**/passkeys/step-up/options") as asked:
                await page.get_by_role("button", name=f"{NAME} Has left").click()
            answer = await (await asked.value).response()
            assert answer is not None
            assert page.url.endswith("/staff?q=auditor"), "nothing was sent without the passkey"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_one_menu_is_open_at_a_time_covers_nothing_and_closes_by_escape(
    browser: Browser, clinic: PageClinic, origin: str, viewport: dict[str, int]
) -> None:
    looks = {"viewport": viewport, "locale": "de-DE"}
    async with visiting(browser, origin, clinic, "everything", **looks) as opened:
        page = opened.page
        await opened.open("/staff")
        menus = page.locator("details.of-row")
        for number in (0, 3):
            await menus.nth(number).locator("summary").click()
            await expect(page.locator("details.of-row[open]")).to_have_count(1)
        assert await violations_of(page) == []
        assert await page.evaluate(EXCESS) == 0
        last = await menus.nth(3).locator("button").last.bounding_box()
        below = await page.locator("table.people tbody tr").nth(4).bounding_box()
        assert last is not None
        assert below is not None
        assert last["y"] + last["height"] <= below["y"]
        await page.keyboard.press("Escape")
        await expect(page.locator("details.of-row[open]")).to_have_count(0)
        await expect(menus.nth(3).locator("summary")).to_be_focused()
