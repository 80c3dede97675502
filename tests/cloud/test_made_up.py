"""Every page of a made-up clinic says that nobody in it is real; no other clinic's page does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from cloud.cli import main
from cloud.clinics.identity import read_identity
from cloud.clinics.models import Clinic
from cloud.clinics.service import create_clinic
from cloud.dashboard.app import create_app
from cloud.errors import SetupError
from cloud.people.authority import Role
from cloud.people.service import add_member, invite
from tests.cloud.authority.people import visitor
from tests.cloud.authority.test_staff import post
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import START_MS, World

PAGES = ("/", "/clinic", "/account", "/teams", "/staff", "/leave", "/clinic/alerts")
MARK = 'id="made-up"'


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        sign_in(world, client)
        yield client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("made_up", [True, False])
def test_pages_say_that_nobody_is_real(
    world: World, pages: TestClient, path: str, made_up: bool
) -> None:
    with world.database.write("demo") as session:
        session.execute(update(Clinic).values(made_up=made_up))
    answer = pages.get(path)
    assert answer.status_code == 200
    assert (MARK in answer.text) is made_up


@pytest.mark.parametrize("made_up", [True, False])
def test_invitations_and_exports_say_so_too(
    world: World, made_up: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = visitor(world, "Auditor", Role.AUDITOR)
    with world.database.write("demo") as session:
        session.execute(update(Clinic).values(made_up=made_up))
        member = add_member(session, "demo", "B. Other", Role.AUDITOR, now_ms=START_MS)
        token = invite(session, member, now_ms=START_MS)
    app = create_app(world.settings, world.clock)
    with TestClient(app, follow_redirects=False) as client:
        assert (MARK in client.get(f"/invitations/{token}").text) is made_up
        export = post(world, client, who, "/audit/export")
    assert ("made-up-circlet-audit" in export.headers["Content-Disposition"]) is made_up
    place = ["--data", str(world.settings.data), "--out", str(tmp_path / "log.jsonl")]
    main(["export-audit", *place])
    assert ("nobody in it is real" in capsys.readouterr().out) is made_up


def test_a_clinic_with_roots_of_its_own_is_never_made_up(world: World) -> None:
    identity = replace(read_identity(world.identity.folder), clinic_id="other", demo=False)
    with (
        world.database.write("other") as session,
        pytest.raises(SetupError, match="demonstration's roots"),
    ):
        create_clinic(session, identity, now_ms=world.clock.now_ms, made_up=True)
