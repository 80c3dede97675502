"""Pages: for who is signed in, of their own clinic, with the form's token, and written down."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text, update
from starlette.testclient import TestClient

from cloud.audit import service as audit
from cloud.audit.models import AuditEvent
from cloud.dashboard.app import create_app
from cloud.dashboard.headers import HEADERS
from cloud.patients.models import Patient
from cloud.people import service as people
from cloud.people.authority import Role
from cloud.prescriptions.models import StoredPrescription
from cloud.training.service import finish_all
from shared.dose.prescription import from_bytes, to_bytes
from shared.trust.sealing import seal
from shared.wire.items import session_log_context
from tests.cloud.enrolling import NOTHING_SAID
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import World, add_clinic, make_identity


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


FIRST_ROLES = (Role.PRESCRIBER, Role.ADMINISTRATOR)


def sign_in(
    world: World,
    pages: TestClient,
    clinic_id: str = "demo",
    roles: tuple[Role, ...] = FIRST_ROLES,
) -> str:
    """Sign somebody of the clinic in; return the form token."""
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        member = people.add_member(session, clinic_id, "A. Example", *roles, now_ms=now_ms)
        finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
        cookie = people.open_sign_in(session, member, hours=10, now_ms=now_ms)
    pages.cookies.set("circlet", cookie)
    with world.database.read("demo") as session:
        return people.signed_in(session, cookie, idle_minutes=60, now_ms=now_ms).form_token


def actions(world: World) -> list[str]:
    with world.database.read("demo") as session:
        return [event.action for event in audit.newest(session, "demo")]


@pytest.mark.parametrize("path", ["/", "/patients/new", "/clinic", "/audit", "/patients/00"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in(pages: TestClient, path: str) -> None:
    answer = pages.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/static/pages.css"])
def test_every_answer_has_the_security_headers(pages: TestClient, path: str) -> None:
    answer = pages.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_sign_in_ends_when_unused_and_a_refresh_does_not_keep_it(
    world: World, pages: TestClient
) -> None:
    sign_in(world, pages)
    for _ in range(4):
        world.clock.now_ms += 14 * 60_000
        assert "HX-Redirect" not in pages.get("/patients/live").headers
    world.clock.now_ms += 14 * 60_000
    answer = pages.get("/patients/live", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_sign_in_is_kept_by_doing_something_but_ends_at_last(
    world: World, pages: TestClient
) -> None:
    sign_in(world, pages)
    statuses = []
    for _ in range(11):
        world.clock.now_ms += 58 * 60_000
        statuses.append(pages.get("/", headers={"Accept": "text/html"}).status_code)
    assert statuses == [200] * 10 + [303]


def test_form_without_its_token_changes_nothing(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    sign_in(world, pages)
    path = f"/patients/{patient.patient_id.hex()}/holds"
    form = {"patient_id": patient.patient_id.hex(), "reason": "clinician"}
    assert pages.post(path, data=form).status_code == 403
    assert pages.post(path, data={**form, "form_token": "wrong"}).status_code == 403
    assert "asked for a hold" not in actions(world)


def test_hold_form_of_another_patient_is_refused(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    token = sign_in(world, pages)
    form = {"patient_id": "00" * 16, "reason": "clinician", "form_token": token}
    answer = pages.post(f"/patients/{patient.patient_id.hex()}/holds", data=form)
    assert answer.status_code == 404


@pytest.mark.parametrize("days", [1, 14])
def test_hold_says_for_how_long_the_band_may_treat_without_word(
    world: World, pages: TestClient, days: int
) -> None:
    patient, _ = world.enrol()
    sign_in(world, pages)
    page = f"/patients/{patient.patient_id.hex()}/hold"
    assert "clearance ends" not in pages.get(page).text
    passkey, stored = certified(world), draft(world, patient)
    take(world, passkey.answer([stored.data]))
    signed = replace(from_bytes(stored.data), clearance_limit_s=days * 86_400)
    with world.database.write("demo") as session:
        session.execute(update(StoredPrescription).values(data=to_bytes(signed)))
    assert f"after {days} day" in pages.get(page).text


@pytest.mark.parametrize(
    "path", ["", "/live", "/prescribe", "/hold", "/session-logs"], ids=lambda p: p or "page"
)
def test_another_clinics_patient_is_answered_as_one_that_never_was(
    world: World, pages: TestClient, tmp_path: Path, path: str
) -> None:
    patient, _ = world.enrol()
    add_clinic(world, make_identity(tmp_path / "other", "other"))
    sign_in(world, pages, "other")
    theirs = pages.get(f"/patients/{patient.patient_id.hex()}{path}")
    nobodys = pages.get(f"/patients/{'00' * 16}{path}")
    assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text)
    assert theirs.status_code == 404
    assert "Maria" not in pages.get("/").text


def test_reading_a_patient_is_written_down(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    sign_in(world, pages)
    assert "Maria Sample" in pages.get(f"/patients/{patient.patient_id.hex()}").text
    assert actions(world)[0] == "read a patient"


def test_changed_audit_event_breaks_the_chain(world: World, pages: TestClient) -> None:
    sign_in(world, pages)
    for _ in range(3):
        pages.get("/")
    with world.database.write("demo") as session:
        assert audit.first_broken(session, "demo") is None
        # Who writes to the file itself can take the trigger away: the chain still tells.
        session.execute(text("DROP TRIGGER keep_audit_events_update"))
        session.execute(update(AuditEvent).where(AuditEvent.number == 2).values(actor="nobody"))
    with world.database.read("demo") as session:
        assert audit.first_broken(session, "demo") == 2
    assert "breaks at event 2" in pages.get("/audit").text


def test_enrolling_shows_the_code_as_text_and_as_a_drawing(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    form = {
        "name": "Maria Sample",
        "birth_date": "1980-05-17",
        "device_id": world.identity.device_id.hex(),
        "indication": "mdd",
        "form_token": token,
        **NOTHING_SAID,
    }
    answer = pages.post("/patients", data=form)
    assert answer.status_code == 200
    assert 'id="code">demo-' in answer.text
    assert 'class="qr"' in answer.text
    assert "Emergency card" in answer.text
    assert "style=" not in answer.text
    again = pages.post("/patients", data=form)
    assert (again.status_code, "not free" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("birth_date", "yesterday", "day, month and year"),
        ("birth_date", "1850-01-01", "outside a lifetime"),
        ("name", "  ", "1 to 80 characters"),
        ("device_id", "00", "not free"),
    ],
)
def test_enrolment_form_says_what_is_wrong(
    world: World, pages: TestClient, name: str, value: str, words: str
) -> None:
    token = sign_in(world, pages)
    form = {
        "name": "Maria Sample",
        "birth_date": "1980-05-17",
        "device_id": world.identity.device_id.hex(),
        "form_token": token,
        **NOTHING_SAID,
    }
    answer = pages.post("/patients", data={**form, name: value})
    assert answer.status_code == 422
    assert words in answer.text


def test_names_are_shown_as_text_only(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol("<script>alert(1)</script>")
    sign_in(world, pages)
    for path in ("/", f"/patients/{patient.patient_id.hex()}"):
        assert "<script>alert" not in pages.get(path).text


def test_dashboard_opens_session_logs_with_the_patients_own_key(
    world: World, pages: TestClient, phone: Phone
) -> None:
    patient_id = phone.bytes_of("patient_id")
    sealed = seal(
        b"contact 98 percent",
        to=world.identity.keys["vault-00"].public_key,
        context=session_log_context(patient_id),
    )
    phone.items([{"id": "log", "kind": "session_log", "body": sealed}])
    sign_in(world, pages)
    assert "contact 98 percent" in pages.get(f"/patients/{patient_id.hex()}/session-logs").text
    assert actions(world)[0] == "opened session logs"


def test_draft_out_of_limits_is_shown_and_not_handed_to_the_desk(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    token = sign_in(world, pages)
    form = {
        "protocol_id": "mdd-l-dlpfc-itbs",
        "intensity_percent": "125",
        "threshold_percent": "x",
        "trains": "20",
        "course_sessions": "30",
        "day_window_h": "20",
        "pulses_per_day_window": "600",
        "patient_id": patient.patient_id.hex(),
        "form_token": token,
    }
    answer = pages.post(f"/patients/{patient.patient_id.hex()}/prescriptions", data=form)
    assert "Intensity, %: 125 is not allowed, at most 120" in answer.text
    assert "Motor threshold: a whole number from 1 to 100" in answer.text
    assert "#request=" not in answer.text


@pytest.mark.parametrize(("born", "of_age"), [(date(2008, 3, 3), False), (date(2008, 3, 2), True)])
def test_a_patient_below_the_protocols_age_is_not_handed_to_the_desk(
    world: World, pages: TestClient, born: date, of_age: bool
) -> None:
    patient, _ = world.enrol()
    form = {
        "protocol_id": "mdd-l-dlpfc-itbs",
        "intensity_percent": "120",
        "threshold_percent": "50",
        "threshold_measured_on": "2026-03-02",
        "trains": "20",
        "course_sessions": "30",
        "day_window_h": "20",
        "pulses_per_day_window": "600",
        "patient_id": patient.patient_id.hex(),
        "serial": "1",
    }
    with world.database.write("demo") as session:
        known = session.get_one(Patient, (patient.clinic_id, patient.patient_id))
        known.birth_date = born
    form["form_token"] = sign_in(world, pages)
    path = f"/patients/{patient.patient_id.hex()}/prescriptions"
    answer = pages.post(path, data=form)
    too_young = "This protocol is for 18 years and older; the patient is 17" in answer.text
    assert too_young is not of_age
    assert ("#request=" in answer.text) is of_age


def test_invitation_is_good_once_and_ends(world: World, pages: TestClient) -> None:
    with world.database.write("demo") as session:
        member = people.add_member(session, "demo", "B. Colleague", Role.PRESCRIBER, now_ms=0)
        token = people.invite(session, member, now_ms=world.clock.now_ms)
    assert "B. Colleague" in pages.get(f"/invitations/{token}").text
    world.clock.now_ms += people.INVITATION_MS + 1
    assert pages.get(f"/invitations/{token}").status_code == 409
    assert pages.get("/invitations/demo.never").status_code == 409


@pytest.mark.parametrize("body", ["{}", "[]", "x", '{"rawId":"AA","response":{"userHandle":"AA"}}'])
def test_junk_instead_of_a_passkey_signs_nobody_in(pages: TestClient, body: str) -> None:
    assert pages.post("/passkeys/sign-in/options", json={}).status_code == 200
    answer = pages.post(
        "/passkeys/sign-in", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 409
    assert "circlet" not in pages.cookies


@pytest.mark.parametrize("path", ["/alerts?show=zzz", "/audit?before=-1"])
def test_an_address_that_nobody_can_choose_is_not_called_a_form(
    world: World, pages: TestClient, path: str
) -> None:
    sign_in(world, pages, roles=(Role.PRESCRIBER, Role.ADMINISTRATOR, Role.AUDITOR))
    answer = pages.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "This address asks for something" in answer.text
    assert "form" not in re.sub("<[^>]+>", "", answer.text)
