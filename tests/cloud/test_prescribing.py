"""The prescribing page: what it shows while one types, and what it never lets get mixed up."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.patients.models import Patient
from cloud.prescriptions import drafts
from cloud.prescriptions.compare import compare
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from shared.dose.prescription import Phase
from shared.stimulation.catalogue import catalogue
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import World

ITBS = {
    "protocol_id": "mdd-l-dlpfc-itbs",
    "intensity_percent": "120",
    "threshold_percent": "50",
    "threshold_measured_on": "2026-03-02",
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


def field(page: str, name: str) -> str:
    """What stands in a field of the form."""
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return str(found)


def may_go(page: str) -> bool:
    """Whether the way to the desk is open."""
    (button,) = re.findall(r'<button class="act" id="to-desk"([^>]*)>', page)
    return "disabled" not in button


def test_another_protocol_of_the_same_side_keeps_the_threshold_and_its_age(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    stored = draft(world, patient)
    take(world, passkey.answer([stored.data]))
    world.clock.now_ms += 6 * 86_400_000
    token = sign_in(world, pages)
    other = "mdd-l-dlpfc-10hz"
    page = pages.get(f"{address(patient, 'prescribe')}?protocol={other}").text
    assert field(page, "threshold_percent") == "50"
    assert field(page, "threshold_measured_on") == "2026-03-02"
    assert re.search(r"Carried over from version 1: of [^.<]*2 Mar[^.<]*09:00\.", page)
    assert may_go(page)
    form = form_of(patient, token, serial=2, protocol_id=other, trains="75")
    form |= {"pulses_per_day_window": "3000", "course_sessions": "36"}
    assert "#request=" in pages.post(address(patient), data=form).text
    with world.database.read("demo") as session:
        made = session.scalars(select(StoredPrescription).filter_by(serial=2)).one()
        assert read_prescription(made).threshold == read_prescription(stored).threshold


@pytest.mark.parametrize("amends", [True, False])
def test_the_other_side_asks_for_a_threshold_and_goes_nowhere_without_one(
    world: World, pages: TestClient, *, amends: bool
) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    if amends:
        take(world, passkey.answer([draft(world, patient).data]))
    other = "mdd-r-dlpfc-1hz"
    page = pages.get(f"{address(patient, 'prescribe')}?protocol={other}").text
    assert field(page, "threshold_percent") == field(page, "threshold_measured_on") == ""
    assert "Motor threshold: type in what was measured" in page
    assert "Threshold measured on: type in the day" in page
    assert ("The one in force is of another hemisphere" in page) is amends
    assert "120 % of a threshold that is not given" in page
    assert page.count("of output, for") == int(amends)
    assert not may_go(page)
    entry = catalogue().entry(other)
    form = form_of(patient, token, serial=2 if amends else 1, protocol_id=other)
    form |= {"trains": "1", "pulses_per_day_window": str(entry.pulses_per_session)}
    for lacking in ("threshold_percent", "threshold_measured_on"):
        answer = pages.post(address(patient), data=form | {lacking: ""}).text
        assert "#request=" not in answer
        assert f'data-input="{lacking}"' in answer
    assert "#request=" in pages.post(address(patient), data=form).text


def test_values_of_another_protocol_that_nobody_saw_do_not_go_to_the_desk(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    passkey, token = certified(world), sign_in(world, pages)
    take(world, passkey.answer([draft(world, patient).data]))
    form = form_of(patient, token, serial=2) | {
        "shown_protocol_id": "mdd-l-dlpfc-itbs",
        "protocol_id": "mdd-l-dlpfc-10hz-dash",
    }
    answer = pages.post(address(patient), data=form).text
    assert "#request=" not in answer
    assert field(answer, "trains") == "75"
    assert field(answer, "shown_protocol_id") == "mdd-l-dlpfc-10hz-dash"


def test_how_a_threshold_was_measured_and_by_whom_is_carried_over(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    passkey = certified(world)
    stored = draft(world, patient)
    with world.database.write("demo") as session:
        kept = session.merge(stored)
        kept.threshold_method, kept.threshold_by = "emg", "N. Example"
    take(world, passkey.answer([stored.data]))
    sign_in(world, pages)
    page = pages.get(f"{address(patient, 'prescribe')}?protocol=mdd-l-dlpfc-10hz").text
    assert "measured today 09:00 by N. Example, electromyography." in page


def test_protocols_stand_by_indication_the_patients_own_first_each_by_a_name_of_its_own(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    with world.database.write("demo") as session:
        session.get_one(Patient, (patient.clinic_id, patient.patient_id)).indication = "ptsd"
    sign_in(world, pages)
    page = pages.get(address(patient, "prescribe")).text
    heads = re.findall(r'<optgroup label="([^"]*)"', page)
    assert heads[:2] == ["post-traumatic stress disorder", "major depressive disorder"]
    names = re.findall(r'<option value="[^"]*"[^>]*>([^<]*)<', page)
    assert len(names) == len(set(names)) == len(drafts.offered(catalogue()))
    assert 'value="ptsd-r-dlpfc-1hz" selected' in page
    assert 'id="off-label"' not in page
    assert '<span class="soft" id="enrolled-for">post-traumatic stress disorder</span>' in page


def test_a_protocol_of_another_indication_is_said_and_not_kept_from_the_prescriber(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    certified(world)
    with world.database.write("demo") as session:
        session.get_one(Patient, (patient.clinic_id, patient.patient_id)).indication = "ocd"
    token = sign_in(world, pages)
    page = pages.get(address(patient, "prescribe")).text
    assert "No protocol for obsessive-compulsive disorder is offered" in page
    assert (
        "This protocol is for major depressive disorder; "
        "the patient is enrolled for obsessive-compulsive disorder." in page
    )
    assert 'name="research_reason"' in page
    assert "#request=" in pages.post(address(patient), data=form_of(patient, token)).text


def test_a_taper_is_said_in_the_desks_words_with_the_dose_of_each_week(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    sign_in(world, pages)
    page = pages.get(f"{address(patient, 'prescribe')}?protocol=mdd-l-dlpfc-10hz").text
    assert "30 sessions, at most 5 a week, 4 h apart or more: 15,000 pulses a week" in page
    assert "1 session, at most 1 a week, 6 days apart or more: 3,000 pulses a week" in page
    assert "5 sessions, 15,000 pulses" in page


@pytest.mark.parametrize(
    ("completed", "week"),
    [
        (0, "5 sessions, 3,000 pulses"),
        (28, "1 session, 600 pulses"),
        (30, "none: every phase is done"),
    ],
)
def test_a_weeks_dose_is_that_of_the_phase_that_the_course_is_in(completed: int, week: str) -> None:
    recipient = drafts.Recipient("demo", bytes(16), bytes(16), "MS", 1, None, None)
    chosen = replace(drafts.begin("mdd-l-dlpfc-itbs", recipient), threshold_percent=50)
    plan = drafts.build(replace(chosen, measured_s=10**9), recipient, now_s=10**9)
    plan = replace(plan, phases=(Phase(28, 5, 14_400), Phase(2, 1, 6 * 86_400)))
    lines = {line.name: line.draft for line in compare(None, plan, completed=completed)}
    assert lines["In a week, now"] == week
    assert lines["Phase 2"] == (
        "2 sessions, at most 1 a week, 6 days apart or more: 600 pulses a week"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day_window_h": "25"}, "Day window: 25 h is not allowed, 18 to 24 h"),
        ({"pulses_per_day_window": "5000"}, "5,000 is not allowed, at most 600"),
        (
            {"protocol_id": "pain-m1-10hz", "trains": "15", "course_sessions": "14"},
            "Name the reason of the research or off-label use, or the ethics approval.",
        ),
    ],
)
def test_a_refusal_is_in_the_fields_own_unit_and_in_plain_words(
    world: World, pages: TestClient, typed: dict[str, str], said: str
) -> None:
    patient, _ = world.enrol()
    form = form_of(patient, sign_in(world, pages)) | typed
    page = pages.post(address(patient, "prescribe/preview"), data=form, headers=TYPING).text
    assert said in page
    assert not re.search(r"Source: [^<]*\bR\d", page)
    assert "none is not allowed" not in page


def test_the_heading_says_what_is_in_force_and_what_is_on_its_way(
    world: World, pages: TestClient
) -> None:
    patient, _ = world.enrol()
    passkey = certified(world)
    first = draft(world, patient)
    take(world, passkey.answer([first.data]))
    sign_in(world, pages)
    home = address(patient, "")[:-1]
    only = pages.get(home).text
    assert "In force on the band" not in only
    assert "Signed, on its way to the band: iTBS, left DLPFC at 120 % of threshold" in only
    with world.database.write("demo") as session:
        stored = session.scalars(select(StoredPrescription).filter_by(serial=1)).one()
        stored.in_force_ms = world.clock.now_ms
    take(world, passkey.answer([draft(world, patient, intensity=118).data]))
    for page in (pages.get(home).text, pages.get(f"{home}/live").text):
        words = page.partition('id="plan"')[2]
        assert (
            "In force on the band: iTBS, left DLPFC at 120 % of threshold, 30 sessions, "
            "prescription 1." in words
        )
        assert "on its way to the band: iTBS, left DLPFC at 118 % of threshold" in words
    assert "Enrolled for: major depressive disorder" in only
