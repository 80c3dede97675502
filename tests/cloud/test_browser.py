"""A clinician's first day in a real Chromium: passkey, patient, draft, signature, hold, record."""

import pytest
from playwright.async_api import ConsoleMessage, Page, expect
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.checkins.scores import questionnaire
from cloud.clinics.certificates import add_certificate
from cloud.clinics.service import clinic_of
from cloud.db import Database
from cloud.holds.models import Hold
from cloud.ingest.app import create_app as create_ingest
from cloud.ingest.bodies import decode_bytes
from cloud.people.service import add_member, invite
from cloud.training.service import finish_all
from cloud.vault.opening import open_vault
from shared.trust.sealing import seal
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import fields, records
from shared.wire.items import CheckinBody, SignedPrescription, checkin_context
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.passkey import DESK, SigningPasskey, read_request
from tests.cloud.phone import Phone
from tests.cloud.test_pages import FIRST_ROLES
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

PICTURES = "build/pages"
DAY_MS = 86_400_000


def invitation(world: World) -> str:
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "A. Example", *FIRST_ROLES, now_ms=world.clock.now_ms)
        finish_all(session, "demo", member.staff_id, now_ms=world.clock.now_ms)
        return invite(session, member, now_ms=world.clock.now_ms)


def certified(world: World) -> SigningPasskey:
    passkey = SigningPasskey(world.identity)
    with world.database.write("demo") as session:
        add_certificate(
            session, clinic_of(session, "demo"), passkey.certificate, now_ms=world.clock.now_ms
        )
    return passkey


def note(complaints: list[str], line: ConsoleMessage) -> None:
    if line.type == "error":
        complaints.append(line.text)


async def picture(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


async def first_sign_in(page: Page, origin: str, token: str) -> None:
    await page.goto(f"{origin}/invitations/{token}")
    await page.get_by_role("button", name="Make a passkey").click()
    await expect(page.get_by_role("heading", name="No patients yet")).to_be_visible()


async def enrol(page: Page, name: str = "Klara Voorbeeld") -> str:
    await page.get_by_role("link", name="Enrol a patient").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Birth date").fill("1980-05-17")
    for answer in await page.get_by_role("radio", name="No", exact=True).all():
        await answer.check()
    await page.get_by_role("button", name="Enrol and show the code").click()
    return await page.locator("#code").inner_text()


async def sign_at_desk(page: Page, origin: str, passkey: SigningPasskey) -> None:
    """Stand in for the desk: take the fragment, sign its bytes, go back."""
    await page.route(f"{DESK}/**", lambda route: route.fulfill(body="the desk"))
    await page.get_by_role("button", name="Go to the signing desk").click()
    await page.wait_for_url(f"{DESK}/#request=*")
    statements = read_request(page.url.partition("#request=")[2])
    await page.goto(f"{origin}/desk-return#answer={passkey.answer(statements)}")


@pytest.mark.long
async def test_first_day_of_a_clinician(world: World) -> None:
    token, passkey = invitation(world), certified(world)
    with dashboard_of(world) as origin:
        async with page_of() as page:
            complaints: list[str] = []
            page.on("console", lambda line: note(complaints, line))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await first_sign_in(page, origin, token)
            await picture(page, "01-empty")
            await page.get_by_role("button", name="Sign out").click()
            await picture(page, "02-sign-in")
            await page.get_by_role("button", name="Sign in with your passkey").click()
            await expect(page.get_by_role("heading", name="No patients yet")).to_be_visible()
            code = await enrol(page)
            await picture(page, "03-code")
            await page.get_by_role("link", name="Draft a prescription").click()
            await expect(page.locator("#total")).to_have_text("600 pulses, 3 min 12 s.")
            await picture(page, "04-draft")
            await expect(page.get_by_role("button", name="signing desk")).to_be_disabled()
            await page.get_by_label("Motor threshold, % of output").fill("50")
            measured_on = page.get_by_label("Threshold measured on")
            await measured_on.fill(await measured_on.get_attribute("max") or "")
            await page.get_by_label("Intensity, % of threshold").fill("125")
            await expect(page.locator("#violations")).to_contain_text("at most 120")
            await expect(page.get_by_role("button", name="signing desk")).to_be_disabled()
            await picture(page, "05-violation")
            await page.get_by_label("Intensity, % of threshold").fill("120")
            await expect(page.get_by_role("button", name="signing desk")).to_be_enabled()
            await sign_at_desk(page, origin, passkey)
            await expect(page.get_by_role("heading", name="Klara Voorbeeld")).to_be_visible()
            await expect(page.get_by_text("prescription 1")).to_be_visible()
            await picture(page, "06-signed")
            await leap_is_meant(page)
            await treat_and_hold(world, page, code)
            await page.goto(f"{origin}/clinic")
            await picture(page, "10-clinic")
            await page.goto(f"{origin}/audit")
            await expect(
                page.get_by_text("Each event on this page hangs on the one before it")
            ).to_be_visible()
            await picture(page, "11-audit")
    assert complaints == []


async def leap_is_meant(page: Page) -> None:
    """An amendment may not move the threshold far without a word about it."""
    patient = page.url
    await page.goto(f"{patient}/prescribe")
    await page.get_by_label("Motor threshold, % of output").fill("61")
    await expect(page.locator("#violations")).to_contain_text(
        "from 50 to 61 % of output is a large step"
    )
    await picture(page, "15-amend")
    await page.get_by_label("A step by more than 10 %").check()
    await expect(page.get_by_role("button", name="signing desk")).to_be_enabled()
    await page.goto(f"{patient}/prescribe?protocol=pain-m1-10hz")
    await expect(page.locator("#violations")).to_contain_text("Name the reason of the research")
    await page.get_by_label("Reason of a research or off-label use").fill("ethics approval 17")
    await expect(page.get_by_role("button", name="signing desk")).to_be_enabled()
    await picture(page, "16-research")
    await page.goto(patient)


async def sign_in_again(page: Page) -> None:
    """Days have passed: the page has gone to the sign-in by itself."""
    await page.get_by_role("button", name="Sign in with your passkey").click()
    await page.get_by_role("link", name="Open Klara").click()


async def treat_and_hold(world: World, page: Page, code: str) -> None:
    with TestClient(create_ingest(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(code).status_code == 200
        band = Band(world.identity, phone.bytes_of("patient_id"))
        worker = worker_of(world, Database(world.settings.url, open_vault(world.settings)))
        given = phone.get("/v1/sync?cursor=0").json()["items"]
        assert [item["kind"] for item in given] == ["prescription"]
        signed = fields.unpack(SignedPrescription, decode_bytes(given[0]["body"]))
        band.install(signed.prescription)
        for day in range(9):
            world.clock.now_ms += DAY_MS
            band.pass_time(world.clock.now_ms - (band.clock_ms or 0))
            if day in (0, 7):
                check_in(world, phone, day)
            if day not in (5, 6):
                band.session(trains=14 if day == 3 else 20)
        phone.items([*band.record_items(), band.head_item()])
        worker.round()
        await sign_in_again(page)
        await expect(page.locator("#refreshed")).to_contain_text(
            f"Record complete, verified to number {band.state.number}"
        )
        await expect(page.locator("#score")).to_contain_text("own wording, not validated")
        await picture(page, "07-patient")
        await page.get_by_role("link", name="Hold treatment").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Klara Voorbeeld, 45")
        await picture(page, "08-hold")
        await page.get_by_role("button", name="Hold Klara").click()
        hold = page.locator("#hold-state")
        await expect(hold).to_have_attribute("data-state", "asked")
        worker.round()
        waiting = phone.get(f"/v1/sync?cursor={given[-1]['cursor']}").json()["items"]
        assert [item["kind"] for item in waiting] == ["receipt", "hold"]
        await expect(hold).to_have_attribute("data-state", "asked")
        phone.get(f"/v1/sync?cursor={waiting[-1]['cursor']}")
        await expect(hold).to_have_attribute("data-state", "on the phone")
        place_hold(world, band)
        phone.items([*band.record_items(band.state.number), band.head_item()])
        await expect(hold).to_have_attribute("data-state", "in force")
        await picture(page, "09-in-force")
        await page.get_by_role("link", name="Today").click()
        await expect(page.get_by_role("heading", name="patient needs you")).to_be_visible()
        await page.wait_for_load_state("load")
        await page.keyboard.press("j")
        await expect(page.locator("tr.chosen")).to_be_visible()
        await picture(page, "12-list")
        await page.emulate_media(color_scheme="dark")
        await picture(page, "13-list-dark")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Klara Voorbeeld")).to_be_visible()
        await picture(page, "14-patient-dark")
        await page.emulate_media(color_scheme="light")


def check_in(world: World, phone: Phone, day: int) -> None:
    patient_id = phone.bytes_of("patient_id")
    asked = questionnaire()
    answers = (2, 2, 2, 1, 2, 2, 1, 1, 0) if day == 0 else (1, 1, 1, 1, 1, 1, 1, 1, 0)
    body = CheckinBody(asked.id, asked.version, patient_id, world.clock.now_ms, answers, "en")
    sealed = seal(
        fields.pack(body),
        to=world.identity.keys["care"].public_key,
        context=checkin_context(patient_id),
    )
    phone.items([{"id": f"checkin/{day}", "kind": "checkin", "body": sealed}])


def place_hold(world: World, band: Band) -> None:
    with world.database.read("demo") as session:
        hold = session.scalars(select(Hold)).one()
    band.write(
        records.HoldPlacedBody(
            hold.hold_id, HoldKind.SAFETY, HoldSource.CLOUD, hold.reason, hold.number
        )
    )
