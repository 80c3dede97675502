"""The page of releases: rings and rates, and a halt by hand: with a reason, and the passkey."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.audit.service import newest
from cloud.ingest.app import create_app
from cloud.people.authority import Act, Role
from cloud.releases.adding import release_of
from cloud.releases.standing import all_standing
from tests.cloud.authority.people import Visitor, answered, visitor
from tests.cloud.releases.stands import NEW, Patient, let_sign, release
from tests.cloud.worlds import World
from tests.shared.firmware.releases import Maker

NONE = "No firmware release was taken in."


@pytest.fixture
def bands(world: World) -> Iterator[list[Patient]]:
    with TestClient(create_app(world.settings, world.clock)) as ingest:
        yield [Patient(world, ingest, each) for each in world.identity.devices]


def read(pages: TestClient, who: Visitor) -> str:
    answer = pages.get("/clinic/releases", headers={"Cookie": f"circlet={who.cookie}"})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def send(world: World, pages: TestClient, who: Visitor, step: str, why: str) -> int:
    with world.database.read("demo") as session:
        path = f"/clinic/releases/{release_of(session, 'demo', NEW).image_hash.hex()}/{step}"
    answered(world, who, Act.KEEP_RELEASES, path, {"why": why})
    sent = {"form_token": who.form_token, "why": why}
    headers = {"Cookie": f"circlet={who.cookie}"}
    return pages.post(path, data=sent, headers=headers, follow_redirects=False).status_code


def said(world: World) -> list[tuple[str, str]]:
    with world.database.read("demo") as session:
        lines = newest(session, "demo", 50)
        return [(each.action, each.subject) for each in lines if "a release" in each.action]


def test_a_release_is_halted_and_let_go_on_by_hand(
    world: World, pages: TestClient, bands: list[Patient]
) -> None:
    admin = visitor(world, "A. Admin", Role.ADMINISTRATOR)
    assert NONE in read(pages, admin)
    maker = Maker()
    let_sign(world, maker)
    release(world, maker.image(), "CB-0001", "CB-0002")
    bands[0].says(NEW)
    with world.database.read("demo") as session:
        (standing,) = all_standing(session, "demo")
    named = standing.rings[0]
    assert (named.bands, named.offered, named.installed, named.failed) == (2, 1, 1, 0)
    assert [each.offered for each in standing.rings[1:]] == [0, 0]
    page = read(pages, admin)
    assert "No band with a fault" in page
    assert "Let it go on" not in page
    assert send(world, pages, admin, "resume", "by-mistake") == 409, "it isn't halted"
    assert send(world, pages, admin, "halt", "") == 409, "no reason, nothing done"
    assert bands[1].is_offered() == NEW
    assert send(world, pages, admin, "halt", "patients") == 303
    assert bands[1].is_offered() is None
    assert send(world, pages, admin, "halt", "patients") == 409, "once"
    with world.database.read("demo") as session:
        assert [each.title for each in open_alerts(session, "demo")] == [
            "A firmware release was halted"
        ]
    assert "HALTED" in read(pages, admin)
    reader = visitor(world, "P. Example", Role.PRESCRIBER)
    assert "An administrator can halt a release" in read(pages, reader)
    assert "<form" not in read(pages, reader).partition("<main")[2]
    assert send(world, pages, admin, "resume", "by-mistake") == 303
    assert bands[1].is_offered() == NEW
    assert said(world)[:2] == [
        ("resumed a release", f"release/{NEW} by-mistake"),
        ("halted a release", f"release/{NEW} patients"),
    ]


def test_faults_count_beside_the_limit_in_their_ring(
    world: World, pages: TestClient, bands: list[Patient]
) -> None:
    maker = Maker()
    let_sign(world, maker)
    release(world, maker.image(), "CB-0001", "CB-0002")
    bands[0].says(NEW)
    bands[0].fails()
    with world.database.read("demo") as session:
        (standing,) = all_standing(session, "demo")
    assert standing.rings[0].failed == 1
    assert (standing.faulty_percent, standing.others_percent) == (100.0, 0.0)
    page = read(pages, visitor(world, "P. Example", Role.PRESCRIBER))
    assert "Above the limit" in page
    assert "1 of 1 bands had a fault or a failed trial (100 %)" in page
