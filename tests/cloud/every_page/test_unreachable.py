"""When the server is gone: live pages say so and turn grey, and what was typed isn't lost."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.addresses import Address, pages_of
from tests.cloud.every_page.clinic import PageClinic, copy_of
from tests.cloud.every_page.opening import visiting

pytestmark = pytest.mark.long
LIVE = ("today", "today-variant", "alerts", "patients-patient", "patients-patient-way")
LONGER_THAN_STALE_MS = 10_000
GREY = "getComputedStyle(document.querySelector('main')).filter"
UNANSWERED = "The server did not answer."
FAILED = re.compile("^chrome-error:")
"""Where the browser is once no server answered."""


def pages(clinic: PageClinic) -> Sequence[Address]:
    return pages_of(create_app(clinic.settings, clinic.clock), clinic.ids)


@pytest.fixture
def own(clinic: PageClinic, tmp_path: Path) -> Iterator[PageClinic]:
    with copy_of(clinic, tmp_path / "copy") as made:
        yield made


@pytest.mark.asyncio(loop_scope="package")
async def test_every_live_page_says_that_it_hears_nothing_and_turns_grey(
    browser: Browser, origin: str, clinic: PageClinic
) -> None:
    found = {each.name: each for each in pages(clinic) if each.visitor == "everything"}
    async with visiting(browser, origin, clinic, "everything") as opened:
        page = opened.page
        # A stream that was open before goes on for a while in a browser that is offline.
        await page.route("**/events*", lambda route: route.abort())
        await page.clock.install()
        for name in LIVE:
            await page.context.set_offline(False)
            await opened.open(found[name])
            assert await page.evaluate(GREY) == "none", name
            await page.context.set_offline(True)
            await page.clock.run_for(LONGER_THAN_STALE_MS)
            await expect(page.locator("#stale")).to_be_visible()
            await expect(page.locator("#live")).to_contain_text("Not live since")
            assert await page.evaluate(GREY) == "grayscale(1)", name


def test_what_refreshes_itself_can_say_that_it_does_not(clinic: PageClinic) -> None:
    live = set()
    with TestClient(create_app(clinic.settings, clinic.clock), follow_redirects=False) as client:
        for each in pages(clinic):
            client.cookies.set("circlet", clinic.cookies[each.visitor])
            text = client.get(each.path).text
            says = 'id="live"' in text and 'id="stale"' in text
            assert says == ('id="refreshed"' in text), each.name
            live |= {each.name} if says else set()
    assert live == set(LIVE)


@pytest.mark.asyncio(loop_scope="package")
async def test_what_was_typed_and_not_answered_is_there_again(
    browser: Browser, own: PageClinic
) -> None:
    with dashboard_of(own) as origin:
        async with visiting(browser, origin, own, "everything") as opened:
            page, number = opened.page, "+49 30 5550101"
            way = f"/patients/{own.ids['patient']}/way"
            await opened.open(way)
            await page.get_by_label("Number to call").fill(number)
            await page.context.set_offline(True)
            await page.keyboard.press("Enter")
            await expect(page).to_have_url(FAILED)
            await page.context.set_offline(False)
            await page.go_back()
            await expect(page.get_by_label("Number to call")).to_have_value(number)
            await expect(page.get_by_text(UNANSWERED)).to_be_visible()
            await page.get_by_label("Number to call").press("Enter")
            await page.wait_for_load_state("load")
            await expect(page.get_by_text(UNANSWERED)).to_be_hidden()
            await opened.open("/leave")
            await page.go_back()
            await expect(page.get_by_text(UNANSWERED)).to_be_hidden()


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize(
    ("path", "visitor", "button"),
    [
        ("/account", "everything", "form[data-act] button:enabled"),
        ("/sign-in", "nobody", "#sign-in"),
        ("/care/sign-in", "nobody", "#ceremony button"),
    ],
)
async def test_a_passkey_is_asked_for_in_vain_and_the_page_says_so_in_its_own_words(
    browser: Browser, origin: str, clinic: PageClinic, path: str, visitor: str, button: str
) -> None:
    async with visiting(browser, origin, clinic, visitor, locale="de-DE") as opened:
        await opened.open(path)
        await opened.page.context.set_offline(True)
        await opened.page.locator(button).first.click()
        await expect(opened.page.locator("#problem")).to_contain_text("noch einmal")


@pytest.mark.asyncio(loop_scope="package")
async def test_a_signature_that_no_server_takes_is_still_there_to_be_taken(
    browser: Browser, origin: str, clinic: PageClinic
) -> None:
    async with visiting(browser, origin, clinic, "everything") as opened:
        page = opened.page
        await page.route("**/desk-return/session", lambda route: route.abort())
        await page.goto(f"{origin}/desk-return#answer=signed")
        await expect(page.locator("#words")).to_contain_text("load this page again")
        assert page.url == f"{origin}/desk-return#answer=signed"
