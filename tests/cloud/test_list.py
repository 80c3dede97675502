"""The list of today: the same as patient by patient, in as many queries for many as for few."""

from dataclasses import replace

from sqlalchemy import event, select
from starlette.testclient import TestClient

from cloud.alerts.findings import TODAY, Cause
from cloud.alerts.service import About, acknowledge, open_alerts, raise_alert
from cloud.dashboard.app import create_app
from cloud.patients.gathering import gather_all
from cloud.patients.models import Patient
from cloud.patients.record import gather
from cloud.patients.service import all_patients
from tests.cloud.many_patients import admitted
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World


def add_patients(world: World, number: int) -> None:
    with world.database.write("demo") as session:
        for n, patient_id in enumerate(admitted(session, number, now_ms=world.clock.now_ms)):
            cause = Cause("self-harm", TODAY, "Said", 1)
            raise_alert(session, About("demo", patient_id), cause, "Why.", now_ms=n)


def queries(world: World) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    with world.database.read("demo") as session:
        gather_all(session, "demo", all_patients(session, "demo"))
    event.remove(world.database.engine, "before_cursor_execute", note)
    return len(asked)


def test_as_many_queries_for_many_patients_as_for_few(world: World) -> None:
    add_patients(world, 2)
    few = queries(world)
    add_patients(world, 40)
    assert queries(world) == few <= 12


def test_all_at_once_is_the_same_as_one_by_one(world: World, phone: Phone) -> None:
    add_patients(world, 3)
    patient_id = phone.bytes_of("patient_id")
    with world.database.read("demo") as session:
        patient = session.scalars(select(Patient).where(Patient.patient_id == patient_id)).one()
    passkey, stored = certified(world), draft(world, patient)
    take(world, passkey.answer([stored.data]))
    band = Band(world.identity, patient_id)
    band.session()
    phone.items([*band.record_items(), band.head_item()])
    check_in(world, phone, "one", (1,) * 8 + (1,))
    worker_of(world).round()
    with world.database.read("demo") as session:
        patients = all_patients(session, "demo")
        assert gather_all(session, "demo", patients) == tuple(
            gather(session, each) for each in patients
        )


def test_what_was_seen_to_and_stays_is_a_line_of_the_week_until_it_rises(world: World) -> None:
    add_patients(world, 1)
    cause = Cause("self-harm", TODAY, "Said", 1)
    with world.database.write("demo") as session:
        (alert,) = open_alerts(session, "demo")
        about = About("demo", alert.patient_id)
        acknowledge(session, alert, alert.alert_id, by=bytes(16), now_ms=world.clock.now_ms)
    with TestClient(create_app(world.settings, world.clock)) as pages:
        sign_in(world, pages)
        assert "Seen to this week" not in pages.get("/").text
        with world.database.write("demo") as session:
            raise_alert(session, about, cause, "Why.", now_ms=world.clock.now_ms)
        text = pages.get("/").text
        assert "Nobody needs you now" in text
        assert "Seen to this week" in text
        with world.database.write("demo") as session:
            risen = replace(cause, value=2)
            raise_alert(session, about, risen, "Why.", now_ms=world.clock.now_ms)
        text = pages.get("/").text
    assert "Seen to this week" not in text
    assert "1 of 1 patient needs you" in text
