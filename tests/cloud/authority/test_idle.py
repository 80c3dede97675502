"""Who does something stays signed in; not every click is a writing."""

from __future__ import annotations

from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from cloud.people.models import SignIn
from cloud.people.service import NOTED_EACH_MS
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.worlds import World


def looks(world: World, pages: TestClient, who: Visitor) -> int:
    """Open the list; return what the sign-in says of when its member did something."""
    pages.get("/", headers={"Cookie": f"circlet={who.cookie}"}).raise_for_status()
    with world.database.read("demo") as session:
        seen_ms = session.scalar(select(SignIn.seen_ms).where(SignIn.clinic_id == "demo"))
    assert seen_ms is not None
    return seen_ms


def test_a_click_is_noted_once_in_a_while_and_keeps_the_sign_in(world: World) -> None:
    idle_ms = world.settings.session_idle_minutes * 60_000
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as pages:
        who = visitor(world, "A. Prescriber", Role.PRESCRIBER)
        begun_ms = looks(world, pages, who)
        world.clock.now_ms += NOTED_EACH_MS - 1
        assert looks(world, pages, who) == begun_ms
        world.clock.now_ms += 1
        assert looks(world, pages, who) == begun_ms + NOTED_EACH_MS
        world.clock.now_ms += idle_ms
        assert looks(world, pages, who) == begun_ms + NOTED_EACH_MS + idle_ms
        world.clock.now_ms += idle_ms + 1
        left = pages.get("/", headers={"Cookie": f"circlet={who.cookie}"})
        assert left.status_code == 401
