"""The way of a prescription to the band, and whom to call while a hold is not in force."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.holds.service import ask
from cloud.patients.service import device_of, patient_of
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import Band, World, somebody

HOUR_MS = 3_600_000


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def reached(page: str) -> int:
    return page.count('class="reached"')


def test_a_prescription_is_followed_from_the_signature_to_the_bands_record(
    world: World, pages: TestClient, phone: Phone
) -> None:
    patient_id = phone.bytes_of("patient_id")
    sign_in(world, pages)
    path = f"/patients/{patient_id.hex()}/way"
    assert "Nothing was signed" in pages.get(path).text
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", patient_id)
    stored = draft(world, patient)
    take(world, certified(world).answer([stored.data]))
    first = pages.get(path).text
    assert reached(first) == 1
    assert "NOT IN FORCE: what was in force before stands" in first
    assert "by A. Example, at the desk" in first
    world.clock.now_ms += HOUR_MS
    given = phone.get("/v1/sync?cursor=0").json()["items"]
    phone.get(f"/v1/sync?cursor={given[-1]['cursor']}")
    second = pages.get(f"{path}/live").text
    assert (reached(second), "today 10:00; fetched by the app" in second) == (2, True)
    band = Band(world.identity, patient_id)
    band.pass_time(2 * HOUR_MS)
    band.install(stored.data)
    world.clock.now_ms += 2 * HOUR_MS
    send(phone, band)
    sign_in(world, pages)
    third = pages.get(path).text
    assert reached(third) == 4
    assert f"today 11:00; record {band.state.number} of the band" in third
    assert "verified here today 12:00" in third
    assert "NOT IN FORCE" not in third


def test_a_version_that_was_not_installed_in_time_is_to_be_signed_anew(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    take(world, certified(world).answer([draft(world, patient).data]))
    world.clock.now_ms += 15 * 24 * HOUR_MS
    sign_in(world, pages)
    assert "Sign it anew" in pages.get(f"/patients/{patient.patient_id.hex()}/way").text


def test_a_hold_not_in_force_says_since_when_the_phone_is_silent_and_whom_to_call(
    world: World, pages: TestClient, phone: Phone
) -> None:
    patient_id = phone.bytes_of("patient_id")
    with world.database.write("demo") as session:
        device, who = device_of(session, "demo", patient_id), somebody(session)
        ask(session, device, patient_id, "clinician", who, now_ms=world.clock.now_ms)
    world.clock.now_ms += 26 * HOUR_MS
    token = sign_in(world, pages)
    base = f"/patients/{patient_id.hex()}"
    page = pages.get(f"{base}/way").text
    assert "NOT IN FORCE: phone silent since yesterday 09:00" in page
    assert "No number to call" in page
    form = {"patient_id": patient_id.hex(), "number": " +49 30 23125001 ", "form_token": token}
    assert pages.post(f"{base}/telephone", data=form).status_code == 303
    page = pages.get(f"{base}/way").text
    assert '<a class="telephone" href="tel:+493023125001">+49 30 23125001</a>' in page
    for wrong in ("call me", "1" * 33, "+--"):
        answer = pages.post(f"{base}/telephone", data=form | {"number": wrong})
        assert answer.status_code == 409, wrong
    mixed = pages.post(f"{base}/telephone", data=form | {"patient_id": "00" * 16})
    assert mixed.status_code == 404
