"""Tries are counted for a network, in the database: over processes, and given back on success."""

from contextlib import suppress

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.db import Database
from cloud.errors import TooMany
from cloud.limits.service import NETWORK_FACTOR, WINDOW_MS, Tried, network_of, trying
from cloud.vault.opening import open_vault
from tests.cloud.worlds import START_MS, World


class Wrong(Exception):
    """A try that failed."""


def fail(database: Database, address: str = "192.0.2.1", now_ms: int = START_MS) -> None:
    with (
        suppress(Wrong),
        trying(database, "demo", "sign-in", address, limit=3, now_ms=now_ms),
    ):
        raise Wrong


def test_two_processes_count_together(world: World) -> None:
    other = Database(world.settings.url, open_vault(world.settings))
    for database in (world.database, other, world.database):
        fail(database)
    with pytest.raises(TooMany) as refused:
        fail(other, now_ms=START_MS + 60_000)
    assert refused.value.retry_after_s == (WINDOW_MS - 60_000) // 1000
    other.close()


def test_the_window_ends_and_another_network_is_not_held_up(world: World) -> None:
    for _ in range(3):
        fail(world.database)
    fail(world.database, "192.0.2.2")
    fail(world.database, now_ms=START_MS + WINDOW_MS)


def test_what_succeeds_does_not_count(world: World) -> None:
    for _ in range(10):
        with trying(world.database, "demo", "sign-in", "192.0.2.1", limit=3, now_ms=START_MS):
            pass


def test_bad_tries_stop_what_is_tried_and_not_its_network(world: World) -> None:
    def attempt(tried: Tried, *, fails: bool) -> None:
        with (
            suppress(Wrong),
            trying(
                world.database,
                "demo",
                "sign-in",
                "192.0.2.1",
                limit=3,
                now_ms=START_MS,
                tried=tried,
            ),
        ):
            if fails:
                raise Wrong

    for _ in range(3):
        attempt(Tried(b"one"), fails=True)
    with pytest.raises(TooMany):
        attempt(Tried(b"one"), fails=False)
    attempt(Tried(b"another"), fails=False)
    for number in range(3 * NETWORK_FACTOR - 4):
        attempt(Tried(b"guess %d" % number), fails=True)
    attempt(Tried(b"the last one"), fails=True)
    with pytest.raises(TooMany):
        attempt(Tried(b"one more"), fails=True)
    attempt(Tried(b"a colleague's passkey", is_known=True), fails=False)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", ""),
    ],
)
def test_an_ipv6_household_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_pages_say_when_to_come_back(world: World) -> None:
    settings = world.settings.model_copy(update={"rate_limit": 2})
    with TestClient(create_app(settings, world.clock)) as pages:
        answers = [pages.get("/invitations/demo.wrong") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [409, 409, 429]
        assert answers[-1].headers["Retry-After"] == str(WINDOW_MS // 1000)
        assert pages.get("/invitations/elsewhere.wrong").status_code == 409
