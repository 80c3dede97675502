"""Who may ask: the run's token, or a page that a one-time link opened; nobody else."""

from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from firmware_bridge.emulator.control.routes import ROUTES
from tests.firmware_bridge.emulator.control.surfaces import BEARER, RestingBand, Surroundings

PAGE = ["/", "/static/page.css", "/openapi.json"]


@pytest.mark.parametrize(
    ("method", "path"), [(each.method, each.path) for each in ROUTES] + [("GET", p) for p in PAGE]
)
async def test_nothing_is_answered_without_a_token(
    served: Surroundings, method: str, path: str
) -> None:
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": BEARER_AS_BASIC}):
        answer = await served.stranger.request(method, served.url(path), headers=headers)
        assert answer.status == 401
        assert (await answer.json())["code"] == "no_token"


BEARER_AS_BASIC = BEARER["Authorization"].replace("Bearer", "Basic")


@pytest.mark.parametrize(
    "name", ["attacker.example", "attacker.example:80", "", "127.0.0.1.nip.io"]
)
async def test_name_that_was_bound_to_loopback_is_not_answered(
    served: Surroundings, name: str
) -> None:
    answer = await served.stranger.get(served.url("/state"), headers=BEARER | {"Host": name})
    assert answer.status == 421


@pytest.mark.parametrize("name", ["127.0.0.1:1", "localhost", "[::1]:80"])
async def test_addresses_and_localhost_are_answered(served: Surroundings, name: str) -> None:
    answer = await served.stranger.get(served.url("/state"), headers=BEARER | {"Host": name})
    assert answer.status == 200


async def opened(served: Surroundings, browser: ClientSession) -> str:
    """Open the page by a one-time link; the surface's origin."""
    answer = await browser.get(served.url(served.guard.new_link()))
    assert (answer.status, answer.url.path) == (200, "/")
    cookies: Any = answer.history[0].headers["Set-Cookie"]
    assert "HttpOnly" in cookies
    assert "SameSite=Strict" in cookies
    return served.url("/").removesuffix("/")


async def test_page_of_a_one_time_link_may_look_and_press(
    band: RestingBand, served: Surroundings
) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        origin = await opened(served, browser)
        assert (await browser.get(served.url("/state"))).status == 200
        pressed = await browser.post(
            served.url("/button"), json={"hold_ms": 1}, headers={"Origin": origin}
        )
        assert pressed.status == 200


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}])
async def test_page_of_another_origin_presses_nothing(
    band: RestingBand, served: Surroundings, origin: dict[str, str]
) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        await opened(served, browser)
        answer = await browser.post(served.url("/button"), json={}, headers=origin)
        assert answer.status == 403
    assert band.core.presses == []


async def test_link_opens_once(served: Surroundings) -> None:
    link = (await (await served.client.post("/link")).json())["path"]
    found = [
        (await served.stranger.get(served.url(link), allow_redirects=False)).status
        for _ in range(2)
    ]
    assert found == [303, 403]


async def test_page_keeps_to_itself(served: Surroundings) -> None:
    headers = (await served.client.get("/")).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
