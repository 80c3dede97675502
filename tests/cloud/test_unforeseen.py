"""A failure that nobody foresaw is told in words, with all headers; its own words stay inside."""

from collections.abc import Callable, Iterator

import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app as pages_app
from cloud.dashboard.headers import HEADERS
from cloud.ingest.app import create_app as phones_app
from cloud.unforeseen import BrokenOff
from tests.cloud.worlds import World

SECRET = "Maria Sample said so"


def failing(app: FastAPI) -> TestClient:
    """Add a page that fails, and one that fails while it answers."""

    def parts() -> Iterator[bytes]:
        yield b"a"
        raise LookupError(SECRET)

    @app.get("/fails")
    def fails() -> None:
        raise LookupError(SECRET)

    @app.get("/breaks")
    def breaks() -> StreamingResponse:
        return StreamingResponse(parts())

    return TestClient(app)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "text/html"),
        ({"Accept": "text/html,*/*"}, "text/html"),
        ({"Accept": "application/json"}, "application/json"),
        ({"Content-Type": "application/json"}, "text/plain"),
    ],
    ids=["unsaid", "a browser", "JSON", "the page's script"],
)
def test_a_page_that_fails_says_so_as_it_was_asked(
    world: World, headers: dict[str, str], kind: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = failing(pages_app(world.settings, world.clock)).get("/fails", headers=headers)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(kind)
    assert "failed at this" in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert SECRET not in answer.text + str(logs)
    assert [each["problem"] for each in logs] == ["LookupError"]


def test_a_phone_is_told_as_a_problem(world: World) -> None:
    answer = failing(phones_app(world.settings, world.clock)).get("/fails")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert SECRET not in answer.text


@pytest.mark.parametrize("make", [pages_app, phones_app])
def test_an_answer_that_had_begun_is_broken_off(world: World, make: Callable[..., FastAPI]) -> None:
    with pytest.raises(BrokenOff) as broken:
        failing(make(world.settings, world.clock)).get("/breaks")
    assert SECRET not in str(broken.value)


def test_an_address_without_an_answer_is_a_problem_too(world: World) -> None:
    phones = TestClient(phones_app(world.settings, world.clock))
    nowhere, wrongly = phones.get("/v1/nowhere"), phones.delete("/v1/sync")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "address")
    assert (wrongly.status_code, wrongly.json()["code"]) == (405, "address")
    assert wrongly.headers["Allow"] == "GET"
