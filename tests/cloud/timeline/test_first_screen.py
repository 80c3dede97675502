"""The time axis of a patient's page begins on a desk's first screen, however much waits above it.

What doesn't fit stands behind a line that opens by keys and without a script, and is closed again
when the page is opened anew.
"""

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from cloud.alerts.service import About, Cause, raise_alert
from cloud.channels.service import MAIL, add_channel
from cloud.holds.service import ask
from cloud.patients.service import device_of
from cloud.people import service as people
from cloud.people.authority import Role
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from tests.chromium import chromium, new_tab
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.worlds import Band, World, somebody

DESK = {"width": 1280, "height": 800}
ALERTS, HOLDS = 9, 4
LANGUAGES: tuple[Literal["en-GB", "de-DE"], ...] = ("en-GB", "de-DE")


def beset(world: World, phone: Phone) -> Band:
    """A patient with many alerts and many holds: the band's own, the app's, and asked ones."""
    band = treating(world, phone)
    for each in range(HOLDS):
        source = (HoldSource.APP, HoldSource.DEVICE)[each % 2]
        reason = ("seizure or stroke sign", "screening:")[each % 2]
        band.write(records.HoldPlacedBody(bytes([each]) * 16, HoldKind.SAFETY, source, reason, 0))
    send(phone, band)
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        device = device_of(session, "demo", band.patient_id)
        ask(session, device, band.patient_id, "clinician", somebody(session), now_ms=now_ms)
        for each in range(ALERTS):
            cause = Cause(f"partial/{each}", "today", "A session ended early")
            detail = "1,200 of 3,000 pulses: strong motion."
            raise_alert(session, About("demo", band.patient_id), cause, detail, now_ms=now_ms)
    return band


def signed_in(world: World) -> str:
    """Somebody who may do everything here, and a colleague who can be told."""
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = people.add_member(session, "demo", "A. Example", Role.PRESCRIBER, now_ms=now_ms)
        other = people.add_member(session, "demo", "B. Example", Role.PRESCRIBER, now_ms=now_ms)
        add_channel(session, "demo", other.staff_id, MAIL, "on-call@example.org", now_ms=now_ms)
        return people.open_sign_in(session, member, hours=10, now_ms=now_ms)


async def focus_on(page: Page, name: str) -> None:
    await page.locator(f"#{name} > summary").focus()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_axis_begins_on_the_first_screen_with_many_alerts_and_holds(
    world: World, phone: Phone, language: str
) -> None:
    band, cookie = beset(world, phone), signed_in(world)
    with dashboard_of(world) as origin:
        async with (
            chromium() as browser,
            new_tab(browser, viewport=DESK, locale=language) as tab,
        ):
            await tab.page.context.add_cookies(
                [{"name": "circlet", "value": cookie, "url": origin}]
            )
            await tab.page.goto(f"{origin}/patients/{band.patient_id.hex()}")
            await tab.page.evaluate("document.fonts.ready")
            axis = await tab.page.locator("#plots .lane.axis").first.bounding_box()
            assert axis is not None
            assert axis["y"] + axis["height"] <= DESK["height"]
            await assert_accessible(tab.page)


async def test_what_stands_behind_a_line_opens_by_keys_and_stays_open_while_the_page_is(
    world: World, phone: Phone
) -> None:
    band, cookie = beset(world, phone), signed_in(world)
    with dashboard_of(world) as origin:
        async with chromium() as browser, new_tab(browser, viewport=DESK, locale="en-GB") as tab:
            page = tab.page
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await page.goto(f"{origin}/patients/{band.patient_id.hex()}")
            more = page.locator("#more-alerts")
            shown = ALERTS + HOLDS
            await expect(more.locator("> summary")).to_have_text(f"{shown - 2} more alerts")
            await expect(page.locator("#alerts .alert:visible")).to_have_count(2)
            for name in ("more-alerts", "more-holds"):
                await focus_on(page, name)
                await page.keyboard.press("Enter")
            await expect(page.locator("#alerts .alert:visible")).to_have_count(shown)
            await expect(page.locator("#holds .hold:visible")).to_have_count(HOLDS + 1)
            world.clock.now_ms += 60_000
            clock = page.locator("[data-now]")
            before = await clock.get_attribute("data-now")
            await expect(clock).not_to_have_attribute("data-now", before or "")
            await expect(page.locator("#alerts .alert:visible")).to_have_count(shown)
            await assert_accessible(page)
            await page.reload()
            await expect(page.locator("#alerts .alert:visible")).to_have_count(2)


async def test_without_a_script_it_opens_too(world: World, phone: Phone) -> None:
    band, cookie = beset(world, phone), signed_in(world)
    with dashboard_of(world) as origin:
        async with (
            chromium() as browser,
            new_tab(browser, viewport=DESK, java_script_enabled=False) as tab,
        ):
            page = tab.page
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await page.goto(f"{origin}/patients/{band.patient_id.hex()}")
            await page.locator("#more-holds > summary").press("Enter")
            await expect(page.locator("#holds .hold:visible")).to_have_count(HOLDS + 1)
            alert = page.locator(".asking:visible").first
            await alert.locator("summary").press("Enter")
            await alert.get_by_role("button", name="Hand over").click()
            await expect(page.locator("main")).to_contain_text("Handed over")
