"""The prescribing page: what it shows while one types, and what it never lets get mixed up."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.patients.models import Patient
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import World

ITBS = {
    "protocol_id": "mdd-l-dlpfc-itbs",
    "intensity_percent": "120",
    "threshold_percent": "50",
    "trains": "20",
    "course_sessions": "30",
    "day_window_h": "20",
    "pulses_per_day_window": "600",
}
TYPING = {"HX-Request": "true"}


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def form_of(patient: Patient, token: str, serial: int = 1, **typed: str) -> dict[str, str]:
    whose = {"patient_id": patient.patient_id.hex(), "serial": str(serial), "form_token": token}
    return ITBS | whose | typed


def address(patient: Patient, end: str = "prescriptions") -> str:
    return f"/patients/{patient.patient_id.hex()}/{end}"


def test_preview_says_the_dose_of_session_day_week_and_course(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    form = form_of(patient, sign_in(world, pages), trains="10", course_sessions="20")
    said = pages.post(address(patient, "prescribe/preview"), data=form, headers=TYPING).text
    for line in (
        "300 pulses, 1 min 32 s",
        "1 session, 600 pulses",
        "5 sessions, 1,500 pulses",
        "20 sessions, 6,000 pulses",
        "1,800 pulses",
        "Rossi et al. 2009",
    ):
        assert line in said, line
    assert "<html" not in said


def test_preview_without_a_script_is_the_whole_page_with_what_was_typed(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    form = form_of(patient, sign_in(world, pages), intensity_percent="125")
    said = pages.post(address(patient, "prescribe/preview"), data=form).text
    assert "<html" in said
    assert 'name="intensity_percent" value="125"' in said
    assert "at most 120" in said
    assert f'formaction="{address(patient, "prescribe/preview")}"' in said


@pytest.mark.parametrize("end", ["prescribe/preview", "prescriptions"])
def test_a_form_of_another_patients_tab_is_refused(
    world: World, pages: TestClient, end: str
) -> None:
    patient, _ = world.enrol()
    form = form_of(patient, sign_in(world, pages)) | {"patient_id": "00" * 16}
    answer = pages.post(address(patient, end), data=form)
    assert answer.status_code == 404
    assert "another patient" in answer.text


def test_the_second_clinician_sees_the_firsts_change_before_signing(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    seen = form_of(patient, token, intensity_percent="119")
    take(world, passkey.answer([draft(world, patient, intensity=110).data]))
    answer = pages.post(address(patient), data=seen).text
    assert "#request=" not in answer
    assert "Version 1 was signed by A. Example, today 09:00, after you opened" in answer
    assert "110 %, 55 % of output" in answer
    assert 'name="intensity_percent" value="119"' in answer
    assert 'name="serial" value="2"' in answer
    again = form_of(patient, token, serial=2, intensity_percent="119")
    assert "#request=" in pages.post(address(patient), data=again).text


def test_a_large_step_of_the_output_is_asked_for_twice(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    take(world, passkey.answer([draft(world, patient, intensity=90).data]))
    form = form_of(patient, token, serial=2)
    first = pages.post(address(patient), data=form).text
    assert "#request=" not in first
    assert "From 45 % to 60 % of output: is that meant?" in first
    other = pages.post(address(patient), data=form | {"output_step_meant": "59"}).text
    assert "#request=" not in other
    meant = pages.post(address(patient), data=form | {"output_step_meant": "60"}).text
    assert "#request=" in meant


def test_a_step_of_ten_points_is_asked_for_once(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    take(world, passkey.answer([draft(world, patient, intensity=100).data]))
    form = form_of(patient, token, serial=2)
    assert "#request=" in pages.post(address(patient), data=form).text


def test_two_hand_overs_of_one_draft_end_in_one_version(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    stored = draft(world, patient)
    form = {"answer": passkey.answer([stored.data]), "form_token": token}
    first, second = (pages.post("/desk-return", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    other = draft(world, patient, intensity=110)
    form["answer"] = passkey.answer([other.data])
    assert pages.post("/desk-return", data=form).status_code == 303
    late = passkey.answer([stored.data])
    assert pages.post("/desk-return", data=form | {"answer": late}).status_code == 409
