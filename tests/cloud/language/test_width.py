"""German is longer than English: its pages fit a phone and a screen all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page
from sqlalchemy import select

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.alerts.service import raise_alert
from cloud.holds.service import ask
from cloud.patients.models import Patient
from cloud.patients.service import device_of
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.people.service import add_member, open_sign_in
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World, somebody

PICTURES = Path("build/pages")
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const root = document.scrollingElement;
  if (root.scrollWidth <= wide) return [];
  const out = [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1)
    .map((each) => each.tagName + " " + each.className + " " + each.textContent.slice(0, 40));
  return [root.scrollWidth + " px", ...out];
}"""


def busy_clinic(world: World, phone: Phone) -> str:
    """A clinic in which something happened; return its patient's id."""
    patient_id, now_ms = phone.bytes_of("patient_id"), world.clock.now_ms
    with world.database.read("demo") as session:
        patient = session.scalars(select(Patient).where(Patient.patient_id == patient_id)).one()
    passkey, stored = certified(world), draft(world, patient)
    take(world, passkey.answer([stored.data]))
    band = Band(world.identity, patient_id)
    band.session()
    phone.items([*band.record_items(), band.head_item()])
    check_in(world, phone, "one", (1,) * 8 + (1,))
    worker_of(world).round()
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient_id)
        ask(session, device, patient_id, "side-effect", somebody(session), now_ms=now_ms)
        for number, (urgency, title, detail) in enumerate(ALERTS):
            cause = Cause(f"town/{number}", urgency, title)
            raise_alert(session, patient, cause, detail, now_ms=now_ms)
        add_member(session, "demo", "C. Stand-in", Role.CARE_TEAM, now_ms=now_ms)
    return patient_id.hex()


ALERTS = (
    (NOW, "Thoughts of self-harm, item 9 = 1", "Said in the check-in. The patient needs a call."),
    (
        TODAY,
        "A phone sent another history, which the band did not sign, from record 12 to 240",
        "The proven record stays as it is.",
    ),
)


def signed_in_german(world: World) -> str:
    """Sign somebody with every role in, who speaks German; return the cookie."""
    roles = (Role.PRESCRIBER, Role.CARE_TEAM, Role.ADMINISTRATOR, Role.AUDITOR)
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "Dr. Annegret Musterfrau", *roles, now_ms=now_ms)
        cookie = open_sign_in(session, member, hours=10, now_ms=now_ms)
        session.get_one(Member, ("demo", member.staff_id)).language = "de"
    return cookie


def paths(patient: str) -> Iterator[str]:
    yield from ("/sign-in", "/", "/account", "/sign-again", "/leave", "/teams", "/erasures")
    yield from ("/staff", "/clinic", "/clinic/alerts", "/audit", "/patients/new", "/nowhere")
    for page in ("", "/report", "/prescribe", "/hold", "/teams", "/session-logs"):
        yield f"/patients/{patient}{page}"


@pytest.mark.long
@pytest.mark.parametrize("width", [390, 1280])
async def test_no_german_page_is_wider_than_its_window(
    world: World, phone: Phone, width: int
) -> None:
    patient, cookie = busy_clinic(world, phone), signed_in_german(world)
    wide: dict[str, list[str]] = {}
    with dashboard_of(world) as origin:
        async with page_of(width=width, height=844) as page:
            await page.set_extra_http_headers({"Accept-Language": "de"})
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            for path in paths(patient):
                found = await looked_at(page, f"{origin}{path}", width)
                if found:
                    wide[path.replace(patient, "PATIENT")] = found
    assert wide == {}


async def looked_at(page: Page, address: str, width: int) -> list[str]:
    """Open a page, take its picture, and say what stands out of the window."""
    await page.goto(address)
    await page.evaluate("document.fonts.ready")
    assert await page.locator("html").get_attribute("lang") == "de"
    name = "-".join(part for part in address.split("/")[3:] if len(part) < 32) or "list"
    await page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    found: list[str] = await page.evaluate(TOO_WIDE)
    return found
