"""By keys alone to what a clinician does most: find, acknowledge, put off, hold, prescribe."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from cloud.demo_data.cases import Case
from tests.cloud.browser import dashboard_of
from tests.cloud.desk.worlds import running_desk
from tests.cloud.every_page.clinic import PageClinic, copy_of
from tests.cloud.every_page.focus import tab_stops, tab_to
from tests.cloud.every_page.opening import visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")
PLACES = ("/", "/patients/{patient}", "/patients/{patient}/prescribe", "/patients/{patient}/see-to")


@pytest.fixture
def own(clinic: PageClinic, tmp_path: Path) -> Iterator[PageClinic]:
    with copy_of(clinic, tmp_path / "copy") as made, running_desk() as desk:
        settings = made.settings.model_copy(update={"desk_origin": desk})
        yield replace(made, settings=settings)


async def find(page: Page, name: str) -> None:
    """Search the list for a patient and stand on the only one found."""
    await page.keyboard.press("/")
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/?search=*")
    await expect(page.locator("tr[data-patient]")).to_have_count(1)
    await page.keyboard.press("j")
    await expect(page.locator("tr.chosen")).to_contain_text(name)


async def press_button(page: Page, words: str) -> None:
    await tab_to(page, words)
    await page.keyboard.press("Enter")


async def test_patients_are_found_acknowledged_and_put_off(
    browser: Browser, own: PageClinic
) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "everything") as opened:
            page = opened.page
            await opened.open("/")
            await press_button(page, "Views")
            await expect(page.get_by_label("Keep what is shown now")).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(page.get_by_label("Keep what is shown now")).to_be_hidden()
            await find(page, Case.MISSED.name_of_patient)
            await page.keyboard.press("a")
            await expect(page.get_by_role("dialog")).to_contain_text(Case.MISSED.name_of_patient)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("dialog")).to_be_hidden()
            await opened.open("/")
            await find(page, Case.GAP.name_of_patient)
            await page.keyboard.press("s")
            await page.wait_for_url("**/see-to*")
            await tab_to(page, "Why it can wait")
            await page.keyboard.type("The band is on its way back")
            await press_button(page, "Put off")
            await page.wait_for_url(lambda url: "/see-to" not in url)
            await opened.open("/?show=put-off")
            row = page.locator("tr[data-patient]", has_text=Case.GAP.name_of_patient)
            await expect(row).to_contain_text("The band is on its way back")
            assert opened.complaints == []


async def test_a_hold_is_placed_and_a_prescription_brought_to_the_desk(
    browser: Browser, own: PageClinic
) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "everything") as opened:
            page = opened.page
            await opened.open("/")
            await find(page, Case.GAP.name_of_patient)
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/patients/*")
            await press_button(page, "Hold treatment")
            await page.wait_for_url("**/hold")
            await tab_to(page, "I want to see the patient first")
            await page.keyboard.press("ArrowDown")
            await press_button(page, "Hold ")
            await expect(page.get_by_role("heading", name="Hold asked")).to_be_visible()
            await press_button(page, "Amend")
            await page.wait_for_url("**/prescribe")
            await tab_to(page, "Intensity")
            await page.keyboard.type("115")
            await expect(page.locator(".compare .changed").first).to_be_visible()
            await press_button(page, "Go to the signing desk")
            await expect(page.get_by_role("heading", name="Read, then sign")).to_be_visible()
            await tab_to(page, "I have read this")
            await page.keyboard.press("Space")
            await expect(page.get_by_role("checkbox")).to_be_checked()
            await tab_to(page, "Sign with my passkey")


async def test_tab_goes_through_pages_in_their_order_and_out_again(
    browser: Browser, origin: str, clinic: PageClinic
) -> None:
    async with visiting(browser, origin, clinic, "everything") as opened:
        for each in PLACES:
            await opened.open(each.format(**clinic.ids))
            stops = await tab_stops(opened.page)
            assert stops[0][1] == "Skip to the content", each
            assert stops == sorted(stops), each
            assert len(stops) > 15, each
