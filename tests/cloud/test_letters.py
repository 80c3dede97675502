"""A patient's letters: how each stands, and that a void one opens nothing."""

from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from tests.cloud.authority.people import visitor
from tests.cloud.phone import Phone
from tests.cloud.worlds import World


def test_a_letter_made_void_opens_nothing_and_another_does(
    world: World, ingest: TestClient
) -> None:
    patient, lost = world.enrol()
    who = visitor(world, "A. Example", Role.PRESCRIBER)
    path = f"/patients/{patient.patient_id.hex()}/codes"
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as pages:
        pages.cookies.set("circlet", who.cookie)
        page = pages.get(path).text
        assert "Maria Sample, 45" in page
        assert "good until" in page
        code_id = page.partition('class="fingerprint">')[2].partition("<")[0]
        token = {"form_token": who.form_token}
        assert pages.post(f"{path}/none/void", data=token).status_code == 404
        assert pages.post(f"{path}/{code_id}/void", data=token).status_code == 303
        assert "good until" not in pages.get(path).text
        refused = Phone(world, ingest).enrol(lost)
        assert refused.json()["code"] == "code_expired"
        letter = pages.post(path, data=token).text
        fresh = letter.partition('id="code">')[2].partition("<")[0]
        assert Phone(world, ingest).enrol(fresh).status_code == 200
        used = pages.get(path).text
        assert "Used" in used
        assert "good until" not in used
        other = used.partition('class="badge course"')[0].rpartition('class="fingerprint">')[2]
        assert pages.post(f"{path}/{other.partition('<')[0]}/void", data=token).status_code == 409
