"""Every page of the dashboard, of somebody close and of the desk is one that all can use."""

from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Page

from cloud.dashboard.app import create_app
from tests.cloud.axe import violations_of
from tests.cloud.desk.worlds import running_desk, sample_bytes, signing_link
from tests.cloud.every_page.addresses import Address, pages_of
from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.opening import PHONE, Opened, is_page, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")
MOVES = "Number(document.getAnimations().length > 0)"
FEW = ("today", "patients-patient", "patients-patient-prescribe", "care", "clinic-alerts")


def pages(clinic: PageClinic) -> Sequence[Address]:
    return pages_of(create_app(clinic.settings, clinic.clock), clinic.ids)


async def beyond_their_window(page: Page) -> list[str]:
    """At 200 and 400 % of a screen 1280 wide (WCAG 1.4.10): nothing is scrolled sideways."""
    size, found = page.viewport_size, []
    assert size is not None
    for width in (640, 320):
        await page.set_viewport_size({"width": width, "height": 400})
        excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if excess > 0:
            found.append(f"{excess} px too wide at {width}")
    await page.set_viewport_size(size)
    return found


async def walked(
    opened: Opened, theirs: Sequence[Address], problems: list[str], seen: list[str]
) -> None:
    for each in theirs:
        answer = await opened.open(each)
        assert await is_page(answer), each
        if answer.status != 200:
            problems.append(f"{each.path}: {answer.status}")
        seen.append(each.route)
        problems += [f"{each.name}: {found}" for found in await violations_of(opened.page)]
        problems += [f"{each.name}: {found}" for found in await beyond_their_window(opened.page)]
        problems += [f"{each.name}: something moves"] * await opened.page.evaluate(MOVES)


async def test_every_page_is_accessible(browser: Browser, origin: str, clinic: PageClinic) -> None:
    problems: list[str] = []
    seen: list[str] = []
    calm = {"reduced_motion": "reduce"}
    for visitor in ("everything", "caregiver", "nobody"):
        async with visiting(browser, origin, clinic, visitor, **calm) as opened:
            theirs = [each for each in pages(clinic) if each.visitor == visitor]
            await walked(opened, theirs, problems, seen)
            problems += opened.complaints
    print(f"\naxe: {len(seen)} pages, {len(problems)} violations")
    assert problems == [], "\n".join(problems)
    assert len(seen) > 20


@pytest.mark.parametrize("setting", ["dark", "phone"])
@pytest.mark.long
async def test_some_are_so_in_the_dark_and_on_a_phone(
    browser: Browser, origin: str, clinic: PageClinic, setting: str
) -> None:
    problems: list[str] = []
    options = {"color_scheme": "dark"} if setting == "dark" else {"viewport": PHONE}
    for visitor in ("everything", "caregiver"):
        async with visiting(browser, origin, clinic, visitor, **options) as opened:
            theirs = [each for each in pages(clinic) if each.visitor == visitor]
            await walked(opened, [each for each in theirs if each.name in FEW], problems, [])
    assert problems == [], "\n".join(problems)


async def test_the_desk_is_so(browser: Browser, origin: str, clinic: PageClinic) -> None:
    problems: list[str] = []
    with running_desk() as desk:
        link = signing_link(desk, [sample_bytes()], back="http://cloud.localhost:1/desk-return")
        for scheme in ("light", "dark"):
            async with visiting(browser, origin, clinic, "nobody", color_scheme=scheme) as opened:
                for address in (desk, link):
                    await opened.page.goto("about:blank")
                    await opened.page.goto(address)
                    await opened.page.locator("#main h1").wait_for()
                    found = await violations_of(opened.page)
                    problems += [f"desk {scheme}: {each}" for each in found]
    assert problems == [], "\n".join(problems)
