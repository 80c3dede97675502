"""The bands: what is wrong first, firmware and record as the band said, names within reach."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.bands.retiring import retire
from cloud.patients.models import Device
from cloud.people.authority import Role
from shared.wire import records
from tests.chromium import chromium, new_tab
from tests.cloud.authority.people import visitor
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.opening import PHONE
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World, make_world

DAY_MS = 86_400_000
TOUCH_PX = 44
LINES = """row => {
  const style = getComputedStyle(row);
  const height = row.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  return Math.round(height / parseFloat(style.lineHeight));
}"""
"""How many lines are written in a row."""


@pytest.fixture
def world(tmp_path: object) -> Iterator[World]:
    made = make_world(tmp_path, devices=3, vaults=3)  # type: ignore[arg-type]
    yield made
    made.database.close()


def read(pages: TestClient, cookie: str) -> str:
    answer = pages.get("/clinic/devices", headers={"Cookie": f"circlet={cookie}"})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_what_is_wrong_stands_first_with_firmware_and_record_as_the_band_said(
    world: World, pages: TestClient, ingest: TestClient
) -> None:
    first, second, _ = world.identity.devices
    patient, code = world.enrol(device_id=second)
    world.enrol("Jakob Beispiel", device_id=first)
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    band = Band(world.identity, patient.patient_id, device_id=second)
    band.write(records.BootBody(0, False, 2000, "1.4.2"))
    phone.items([*band.record_items(), band.head_item()])
    who = visitor(world, "A. Example", Role.PRESCRIBER)
    page = read(pages, who.cookie)
    assert "3 bands: 1 to look at, 1 free." in page
    assert "1.4.2" in page
    assert "number 2, verified today 09:00" in page
    assert page.index("CB-0001") < page.index("CB-0002") < page.index("CB-0003")
    assert "No phone is enrolled for it yet" in page
    band.session()
    phone.items(band.record_items(3))
    assert "records wait for the band&#39;s signature" in read(pages, who.cookie)
    world.clock.now_ms += 4 * DAY_MS
    who = visitor(world, "B. Example", Role.PRESCRIBER)
    page = read(pages, who.cookie)
    assert "Its phone has been silent for 4 days" in page
    assert page.index("CB-0002") < page.index("CB-0001")


def test_who_reads_no_patient_sees_bands_without_names(world: World, pages: TestClient) -> None:
    world.enrol()
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        page = read(pages, visitor(world, role.words, role).cookie)
        assert "CB-0001" in page
        assert "Maria Sample" not in page
        assert "a patient" in page


def test_bands_are_grouped_and_no_column_is_empty(world: World, pages: TestClient) -> None:
    world.enrol(device_id=next(iter(world.identity.devices)))
    with world.database.write("demo") as session:
        gone = session.get_one(Device, ("demo", list(world.identity.devices)[2]))
        retire(session, gone, "broken", now_ms=world.clock.now_ms)
    page = read(pages, visitor(world, "A. Admin", Role.ADMINISTRATOR).cookie)
    in_use, spare = page.index('id="in-use"'), page.index('id="spare"')
    retired = page.index('<details class="card folded"><summary>Out of use')
    assert in_use < page.index("CB-0001") < spare < page.index("CB-0002") < retired
    assert retired < page.index("CB-0003", retired)
    assert '<th scope="col">Patient</th></tr>' in page
    assert "<td>-</td>" not in page
    assert page.count("/retire") == 1


async def test_a_spare_band_has_few_lines_on_a_phone_and_its_act_can_be_touched(
    world: World, ingest: TestClient
) -> None:
    patient, code = world.enrol(device_id=next(iter(world.identity.devices)))
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    band = Band(world.identity, patient.patient_id, device_id=next(iter(world.identity.devices)))
    band.write(records.BootBody(0, False, 2000, "1.4.2"))
    phone.items([*band.record_items(), band.head_item()])
    cookie = visitor(world, "A. Example", Role.ADMINISTRATOR).cookie
    with dashboard_of(world) as origin:
        async with chromium() as browser, new_tab(browser, viewport=PHONE, locale="de-DE") as tab:
            page = tab.page
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await page.goto(f"{origin}/clinic/devices")
            await page.evaluate("document.fonts.ready")
            spare = page.locator(".spare li").first
            assert 1 <= await spare.evaluate(LINES) <= 3
            box = await spare.locator("summary").bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= TOUCH_PX
            await spare.locator("summary").click()
            box = await spare.get_by_role("button").bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= TOUCH_PX
