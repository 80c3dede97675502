"""By keys alone, from the sign-in to the sign-out; and a form that outlives its sign-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.cloud.axe import violations_of
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.clinic import PageClinic, copy_of
from tests.cloud.every_page.focus import tab_to
from tests.cloud.every_page.opening import visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture
def own(clinic: PageClinic, tmp_path: Path) -> Iterator[PageClinic]:
    with copy_of(clinic, tmp_path / "copy") as made:
        yield made


@pytest.mark.long
async def test_a_whole_visit_by_keys(browser: Browser, own: PageClinic) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "nobody") as opened:
            page, presses = opened.page, 0
            await opened.open(f"/invitations/{own.ids['token']}")
            presses += await tab_to(page, "Make a passkey")
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"{origin}/")
            presses += await tab_to(page, "Sign out")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            presses += await tab_to(page, "Sign in with your passkey")
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"{origin}/")
            await page.wait_for_load_state("load")
            await page.keyboard.press("j")
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"{origin}/patients/*")
            alerts = page.get_by_role("button", name="Acknowledge")
            before = await alerts.count()
            presses += await tab_to(page, "Acknowledge")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("dialog")).to_be_visible()
            await page.keyboard.press("Enter")
            await expect(alerts).to_have_count(before - 1)
            presses += await tab_to(page, "Sign out")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            print(f"\nkeys: {presses} presses of Tab for a whole visit")
            assert opened.complaints == []


async def test_a_form_outlives_its_sign_in(browser: Browser, own: PageClinic) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "prescriber") as opened:
            page = opened.page
            await opened.open("/patients/new")
            await page.get_by_label("Name").fill("Maria Sample")
            for answer in await page.get_by_role("radio", name="No", exact=True).all():
                await answer.check()
            await page.get_by_label("Birth date").fill("1980-05-17")
            cookies = await page.context.cookies()
            await page.context.clear_cookies()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
            await expect(page.get_by_text("is kept in this tab")).to_be_visible()
            await page.context.add_cookies(cookies)  # type: ignore[arg-type]
            await opened.open("/")
            await opened.open("/patients/new")
            await expect(page.get_by_text("Kept for you.")).to_be_visible()
            await expect(page.get_by_label("Name")).to_have_value("Maria Sample")
            await expect(page.get_by_label("Birth date")).to_have_value("1980-05-17")
            await opened.open("/patients/new")
            await expect(page.get_by_label("Name")).to_have_value("")
        async with visiting(browser, origin, own, "everything") as other:
            await other.open("/patients/new")
            await expect(other.page.get_by_label("Name")).to_have_value("")


async def test_a_form_that_asks_for_a_passkey_outlives_its_sign_in(
    browser: Browser, own: PageClinic
) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "everything") as opened:
            page = opened.page
            await opened.open("/clinic/settings")
            await page.get_by_label("Open, Friday").fill("8:00-12:00")
            cookies = await page.context.cookies()
            await page.context.clear_cookies()
            await page.get_by_role("button", name="Save and send to the phones").click()
            problem = page.locator("#problem")
            await expect(problem).to_contain_text("is kept in this tab")
            await expect(problem).to_be_in_viewport()
            await problem.get_by_role("link", name="Sign in").click()
            await page.wait_for_url(f"{origin}/sign-in")
            await page.context.add_cookies(cookies)  # type: ignore[arg-type]
            await opened.open("/")
            await opened.open("/clinic/settings")
            await expect(page.get_by_text("Kept for you.")).to_be_visible()
            await expect(page.get_by_label("Open, Friday")).to_have_value("8:00-12:00")


async def test_more_acts_for_a_patient_are_reached_by_keys_without_a_script(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    plain = {"java_script_enabled": False}
    async with visiting(browser, origin, clinic, "everything", **plain) as opened:
        page, patient = opened.page, clinic.ids["patient"]
        await page.goto(f"{origin}/patients/{patient}")
        way = page.get_by_role("link", name="Way to the band")
        await expect(page.get_by_role("link", name="Hold treatment")).to_be_visible()
        await expect(way).to_be_hidden()
        await page.locator("#acts summary").focus()
        await page.keyboard.press("Enter")
        await expect(way).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{origin}/patients/{patient}/way")


async def test_more_acts_cover_nothing_and_close_by_escape(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    found = []
    async with visiting(browser, origin, clinic, "everything", locale="de-DE") as opened:
        page = opened.page
        for width in (1280, 640, 320):
            await page.set_viewport_size({"width": width, "height": 800})
            await opened.open(f"/patients/{clinic.ids['patient']}")
            await page.locator("#acts summary").click()
            last = page.locator("#acts a").last
            await expect(last).to_be_visible()
            below = await page.locator(".cards").first.bounding_box()
            ends = await last.bounding_box()
            assert below is not None
            assert ends is not None
            found += [f"{width}: covers"] * (ends["y"] + ends["height"] > below["y"])
            found += [f"{width}: {each}" for each in await violations_of(page)]
            await page.keyboard.press("Escape")
            await expect(page.locator("#acts summary")).to_be_focused()
            await expect(last).to_be_hidden()
    assert found == []
