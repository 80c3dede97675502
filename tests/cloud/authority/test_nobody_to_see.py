"""Who reaches nobody is told so, and never that nobody is there or that nothing is open."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, raise_alert
from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.authority.test_reach import of_a_team
from tests.cloud.worlds import World


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client


def read(pages: TestClient, who: Visitor, path: str) -> str:
    pages.cookies.set("circlet", who.cookie)
    return pages.get(path).text


def test_of_another_teams_patients_the_list_and_the_inbox_say_that_they_are_out_of_reach(
    world: World, pages: TestClient
) -> None:
    inside, outside = (visitor(world, name, Role.PRESCRIBER) for name in ("In", "Out"))
    manager = visitor(world, "Manager", Role.ADMINISTRATOR)
    assert "No patients yet" in read(pages, outside, "/")
    patient, _code = world.enrol()
    of_a_team(world, patient.patient_id, inside)
    for who in (outside, manager):
        assert "No alert is open" in read(pages, who, "/alerts")
    with world.database.write("demo") as session:
        silent = Cause("silent/1", NOW, "The phone is silent")
        about = About("demo", patient.patient_id)
        raise_alert(session, about, silent, "Call.", now_ms=world.clock.now_ms)
    assert "1 alert is open" in read(pages, inside, "/alerts")
    assert "1 of 1 patient needs you" in read(pages, inside, "/")
    assert "No patients that you may see" in read(pages, outside, "/")
    for who in (outside, manager):
        text = read(pages, who, "/alerts")
        assert "No alert that you may see is open" in text
        assert "Alerts are open about patients out of your reach." in text
        assert "The phone is silent" not in text
