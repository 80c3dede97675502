"""What is asked in person before an enrolment decides whether there is one."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.patients.asked_before import QUESTIONS, UNSURE, YES, Does
from cloud.patients.service import all_patients
from cloud.people.authority import Role
from tests.cloud.alerts.telling import titles
from tests.cloud.enrolling import NOTHING_SAID
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import World

DECIDED = [each.id for each in QUESTIONS if each.does is Does.DECIDED]
WHY = "Seizure in childhood, EEG clean, neurologist agrees."


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def enrol(world: World, pages: TestClient, token: str, **said: str) -> str:
    """Send the form; return the sentence of a refusal, or nothing."""
    form = {
        "name": "Maria Sample",
        "birth_date": "1980-05-17",
        "device_id": world.identity.device_id.hex(),
        "form_token": token,
        **NOTHING_SAID,
        **said,
    }
    answer = pages.post("/patients", data=form)
    with world.database.read("demo") as session:
        enrolled = len(all_patients(session, "demo"))
    assert (answer.status_code == 200) is (enrolled == 1)
    return "" if answer.status_code == 200 else answer.text.partition('role="alert">')[2][:90]


def test_who_has_said_nothing_is_enrolled_and_nobody_is_told(
    world: World, pages: TestClient
) -> None:
    assert enrol(world, pages, sign_in(world, pages)) == ""
    assert titles(world) == []


@pytest.mark.parametrize("answer", [YES, UNSURE])
def test_an_implant_and_not_being_sure_of_one_end_it(
    world: World, pages: TestClient, answer: str
) -> None:
    token = sign_in(world, pages)
    said = enrol(world, pages, token, implant=answer, reason=WHY)
    assert said.startswith("Not for treatment at home: Metal")


@pytest.mark.parametrize("question", DECIDED)
def test_a_prescriber_writes_down_why_all_the_same_and_it_stays_on_the_list(
    world: World, pages: TestClient, question: str
) -> None:
    token = sign_in(world, pages)
    assert enrol(world, pages, token, **{question: YES}).startswith("Write down why")
    assert enrol(world, pages, token, **{question: YES}, reason=WHY) == ""
    ((urgency, title),) = titles(world)
    assert (urgency, title[:22]) == ("today", "Said before enrolment:")


def test_who_may_not_prescribe_does_not_decide(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages, roles=(Role.CARE_TEAM,))
    said = enrol(world, pages, token, epilepsy=UNSURE, reason=WHY)
    assert said.startswith("A prescriber has to decide")


@pytest.mark.parametrize("question", [each.id for each in QUESTIONS])
def test_a_question_left_out_is_named(world: World, pages: TestClient, question: str) -> None:
    said = enrol(world, pages, sign_in(world, pages), **{question: ""})
    assert said.startswith("Not answered")
