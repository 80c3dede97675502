"""A long log costs what is looked at: pages by number, a file in slices, a head over its day."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.audit import export, heads
from cloud.audit.service import first_unlinked
from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from shared.trust import audit_file
from tests.cloud.audit.test_verifier import act, sign_head
from tests.cloud.authority.people import visitor
from tests.cloud.authority.test_staff import get
from tests.cloud.worlds import World

DAY_MS = 86_400_000


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def change(world: World, number: int) -> None:
    with world.database.write("demo") as session:
        session.execute(text("DROP TRIGGER IF EXISTS keep_audit_events_update"))
        session.execute(
            text("UPDATE audit_events SET actor = 'staff/11' WHERE number = :number"),
            {"number": number},
        )


def numbers_on(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"<tr><td>(\d+)</td>", text)]


def test_pages_go_from_the_newest_to_the_first(
    world: World, pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.audit.pages.PAGE", 10)
    act(world, 24)
    auditor = visitor(world, "Auditor", Role.AUDITOR)
    seen, path, shown = [], "/audit", ""
    while path:
        shown = get(pages, auditor, path).text
        seen += numbers_on(shown)
        older = re.search(r'href="(/audit\?before=\d+)"', shown)
        path = older[1] if older else ""
    # Each page is a line itself, which the next one, further back, doesn't show.
    assert seen == list(range(25, 0, -1))
    assert "from 1 to 5." in shown


def test_a_page_judges_its_own_lines(world: World, pages: TestClient) -> None:
    act(world, 160)
    auditor = visitor(world, "Auditor", Role.AUDITOR)
    change(world, 5)
    there = "/audit?before=161"
    assert "hangs on the one before it, from 61 to 160" in get(pages, auditor, there).text
    assert "breaks at event 5" in get(pages, auditor, "/audit?before=50").text


def test_a_file_is_of_the_moment_at_which_it_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "SLICE", 3)
    act(world, 7)
    lines = export.lines_of(world.database, "demo")
    first = [next(lines) for _ in range(4)]
    # Somebody who takes it slowly holds up nobody, and what is written meanwhile isn't in it.
    act(world, 5)
    assert sign_head(world)
    rest = list(lines)
    assert rest[-1] == audit_file.end(7)
    assert not any(b'"head"' in line for line in first + rest)
    assert world.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_head_is_not_signed_over_a_line_that_was_changed(world: World) -> None:
    act(world, 3)
    assert sign_head(world)
    world.clock.now_ms += DAY_MS
    act(world, 3)
    change(world, 5)
    assert not sign_head(world)
    with world.database.read("demo") as session:
        (alert,) = open_alerts(session, "demo")
        assert heads.newest_head(session, "demo").number == 3  # type: ignore[union-attr]
    assert (alert.title, alert.urgency) == ("The audit log was changed at event 5", "now")


def test_a_stretch_is_judged_by_itself(world: World) -> None:
    act(world, 6)
    change(world, 2)
    with world.database.read("demo") as session:
        found = [first_unlinked(session, "demo", *part) for part in ((1, 1), (1, 6), (3, 6))]
        assert first_unlinked(session, "demo", 5, 9) == 7
    assert found == [None, 2, None]
