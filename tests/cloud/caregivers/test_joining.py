"""Coming in by an invitation's code: once, for a week, and guessed by nobody."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.caregivers.service import WRONG_TRIES_MAX
from cloud.dashboard.app import create_app
from shared.care.caregiver import Shown
from tests.cloud.caregivers.sharing import WEEK_MS, Sharing, browser
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(world: World) -> FastAPI:
    return create_app(world.settings, world.clock)


@pytest.fixture
def sharing(world: World, phone: Phone) -> Sharing:
    made = Sharing(world, phone)
    made.invite(Shown.NEXT)
    return made


def options(client: TestClient, code: object) -> int:
    answer = client.post("/care/join/options", json={"code": code})
    assert "Maria" not in answer.text
    return int(answer.status_code)


def guess(sharing: Sharing) -> str:
    """A code that begins as the right one and goes on wrong."""
    begin, _, end = sharing.text.rpartition("-")
    return f"{begin}-{'1111' if end != '1111' else '2222'}"


def test_code_opens_as_it_was_typed_until_its_week_is_over(
    world: World, app: FastAPI, sharing: Sharing
) -> None:
    client = browser(app)
    assert options(client, f" {sharing.text.lower()} ") == 200
    world.clock.now_ms += WEEK_MS
    assert options(client, sharing.text) == 200
    world.clock.now_ms += 1
    assert options(client, sharing.text) == 409


def test_used_and_ended_codes_open_nothing(world: World, app: FastAPI, sharing: Sharing) -> None:
    client = browser(app)
    sharing.come_in()
    assert options(client, sharing.text) == 409
    other = Sharing(world, sharing.phone)
    other.invite(Shown.NEXT)
    assert options(client, other.text) == 200
    other.say(ended=True)
    assert options(client, other.text) == 409


def test_wrong_tries_void_it(app: FastAPI, sharing: Sharing) -> None:
    client = browser(app)
    for _ in range(WRONG_TRIES_MAX):
        assert options(client, guess(sharing)) == 409
    assert options(client, sharing.text) == 409
    assert sharing.kept().wrong_tries == WRONG_TRIES_MAX


def test_tries_are_counted_before_they_are_judged(world: World, sharing: Sharing) -> None:
    settings = world.settings.model_copy(update={"rate_limit": 3})
    client = browser(create_app(settings, world.clock))
    found = [options(client, guess(sharing)) for _ in range(4)]
    assert found == [409, 409, 409, 429]
    assert sharing.kept().wrong_tries == 3


@pytest.mark.parametrize(
    "code", ["", "x", 7, None, "demo-AAAA-BBBB", "nowhere-AAAA-BBBB-CCCC", "demo-" + "A" * 200]
)
def test_what_is_no_code_of_this_clinic_is_answered_alike(
    app: FastAPI, sharing: Sharing, code: object
) -> None:
    answer = browser(app).post("/care/join/options", json={"code": code})
    wrong = browser(app).post("/care/join/options", json={"code": guess(sharing)})
    assert (answer.status_code, answer.text) == (wrong.status_code, wrong.text)


def test_a_credential_that_does_not_hold_uses_no_code_up(app: FastAPI, sharing: Sharing) -> None:
    client = browser(app)
    assert options(client, sharing.text) == 200
    said = {"code": sharing.text, "credential": {"id": "x", "rawId": "eA", "response": {}}}
    assert client.post("/care/join", json=said).status_code == 409
    kept = sharing.kept()
    assert (kept.joined_ms, kept.code_id) == (None, sharing.code.code_id)
    assert options(client, sharing.text) == 200
