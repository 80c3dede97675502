"""From the patient's phone to the page and back, each part real: app, ingest, pages, Chromium."""

from dataclasses import replace
from pathlib import Path

from playwright.async_api import Page, expect

from cloud.care import cards
from mobile.presenters.close_by import NAME_FIELD, SHOWN
from mobile.presenters.looks import LooksFacts, looks_page
from shared.care.caregiver import Shown
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.caregivers.app import App
from tests.cloud.test_browser import note, picture
from tests.cloud.worlds import World, make_world
from tests.mobile.sync.season import Season, serving_ingest
from tests.shared.care.cards import card


async def test_what_the_patient_chose_is_seen_in_a_browser_until_it_is_taken_back(
    tmp_path: Path,
) -> None:
    clinic = tmp_path / "clinic"
    clinic.mkdir()
    world = make_world(clinic)
    with dashboard_of(world) as origin:
        settings = world.settings.model_copy(update={"origin": origin})
        with serving_ingest(replace(world, settings=settings)) as (url, weather):
            life = Season(tmp_path / "phone", world, url, weather)
            await life.enrol()
            await treat(world, life)
            try:
                async with page_of(width=390, height=844) as page:
                    await journey(world, life, page)
            finally:
                await life.close()


async def treat(world: World, life: Season) -> None:
    assert await life.day(sessions=2, answers=1)
    with world.database.write("demo") as session:
        key, now_ms = world.identity.keys["enrolment"], world.clock.now_ms
        cards.publish(session, "demo", card(), key, now_ms=now_ms)


async def journey(world: World, life: Season, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda line: note(complaints, line))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    app = App(life)
    app.place.typed(NAME_FIELD, "Ada Berg")
    app.place.choose(str(int(Shown.SESSIONS)), SHOWN)
    await app.press("invite")
    assert "works as soon as this phone has reached your clinic" in app.shown
    await app.reach_the_clinic()
    assert app.link.split("#")[1] in app.shown

    await page.goto(app.link)
    assert "#" not in page.url
    await picture(page, "60-care-join")
    await page.get_by_role("button", name="Make a passkey").click()
    await expect(page.get_by_role("heading", name="What Maria Sample shares")).to_be_visible()
    await expect(page.get_by_text("done")).to_have_count(2)
    await expect(page.get_by_text("The next session", exact=True)).to_have_count(0)
    await picture(page, "61-care-sessions")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390

    await app.reach_the_clinic()
    assert "Ada Berg can see what you chose" in app.shown
    told = str(looks_page(LooksFacts(app.now, "Demo clinic", await app.looks(), app.names())))
    assert told.count("Ada Berg, whom you let in") == 2
    for words in ("Came in by your invitation", "Saw what you share with them"):
        assert words in told

    world.clock.now_ms += 1000
    await app.press("change")
    for each in (Shown.NEXT, Shown.ATTENTION, Shown.SCORES):
        app.place.choose(str(int(each)), SHOWN)
    await app.press("save")
    await app.reach_the_clinic()
    await page.get_by_role("link", name="Look again").click()
    await expect(page.get_by_role("heading", name="The next session")).to_be_visible()
    await picture(page, "62-care-all")

    await app.press("ask-withdraw", "withdraw")
    assert "Not sent yet: Ada Berg still sees it" in app.shown
    await app.reach_the_clinic()
    assert "Ada Berg sees nothing any more" in app.shown
    await page.get_by_role("link", name="Look again").click()
    await expect(page.get_by_role("heading", name="Come in again")).to_be_visible()
    assert complaints == []
    await page.get_by_role("button", name="Sign in with your passkey").click()
    await expect(page.locator("#problem")).to_contain_text("Nothing is shared with you any more")
    await picture(page, "63-care-ended")
