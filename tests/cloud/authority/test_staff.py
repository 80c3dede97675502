"""Staff, teams and own patients, by the pages."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.audit import service as audit
from cloud.dashboard.app import create_app
from cloud.leave import service as leave
from cloud.people import service as people
from cloud.people import staff
from cloud.people.authority import Role
from cloud.teams import service as teams
from tests.cloud.authority.people import NONE, Visitor, answered, signed_in, visitor
from tests.cloud.enrolling import NOTHING_SAID
from tests.cloud.worlds import START_MS, World

DAY_MS = 86_400_000


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def get(pages: TestClient, who: Visitor, path: str) -> httpx2.Response:
    answer: httpx2.Response = pages.get(path, headers={"Cookie": f"circlet={who.cookie}"})
    return answer


def post(
    world: World, pages: TestClient, who: Visitor, path: str, act: str = "", **form: object
) -> httpx2.Response:
    """Send a form, once the passkey has answered for it where it is for an ``act`` that asks."""
    if act:
        answered(world, who, act, path, form)
    answer: httpx2.Response = pages.post(
        path,
        data={"form_token": who.form_token, **form},
        headers={"Cookie": f"circlet={who.cookie}"},
    )
    return answer


def id_of(world: World, who: Visitor) -> bytes:
    with world.database.read("demo") as session:
        now_ms = world.clock.now_ms
        return people.signed_in(session, who.cookie, idle_minutes=60, now_ms=now_ms).staff_id


def test_invited_with_several_roles(world: World, pages: TestClient) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    shown = post(
        world, pages, chief, "/staff", "invite", name="B. Colleague", role=["care-team", "auditor"]
    )
    assert shown.status_code == 200
    token = re.search(r"/invitations/([\w.-]+)", shown.text)
    assert token
    assert "as care team, auditor" in pages.get(f"/invitations/{token[1]}").text
    assert token[1] not in get(pages, chief, "/staff").text


def test_an_invitation_as_administrator_is_an_alert_of_the_clinic(
    world: World, pages: TestClient
) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    for name, role in (("B. Colleague", "auditor"), ("C. Other", "administrator")):
        assert post(world, pages, chief, "/staff", "invite", name=name, role=[role]).is_success
    with world.database.read("demo") as session:
        (alert,) = open_alerts(session, "demo")
    assert alert.title == "C. Other was invited as administrator"
    assert alert.title in get(pages, chief, "/clinic/alerts").text


@pytest.mark.parametrize("role", [[], ["caregiver"], ["chief"]])
def test_without_a_role_that_is_offered_nobody_is_invited(
    world: World, pages: TestClient, role: list[str]
) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    assert (
        post(world, pages, chief, "/staff", "invite", name="B. Colleague", role=role).status_code
        == 422
    )
    assert "B. Colleague" not in get(pages, chief, "/staff").text


def test_signed_out_everywhere_at_once(world: World, pages: TestClient) -> None:
    chief, other = (
        visitor(world, "Chief", Role.ADMINISTRATOR),
        visitor(world, "Other", Role.CARE_TEAM),
    )
    staff_id = id_of(world, other).hex()
    assert get(pages, other, "/").status_code == 200
    assert post(world, pages, chief, f"/staff/{staff_id}/sign-ins/end").status_code == 303
    assert get(pages, other, "/").status_code == 401


def test_who_has_left_is_out_and_stays_on_the_list(world: World, pages: TestClient) -> None:
    chief, other = (
        visitor(world, "Chief", Role.ADMINISTRATOR),
        visitor(world, "Other", Role.CARE_TEAM),
    )
    staff_id = id_of(world, other).hex()
    assert post(world, pages, chief, f"/staff/{staff_id}/left", "close-account").status_code == 303
    assert get(pages, other, "/").status_code == 401
    assert "left today" in get(pages, chief, "/staff").text
    with world.database.read("demo") as session:
        assert audit.newest(session, "demo")[0].action == "closed an account"


def test_the_last_administrator_stays(world: World, pages: TestClient) -> None:
    chief, other = (
        visitor(world, "Chief", Role.ADMINISTRATOR),
        visitor(world, "Other", Role.ADMINISTRATOR),
    )
    first, second = id_of(world, chief).hex(), id_of(world, other).hex()
    assert post(world, pages, chief, f"/staff/{first}/left", "close-account").status_code == 409
    assert post(world, pages, chief, f"/staff/{second}/left", "close-account").status_code == 303
    assert post(world, pages, chief, f"/staff/{first}/left", "close-account").status_code == 409


def test_a_patient_of_another_team_is_as_one_that_never_was(
    world: World, pages: TestClient
) -> None:
    patient = world.enrol()[0].patient_id
    inside, outside = (visitor(world, name, Role.PRESCRIBER) for name in ("In", "Out"))
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
        teams.join(session, team, id_of(world, inside))
    page = f"/patients/{patient.hex()}"
    assert get(pages, outside, page).status_code == 200
    assert post(world, pages, inside, f"{page}/teams", team=team.team_id.hex()).status_code == 303
    assert get(pages, inside, page).status_code == 200
    theirs, nobodys = get(pages, outside, page), get(pages, outside, f"/patients/{NONE}")
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert "Maria" not in get(pages, outside, "/").text
    assert "Maria" in get(pages, inside, "/").text
    assert get(pages, outside, f"{page}/hold").status_code == 200


def test_the_stand_in_sees_the_patients_once_accepted_and_until_the_return(
    world: World, pages: TestClient
) -> None:
    patient = world.enrol()[0].patient_id
    away, stand_in = (visitor(world, name, Role.CARE_TEAM) for name in ("Away", "Stand-in"))
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
    staff_id = id_of(world, away)
    with world.database.write("demo") as session:
        teams.join(session, team, staff_id)
        teams.assign(session, "demo", patient, [team.team_id])
    page = f"/patients/{patient.hex()}"
    form = {"first": "2026-03-02", "last": "2026-03-02", "stand_in": id_of(world, stand_in).hex()}
    assert post(world, pages, away, "/leave", **form).status_code == 303
    assert get(pages, stand_in, page).status_code == 404
    with world.database.read("demo") as session:
        (planned,) = leave.current(session, "demo", now_ms=world.clock.now_ms)
    assert (
        post(world, pages, stand_in, f"/leave/{planned.leave_id.hex()}/accept").status_code == 303
    )
    assert get(pages, stand_in, page).status_code == 200
    world.clock.now_ms = planned.until_ms
    with world.database.read("demo") as session:
        member = staff.member_of(session, "demo", planned.stand_in_id)
    assert get(pages, signed_in(world, member), page).status_code == 404


def test_enrolled_by_a_member_is_a_patient_of_their_teams(world: World, pages: TestClient) -> None:
    inside, outside = (visitor(world, name, Role.CARE_TEAM) for name in ("In", "Out"))
    staff_id = id_of(world, inside)
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
        teams.join(session, team, staff_id)
    form = {
        "name": "Maria Sample",
        "birth_date": "1980-05-17",
        "device_id": world.identity.device_id.hex(),
        "indication": "mdd",
        **NOTHING_SAID,
    }
    assert post(world, pages, inside, "/patients", **form).status_code == 200
    assert "Maria" not in get(pages, outside, "/").text
