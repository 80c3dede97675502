"""What the list does: calls, putting off, tasks for a colleague, own views."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from cloud.teams.service import add_site, add_team, assign, join
from tests.cloud.triage.test_list import names_on
from tests.cloud.triage.wards import HOUR_MS, patients_of, person_of, raised
from tests.cloud.worlds import World


@dataclass
class Desk:
    """Somebody at the list."""

    pages: TestClient
    form_token: str
    staff_id: bytes

    def send(self, path: str, **form: object) -> httpx2.Response:
        data = {"form_token": self.form_token, **form}
        answer: httpx2.Response = self.pages.post(path, data=data)
        return answer

    def see(self, path: str) -> str:
        text: str = self.pages.get(path).text
        return text


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    person, cookie = person_of(world)
    with TestClient(create_app(world.settings, world.clock)) as client:
        client.cookies.set("circlet", cookie)
        yield Desk(client, person.form_token, person.staff_id)


def put_off(desk: Desk, patient: bytes, until: str, reason: str = "On holiday") -> httpx2.Response:
    return desk.send(f"/patients/{patient.hex()}/put-off", reason=reason, until=until)


def test_a_call_stands_in_the_reason_with_its_outcome_and_the_next_try(
    world: World, desk: Desk
) -> None:
    (patient,) = patients_of(world, 1)
    raised(world, patient)
    path = f"/patients/{patient.hex()}/calls"
    answer = desk.send(path, outcome="no-answer", next_at="2026-03-02T15:00")
    line = "Called today 09:00 by A. Example: no answer. "
    assert line + "Next try today 15:00." in answer.text
    world.clock.now_ms += 7 * HOUR_MS
    desk.pages.cookies.set("circlet", person_of(world, "B. Colleague")[1])
    shown = desk.see("/")
    assert line.strip() in shown
    assert "Call again" in shown
    assert "1 h ago. The next try was due today 15:00." in shown


def test_a_next_try_that_passed_brings_a_patient_back_until_somebody_calls(
    world: World, desk: Desk
) -> None:
    (patient,) = patients_of(world, 1)
    calls = f"/patients/{patient.hex()}/calls"
    desk.send(calls, outcome="no-answer", next_at="2026-03-02T15:00")
    put_off(desk, patient, "2026-03-05T09:00")
    world.clock.now_ms += 6 * HOUR_MS - 1
    desk.pages.cookies.set("circlet", person_of(world, "B. Colleague")[1])
    assert names_on(desk.see("/?show=today")) == []
    world.clock.now_ms += 1
    assert names_on(desk.see("/?show=today")) == ["Patient 0"]
    assert "Call again" in desk.see(f"/patients/{patient.hex()}/see-to")
    token = re.findall(r'name="form_token" value="([^"]+)"', desk.see("/"))[0]
    desk.pages.post(calls, data={"form_token": token, "outcome": "message-left"})
    assert names_on(desk.see("/?show=today")) == []
    assert names_on(desk.see("/?show=put-off")) == ["Patient 0"]


def test_a_next_try_in_the_past_changes_nothing_and_says_so(world: World, desk: Desk) -> None:
    (patient,) = patients_of(world, 1)
    path = f"/patients/{patient.hex()}/calls"
    for next_at in ("2026-03-02T08:59", "2026-03-17T09:00", "soon"):
        answer = desk.send(path, outcome="no-answer", next_at=next_at)
        assert answer.status_code == 409
        assert "Nothing was changed." in answer.text
        assert "No call is noted yet." in answer.text


def test_put_off_is_one_click_away_and_comes_back_by_itself(world: World, desk: Desk) -> None:
    (patient,) = patients_of(world, 1)
    raised(world, patient)
    assert names_on(put_off(desk, patient, "2026-03-02T09:50").text) == []
    shown = desk.see("/?show=put-off")
    assert "Put off until today 09:50 by A. Example: On holiday" in shown
    world.clock.now_ms += 50 * 60_000 - 1
    assert names_on(desk.see("/")) == []
    world.clock.now_ms += 1
    assert names_on(desk.see("/")) == ["Patient 0"]


def test_what_comes_meanwhile_brings_a_patient_back_at_once(world: World, desk: Desk) -> None:
    (patient,) = patients_of(world, 1)
    raised(world, patient)
    put_off(desk, patient, "2026-03-05T09:00")
    world.clock.now_ms += 60_000
    raised(world, patient, Cause("message/1", TODAY, "A message from the patient", 1))
    assert names_on(desk.see("/")) == ["Patient 0"]


def test_it_is_taken_back_by_hand(world: World, desk: Desk) -> None:
    (patient,) = patients_of(world, 1)
    put_off(desk, patient, "2026-03-05T09:00")
    text = desk.send(f"/patients/{patient.hex()}/put-off/end").text
    assert names_on(text) == ["Patient 0"]


@pytest.mark.parametrize(
    ("cause", "until", "reason", "words"),
    [
        (None, "2026-03-05T09:01", "Away", "for 3 days at most"),
        (None, "2026-03-02T09:00", "Away", "for 3 days at most"),
        (None, "2026-03-03T09:00", "  ", "A reason has 1 to 200 characters"),
        (Cause("fault", NOW, "The band reports a fault", 1), "2026-03-03T09:00", "x", "never put"),
        (Cause("red-flag-slip/1", TODAY, "Taken back", 1), "2026-03-03T09:00", "x", "never put"),
        (Cause("self-harm", TODAY, "Item 9 = 1", 1), "2026-03-03T09:00", "x", "never put"),
    ],
)
def test_never_too_long_nor_without_a_reason_nor_what_cannot_wait(
    world: World, desk: Desk, cause: Cause | None, until: str, reason: str, words: str
) -> None:
    (patient,) = patients_of(world, 1)
    raised(world, patient, *([cause] if cause else ()))
    answer = put_off(desk, patient, until, reason)
    assert answer.status_code == 409
    assert words in answer.text
    assert names_on(desk.see("/")) == ["Patient 0"]


def test_ten_patients_are_a_colleagues_task_in_one_step(world: World, desk: Desk) -> None:
    ids = patients_of(world, 12)
    colleague, cookie = person_of(world, "B. Colleague")
    chosen = [each.hex() for each in ids[:10]]
    answer = desk.send("/list/tasks", patients=chosen, to=colleague.staff_id.hex())
    assert "10 patients are the task of B. Colleague now" in answer.text
    assert len(names_on(desk.see(f"/?whose={colleague.staff_id.hex()}"))) == 10
    assert len(names_on(desk.see("/?whose=nobody"))) == 2
    desk.pages.cookies.set("circlet", cookie)
    mine = desk.see("/?whose=me")
    assert sorted(names_on(mine)) == sorted(f"Patient {number}" for number in range(10))
    assert "Task of B. Colleague." in mine


def test_one_who_may_not_be_opened_by_the_colleague_hands_nobody_over(
    world: World, desk: Desk
) -> None:
    ids = patients_of(world, 3)
    colleague, _cookie = person_of(world, "B. Colleague")
    third = world.member(Role.PRESCRIBER, "C. Colleague")
    with world.database.write("demo") as session:
        site = add_site(session, "demo", "North", now_ms=0)
        team = add_team(session, "demo", site.site_id, "North", now_ms=0)
        join(session, team, third.staff_id)
        assign(session, "demo", ids[2], [team.team_id])
    own = [each.hex() for each in ids[:2]]
    to = colleague.staff_id.hex()
    assert desk.send("/list/tasks", patients=[*own, ids[2].hex()], to=to).status_code == 404
    with world.database.write("demo") as session:
        join(session, team, desk.staff_id)
    answer = desk.send("/list/tasks", patients=[*own, ids[2].hex()], to=to)
    assert answer.status_code == 409
    assert "Nobody was handed over" in answer.text
    assert names_on(desk.see(f"/?whose={to}")) == []


def test_a_view_is_ones_own_and_keeps_no_search(world: World, desk: Desk) -> None:
    patients_of(world, 1)
    text = desk.send(
        "/list/views", name="  My  calls ", back="show=today&whose=me&search=Klara"
    ).text
    assert '<a href="/?show=today&amp;whose=me">My calls</a>' in text
    view = re.search(r"/list/views/(\w+)/remove", text)
    assert view
    other, cookie = person_of(world, "B. Colleague")
    mine = desk.pages.cookies["circlet"]
    desk.pages.cookies.set("circlet", cookie)
    assert "My calls" not in desk.see("/")
    answer = Desk(desk.pages, other.form_token, other.staff_id).send(view[0])
    assert answer.status_code == 404
    desk.pages.cookies.set("circlet", mine)
    assert "My calls" not in desk.send(view[0]).text


def test_acknowledging_goes_back_to_the_same_choice(world: World, desk: Desk) -> None:
    (patient,) = patients_of(world, 1)
    alert = raised(world, patient)
    back = "show=today&whose=nobody"
    answer = desk.send(f"/patients/{patient.hex()}/see-to", alert=alert.hex(), back=back)
    assert answer.url.query.decode() == back
    assert "Nobody stands here." in answer.text
