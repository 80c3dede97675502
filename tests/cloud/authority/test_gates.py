"""A page without a declared act does not start; roles add up; the document is the table."""

import re

import pytest
from fastapi import APIRouter, FastAPI, params
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.dashboard.gates import gates, open_to_all, reading, require_gates, sending
from cloud.errors import SetupError
from cloud.people.authority import TABLE, Act, Reach, Role, home, reach
from tests.cloud.authority.people import visitor
from tests.cloud.worlds import World


def app_with(method: str, *declared: params.Depends) -> FastAPI:
    router = APIRouter()

    @router.api_route("/page", methods=[method], dependencies=list(declared))
    def page() -> None:
        """A page."""

    app = FastAPI()
    app.include_router(router)
    return app


@pytest.mark.parametrize(
    ("method", "declared"),
    [
        ("GET", []),
        ("GET", [reading(Act.READ_LIST), reading(Act.READ_AUDIT)]),
        ("POST", [reading(Act.READ_LIST)]),
    ],
    ids=["none", "two", "a form behind a reading gate"],
)
def test_a_page_without_its_one_act_does_not_start(
    method: str, declared: list[params.Depends]
) -> None:
    with pytest.raises(SetupError):
        require_gates(app_with(method, *declared))


def test_a_page_with_its_act_starts() -> None:
    require_gates(app_with("GET", reading(Act.READ_LIST)))
    require_gates(app_with("POST", sending(Act.PLACE_HOLD)))


def test_an_act_that_needs_a_sign_in_is_not_open_to_all() -> None:
    app = app_with("GET", open_to_all(Act.READ_LIST))
    with TestClient(app) as client, pytest.raises(SetupError):
        client.get("/page")


def test_every_act_is_in_the_table_and_declared_by_a_page(world: World) -> None:
    app = create_app(world.settings, world.clock)
    declared = {gate.act for _, found in gates(app) for gate in found}
    assert set(TABLE) == set(Act) == declared


def test_the_widest_of_several_roles_counts() -> None:
    both = (Role.AUDITOR, Role.PRESCRIBER)
    assert reach(both, Act.READ_AUDIT) is Reach.YES
    assert reach(both, Act.READ_PATIENT) is Reach.OWN
    assert reach((), Act.READ_CLINIC) is Reach.NO
    assert (home(both), home((Role.AUDITOR,))) == ("/", "/audit")


def test_each_role_begins_on_a_page_that_it_may_open(world: World) -> None:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as pages:
        for role in Role:
            who = visitor(world, role.words, role)
            headers = {"Cookie": f"circlet={who.cookie}"}
            assert pages.get(home((role,)), headers=headers).status_code == 200


def test_menu_offers_only_what_the_role_may_open(world: World) -> None:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as pages:
        for role in Role:
            who = visitor(world, role.words, role)
            headers = {"Cookie": f"circlet={who.cookie}"}
            menu = pages.get(home((role,)), headers=headers).text.partition("</nav>")[0]
            for path in re.findall(r'href="(/[\w/-]*)"', menu.partition("<nav")[2]):
                assert pages.get(path, headers=headers).status_code == 200, (role, path)
