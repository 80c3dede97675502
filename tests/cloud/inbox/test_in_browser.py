"""The inbox in Chromium: nothing that axe finds wrong, at twice the text, and by keys alone."""

import pytest
from playwright.async_api import expect

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.alerts.service import About, open_alerts, raise_alert
from cloud.people.authority import Role
from tests.cloud.authority.people import visitor
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.worlds import World


@pytest.mark.long
async def test_an_alert_is_acknowledged_by_keys_alone_on_an_accessible_page(world: World) -> None:
    patient, _ = world.enrol()
    who = visitor(world, "A. Example", Role.PRESCRIBER)
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        silent = Cause("silent/1", NOW, "The phone is silent")
        raise_alert(session, patient, silent, "Call the patient.", now_ms=now_ms)
        ends = Cause("certificate/1", TODAY, "A certificate ends soon")
        raise_alert(session, About("demo"), ends, "Renew it.", now_ms=now_ms)
    with dashboard_of(world) as origin:
        async with page_of(1280, 900) as page:
            await page.context.add_cookies(
                [{"name": "circlet", "value": who.cookie, "url": origin}]
            )
            await page.goto(f"{origin}/alerts")
            await assert_accessible(page)
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await assert_accessible(page)
            focused = ""
            for _ in range(40):
                await page.keyboard.press("Tab")
                focused = await page.evaluate("document.activeElement.textContent")
                if focused.startswith("Acknowledge"):
                    break
            assert "Maria Sample, 45 years old" in focused
            await page.keyboard.press("Enter")
            dialog = page.get_by_role("dialog", name="Maria Sample, 45 years old")
            await expect(dialog).to_contain_text("The phone is silent")
            await expect(dialog).to_contain_text("It can't be taken back")
            await page.keyboard.press("Escape")
            await expect(dialog).to_be_hidden()
            await page.keyboard.press("Enter")
            await expect(dialog).to_be_visible()
            await page.keyboard.press("Enter")
            await page.wait_for_selector("text=1 alert is open")
    with world.database.read("demo") as session:
        assert [each.title for each in open_alerts(session, "demo")] == ["A certificate ends soon"]
