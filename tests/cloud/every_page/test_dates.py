"""Beside a typed date stands its day with the month as a word, in the page's language."""

import pytest
from playwright.async_api import Browser, expect

from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.opening import visiting

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.long]


@pytest.mark.parametrize(
    ("locale", "day", "day_and_time"),
    [
        ("en-US", "Tue 3 Feb 2026", "Tue 3 Feb 2026, 14:30"),
        ("de-DE", "Di., 3. Feb. 2026", "Di., 3. Feb. 2026, 14:30"),
    ],
)
async def test_a_typed_date_cannot_be_misread(
    browser: Browser, origin: str, clinic: PageClinic, locale: str, day: str, day_and_time: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", locale=locale) as opened:
        page = opened.page
        await opened.open("/patients/new")
        birth = page.locator("[name=birth_date]")
        await birth.fill("2026-02-03")
        await expect(birth).to_have_accessible_description(day)
        await expect(page.locator("label", has=birth).locator(".day-said")).to_have_text(day)
        await birth.fill("")
        await expect(page.locator("label", has=birth).locator(".day-said")).to_have_text("")
        await opened.open(f"/patients/{clinic.ids['patient']}/see-to")
        await page.locator("[name=next_at]").fill("2026-02-03T14:30")
        await expect(page.locator("[name=next_at]")).to_have_accessible_description(day_and_time)
        await opened.open(f"/patients/{clinic.ids['patient']}/report")
        assert "" not in await page.locator(".day-said").all_text_contents()
        assert opened.complaints == []
