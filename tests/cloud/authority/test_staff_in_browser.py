"""An administrator's pages in a real Chromium: the passkey answers once more for an invitation."""

import pytest
from playwright.async_api import Page, expect

from cloud.people.authority import Role
from cloud.people.service import add_member, invite
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.test_browser import note, picture
from tests.cloud.worlds import World


async def open_clinic(world: World, page: Page, origin: str) -> None:
    roles = (Role.PRESCRIBER, Role.ADMINISTRATOR)
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "A. Example", *roles, now_ms=now_ms)
        add_member(session, "demo", "C. Stand-in", Role.CARE_TEAM, now_ms=now_ms)
        token = invite(session, member, now_ms=now_ms)
    await page.goto(f"{origin}/invitations/{token}")
    await page.get_by_role("button", name="Make a passkey").click()
    await page.locator("#more summary").click()
    await page.get_by_role("link", name="Staff", exact=True).click()


@pytest.mark.long
async def test_first_days_of_an_administrator(world: World) -> None:
    patient = world.enrol("Klara Voorbeeld")[0].patient_id.hex()
    with dashboard_of(world) as origin:
        async with page_of() as page:
            complaints: list[str] = []
            page.on("console", lambda line: note(complaints, line))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await open_clinic(world, page, origin)
            await page.get_by_label("Name", exact=True).fill("B. Colleague")
            await page.get_by_label("care team").check()
            await page.get_by_label("auditor").check()
            await page.get_by_role("button", name="Make an invitation").click()
            await expect(page.locator("#link")).to_contain_text("/invitations/demo.")
            await picture(page, "30-staff")
            await page.locator("summary", has_text="C. Stand-in").click()
            await page.get_by_role("button", name="Lost passkeys of C. Stand-in").click()
            await expect(page.get_by_text("waits for another administrator")).to_be_visible()
            await page.locator("summary", has_text="B. Colleague").click()
            await page.get_by_role("button", name="B. Colleague Has left").click()
            await expect(page.get_by_text("left today")).to_be_visible()
            await picture(page, "31-staff-left")
            await teams(page, origin, patient)
            await leave(page, origin)
            await page.get_by_role("link", name="A. Example").click()
            await expect(page.get_by_role("heading", name="Your account")).to_be_visible()
            await picture(page, "35-account")
            await page.get_by_role("button", name="Add a passkey").click()
            await expect(page.get_by_role("heading", name="Welcome, A. Example")).to_be_visible()
    assert complaints == []


async def teams(page: Page, origin: str, patient: str) -> None:
    await page.goto(f"{origin}/teams")
    await page.get_by_label("Name").fill("Main street")
    await page.get_by_role("button", name="Add the site").click()
    await page.get_by_label("Name").last.fill("North")
    await page.get_by_role("button", name="Add the team").click()
    await page.locator("summary", has_text="Change the members").click()
    await page.get_by_label("Member").select_option("A. Example")
    await page.get_by_role("button", name="Let in").click()
    await expect(page.get_by_role("button", name="Take out A. Example")).to_be_visible()
    await picture(page, "32-teams")
    await page.goto(f"{origin}/patients/{patient}/teams")
    await page.get_by_label("North, Main street").check()
    await picture(page, "33-patient-teams")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="Open Klara Voorbeeld")).to_be_visible()


async def leave(page: Page, origin: str) -> None:
    await page.goto(f"{origin}/leave")
    await page.get_by_label("First day").fill("2026-03-04")
    await page.get_by_label("Last day").fill("2026-03-11")
    await page.get_by_label("Who stands in").select_option("C. Stand-in")
    await page.get_by_role("button", name="Ask for it").click()
    await expect(page.get_by_text("not accepted yet")).to_be_visible()
    await picture(page, "34-leave")
