"""A hold that was asked for and isn't in force: said where one is placed or lifted, and never asked
for twice for the same reason."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.holds.service import holds_of
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import World

WAITS = "Asked for by A. Example"


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def reasons(world: World, patient_id: bytes) -> list[str]:
    with world.database.read("demo") as session:
        return [each.reason for each in holds_of(session, "demo", patient_id)]


def test_the_same_hold_is_asked_for_once_until_it_is_in_force(
    world: World, pages: TestClient
) -> None:
    patient, _code = world.enrol()
    page, token = f"/patients/{patient.patient_id.hex()}", sign_in(world, pages)

    def ask(reason: str) -> int:
        form = {"patient_id": patient.patient_id.hex(), "reason": reason, "form_token": token}
        return pages.post(f"{page}/holds", data=form).status_code

    assert WAITS not in pages.get(f"{page}/hold").text
    assert [ask("clinician"), ask("clinician")] == [303, 303]
    assert reasons(world, patient.patient_id) == ["clinician"]
    ask("medicine")
    assert reasons(world, patient.patient_id) == ["medicine", "clinician"]
    with world.database.write("demo") as session:
        for each in holds_of(session, "demo", patient.patient_id):
            each.in_force_ms = world.clock.now_ms
    ask("clinician")
    assert reasons(world, patient.patient_id) == ["clinician", "medicine", "clinician"]


def test_what_waits_is_said_before_another_is_placed_and_where_it_cannot_be_lifted_yet(
    world: World, pages: TestClient
) -> None:
    patient, _code = world.enrol()
    page, token = f"/patients/{patient.patient_id.hex()}", sign_in(world, pages)
    form = {"patient_id": patient.patient_id.hex(), "reason": "medicine", "form_token": token}
    pages.post(f"{page}/holds", data=form)
    hold, lift = (pages.get(f"{page}/{asked}").text for asked in ("hold", "lift"))
    assert f"Medicine changed: {WAITS}" in hold
    assert f"Medicine changed: {WAITS}" in lift
    assert "can't be taken back before it is in force" in hold
    assert "once it stands on the band's record" in lift
