"""What a phone's width makes of the long pages: few lines a row, words before numbers."""

import pytest
from playwright.async_api import Browser

from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.opening import PHONE, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")
LINES, LINE_PX = 4, 26


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
async def test_a_session_of_the_report_takes_no_more_than_four_lines(
    browser: Browser, clinic: PageClinic, origin: str, language: str
) -> None:
    looks = {"viewport": PHONE, "locale": language}
    async with visiting(browser, origin, clinic, "everything", **looks) as opened:
        await opened.open(f"/patients/{clinic.ids['patient']}/report")
        tall = await opened.page.locator("#sessions tbody tr").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
    assert len(tall) > 10
    assert max(tall) < LINES * LINE_PX


async def test_the_numbers_of_a_hold_stand_behind_its_words_and_smaller(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        for path in ("", f"/patients/{clinic.ids['patient']}"):
            await opened.open(f"{path}/lift")
            said = await opened.page.locator("#main").inner_text()
            sizes = await opened.page.locator(".fingerprint").evaluate_all(
                "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
            )
            assert said.index("Placed by the patient, in the app") < said.index(
                "Placed by the record"
            )
            assert len(sizes) >= 4
            assert max(sizes) < 14


async def test_an_event_of_the_log_takes_few_lines_and_no_word_stands_without_its_value(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        await opened.open("/audit")
        rows = opened.page.locator("table.tight tbody tr")
        tall = await rows.evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
        empty = await rows.locator("td:empty").evaluate_all(
            "all => all.filter(each => getComputedStyle(each).display !== 'none').length"
        )
    assert len(tall) > 5
    assert max(tall) < (LINES + 1) * LINE_PX
    assert empty == 0
