"""The core services on PostgreSQL: enrolment, records, holds, check-ins, pages."""

from starlette.testclient import TestClient

from cloud.dashboard.app import create_app as create_dashboard
from cloud.holds.service import ask
from cloud.ingest.app import create_app as create_ingest
from cloud.patients.record import gather
from cloud.patients.service import device_of, patient_of
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World, somebody


def test_a_first_day_on_postgresql(postgresql_world: World) -> None:
    world = postgresql_world
    _, code = world.enrol()
    with TestClient(create_ingest(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(code).status_code == 200
        assert phone.enrol(code).json()["code"] == "code_used"
        patient_id = phone.bytes_of("patient_id")
        band = Band(world.identity, patient_id)
        band.session()
        sent = [*band.record_items(), band.head_item()]
        assert {answer["answer"] for answer in phone.items(sent)} == {"accepted"}
        assert {answer["answer"] for answer in phone.items(sent)} == {"duplicate"}
        with world.database.write("demo") as session:
            device = device_of(session, "demo", patient_id)
            ask(session, device, patient_id, "clinician", somebody(session), now_ms=1)
        for _ in range(2):
            worker_of(world).round()
        items = phone.get("/v1/sync?cursor=0").json()["items"]
        assert [item["kind"] for item in items] == ["hold"]
    with world.database.read("demo") as session:
        record = gather(session, patient_of(session, "demo", patient_id))
    assert record.delivered_pulses == 600
    assert record.chain is not None
    assert record.chain.verified_to == band.state.number
    with TestClient(create_dashboard(world.settings, world.clock)) as pages:
        sign_in(world, pages)
        text = pages.get(f"/patients/{patient_id.hex()}").text
    assert f"verified to number {band.state.number}" in text
