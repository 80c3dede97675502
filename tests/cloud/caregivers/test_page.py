"""The page of somebody close: what was chosen, nothing else, and nothing any more once it ended."""

import re
from itertools import combinations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.audit import service as audit
from cloud.care import cards
from cloud.caregivers.models import Caregiver
from cloud.dashboard.app import create_app
from cloud.ingest.bodies import decode_bytes
from cloud.patients.erasing import erase
from cloud.people.authority import Role
from cloud.people.models import Member, SignIn
from shared.care.caregiver import Shown
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.authority.test_matrix import IDS, routes_of
from tests.cloud.caregivers.sharing import NAME, Sharing, browser, news
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World
from tests.shared.care.cards import card

ALL = tuple(Shown)
PATIENT = "Maria Sample"
SAYS = {
    Shown.SESSIONS: "cut short",
    Shown.NEXT: "No time is known",
    Shown.ATTENTION: "looked into by the clinic",
    Shown.SCORES: "9 of 27",
}
"""What the page says of each thing, of the life that `sharing` had."""
OPEN_TO_CAREGIVERS = {
    ("GET", "/care"),
    ("POST", "/sign-out"),
    *((method, path) for (method, path), route in DASHBOARD.items() if route.nobody),
}


@pytest.fixture
def app(world: World) -> FastAPI:
    return create_app(world.settings, world.clock)


@pytest.fixture
def sharing(world: World, phone: Phone) -> Sharing:
    """Somebody close to a patient who had a session and answered a check-in."""
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session(trains=3)
    phone.items([*band.record_items(), band.head_item()])
    check_in(world, phone, "check-in", (1,) * 9)
    worker_of(world).round()
    with world.database.write("demo") as session:
        cards.publish(
            session, "demo", card(), world.identity.keys["enrolment"], now_ms=world.clock.now_ms
        )
    return Sharing(world, phone)


def opened(client: TestClient) -> str:
    answer = client.get("/care")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_each_thing_is_there_when_it_was_chosen_and_else_is_not(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite()
    client = browser(app, sharing.come_in())
    for shown in (each for count in (1, 3, 4) for each in combinations(ALL, count)):
        world.clock.now_ms += 1
        sharing.say(*shown)
        page = opened(client)
        for each, words in SAYS.items():
            assert (words in page) == (each in shown), (each, shown)
        assert f"What {PATIENT} shares with you" in page


def test_what_is_not_shared_is_said_without_a_number(app: FastAPI, sharing: Sharing) -> None:
    sharing.invite(Shown.NEXT)
    page = opened(browser(app, sharing.come_in()))
    found = re.search('<p id="not-shared">(.*?)</p>', page)
    assert found is not None
    assert "results of the check-ins" in found[1]
    assert not any(each.isdigit() for each in found[1])


def test_nobody_watches_and_whom_to_call_stand_on_every_state_of_the_page(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    client = browser(app, sharing.come_in())
    with_all = opened(client)
    world.clock.now_ms += 1
    sharing.say()
    with_nothing = opened(client)
    assert "Nothing is shared with you now" in with_nothing
    assert PATIENT not in with_nothing
    for page in (with_all, with_nothing):
        assert "Nobody watches this page for you" in page
        assert 'href="tel:112"' in page
        assert "Crisis line" in page


def test_the_page_speaks_the_browsers_language(app: FastAPI, sharing: Sharing) -> None:
    sharing.invite(*ALL)
    client = browser(app, sharing.come_in())
    client.headers["Accept-Language"] = "fr;q=0.9, de-AT;q=0.8, en;q=0.5"
    page = opened(client)
    assert '<html lang="de">' in page
    for words in ("abgebrochen", "9 von 27, leicht", "Niemand beobachtet diese Seite"):
        assert words in page


def test_no_other_page_opens_for_somebody_close(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    client = browser(app, sharing.come_in())
    client.headers["Accept"] = "application/json"
    own, wrong, asked = sharing.patient_id.hex(), [], 0
    for method, path in sorted(routes_of(app)):
        if (method, path) in OPEN_TO_CAREGIVERS:
            continue
        answer = client.request(method, path.format(patient=own, **IDS))
        asked += 1
        if answer.status_code != 403 or PATIENT in answer.text:
            wrong.append((method, path, answer.status_code))
    assert (wrong, asked > 50) == ([], True)
    assert "9 of 27" in opened(client)


@pytest.mark.both_databases
def test_taking_it_back_ends_the_sign_in_with_the_very_next_request(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    client = browser(app, sharing.come_in())
    opened(client)
    sharing.say(ended=True)
    answer = client.get("/care")
    assert (answer.status_code, answer.headers["location"]) == (303, "/care/sign-in")
    assert PATIENT not in answer.text
    with world.database.read("demo") as session:
        assert session.query(SignIn).all() == []
        assert session.get_one(Member, ("demo", sharing.caregiver_id)).left_ms is not None


@pytest.mark.both_databases
def test_the_clinic_reads_in_a_line_who_sees_what_and_ends_it(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite(Shown.SESSIONS, Shown.SCORES)
    client = browser(app, sharing.come_in())
    opened(client)
    staff = browser(app)
    token = sign_in(world, staff)
    path = f"/patients/{sharing.patient_id.hex()}"
    line = re.search('id="sharing">.*?<p>(.*?)</p>', staff.get(path).text, re.DOTALL)
    assert line is not None
    assert NAME in line[1]
    assert "the sessions and results of the check-ins" in line[1]
    answer = staff.post(f"{path}/sharing/end", data={"form_token": token})
    assert answer.status_code == 303
    assert client.get("/care").status_code == 303
    assert 'id="sharing"' not in staff.get(path).text
    assert staff.post(f"{path}/sharing/end", data={"form_token": token}).status_code == 409
    told = news(sharing.phone)[-1]
    assert (bool(told.ended_ms), told.by_clinic) == (True, True)


@pytest.mark.both_databases
def test_each_look_is_a_line_and_the_patients_phone_knows_whose(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    sharing.invite(Shown.NEXT)
    client = browser(app, sharing.come_in())
    for _ in range(2):
        opened(client)
    with world.database.read("demo") as session:
        lines = [audit.line_of(each) for each in audit.newest(session, "demo")]
    looks = [each for each in lines if each.action == "read what is shared"]
    assert [(each.route, each.patients) for each in looks] == [
        ("GET /care", (sharing.patient_id,))
    ] * 2
    told = sharing.phone.get("/v1/looks").json()["looks"]
    mine = [each for each in told if each["kind"] == "shared"]
    assert len(mine) == 2
    assert {(each["who"], tuple(each["roles"])) for each in mine} == {
        ("Somebody close", ("caregiver",))
    }
    assert {decode_bytes(each["caregiver_id"]) for each in mine} == {sharing.caregiver_id}
    assert {each["caregiver_id"] for each in told} == {mine[0]["caregiver_id"]}


@pytest.mark.both_databases
def test_an_erasure_ends_it_and_keeps_no_row(world: World, app: FastAPI, sharing: Sharing) -> None:
    sharing.invite(*ALL)
    client = browser(app, sharing.come_in())
    erase(world.database, "demo", sharing.patient_id, actor="x", now_ms=world.clock.now_ms)
    assert client.get("/care").status_code == 303
    with world.database.read("demo") as session:
        assert session.query(Caregiver).all() == []
        assert session.query(SignIn).all() == []


def test_somebody_close_is_none_of_the_staff(world: World, app: FastAPI, sharing: Sharing) -> None:
    sharing.invite(*ALL)
    sharing.come_in()
    staff = browser(app)
    token = sign_in(world, staff, roles=(Role.ADMINISTRATOR,))
    for path in ("/staff", "/clinic/alerts", "/teams"):
        assert "Somebody close" not in staff.get(path).text
    form = {"form_token": token}
    end = staff.post(f"/staff/{sharing.caregiver_id.hex()}/sign-ins/end", data=form)
    assert end.status_code == 404
