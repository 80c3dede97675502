"""The prescribing page in Chromium: live preview, drafts that a lost sign-in doesn't take."""

import os

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import delete

from cloud.people.models import Member, SignIn
from cloud.people.service import add_member, open_sign_in
from cloud.training.service import finish_all
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.test_browser import picture
from tests.cloud.test_pages import FIRST_ROLES
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import World

PICTURES = "CIRCLET_PICTURES" in os.environ


async def enter(world: World, page: Page, origin: str, member: Member) -> None:
    """Sign a prescriber in without a passkey."""
    with world.database.write("demo") as session:
        cookie = open_sign_in(session, member, hours=10, now_ms=world.clock.now_ms)
    await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])


async def look(page: Page, name: str) -> None:
    await assert_accessible(page)
    if PICTURES:
        await picture(page, name)


@pytest.mark.long
async def test_a_draft_is_previewed_while_typed_and_outlives_a_lost_sign_in(world: World) -> None:
    patient, _ = world.enrol()
    passkey = certified(world)
    take(world, passkey.answer([draft(world, patient, intensity=90).data]))
    path = f"/patients/{patient.patient_id.hex()}/prescribe"
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "A. Example", *FIRST_ROLES, now_ms=0)
        finish_all(session, "demo", member.staff_id, now_ms=0)
    with dashboard_of(world) as origin:
        async with page_of() as page:
            await enter(world, page, origin, member)
            await page.goto(f"{origin}{path}")
            intensity = page.get_by_label("Intensity, % of threshold")
            await intensity.fill("110")
            await page.get_by_label("Trains a session").fill("10")
            await expect(page.locator("#total")).to_have_text("300 pulses, 1 min 32 s.")
            await expect(page.locator(".compare .changed").first).to_contain_text("55 % of output")
            await look(page, "20-amend")
            with world.database.write("demo") as session:
                session.execute(delete(SignIn))
            await page.locator("#to-desk").click()
            await expect(page.locator("#words")).to_have_text("Please sign in.")
            await enter(world, page, origin, member)
            await page.goto(f"{origin}{path}")
            await expect(page.locator("#kept")).to_be_visible()
            await expect(intensity).to_have_value("110")
            await expect(page.locator("#total")).to_have_text("300 pulses, 1 min 32 s.")
            await intensity.fill("115")
            await expect(page.locator("#large-step")).to_contain_text("From 45 % to 57 %")
            await page.locator("#to-desk").click()
            await expect(page.locator("#twice")).to_be_visible()
            await look(page, "21-asked-twice")
            await page.set_viewport_size({"width": 390, "height": 844})
            await look(page, "22-asked-twice-phone")
            await page.goto(f"{origin}{path}")
            await page.get_by_role("button", name="Begin afresh").click()
            await expect(intensity).to_have_value("90")
            await expect(page.locator("#kept")).to_be_hidden()
