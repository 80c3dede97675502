"""A flood of enrolments from nobody known holds up no enrolled phone, and no other network."""

import asyncio
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from cloud.errors import TooMany
from cloud.ingest.app import create_app
from cloud.ingest.door import INSIDE_MAX, INSIDE_OF_A_NETWORK, Door
from cloud.limits.service import NETWORK_FACTOR, WINDOW_MS
from cloud.phones import codes
from tests.cloud.browser import ListeningServer
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

TRIES = 60
STRANGE = "nowhere-0123-4567-89AB"


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve ingest as its process does; yields its address."""
    bound = socket.create_server(("127.0.0.1", 0), backlog=2 * TRIES)
    server = ListeningServer(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        assert server.listens.wait(10)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def phone_at(world: World, client: httpx2.Client) -> Phone:
    """A phone that speaks to a server; of its client it needs what any client has."""
    return Phone(world, client)


def test_sixty_tries_at_once_hold_no_enrolled_phone_up(world: World) -> None:
    answers: queue.Queue[httpx2.Response] = queue.Queue()
    with served(create_app(world.settings, world.clock)) as url:
        client = httpx2.Client(base_url=url, timeout=20)
        phone = phone_at(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200

        def attempt() -> None:
            with httpx2.Client(base_url=url, timeout=60) as own:
                answers.put(phone_at(world, own).enrol(STRANGE))

        flood = [threading.Thread(target=attempt) for _ in range(TRIES)]
        # No try ends while both places are held: whatever is answered meanwhile waited for none.
        with codes._trying, codes._trying:
            for thread in flood:
                thread.start()
            refused = [answers.get(timeout=20) for _ in range(TRIES - INSIDE_OF_A_NETWORK)]
            assert {each.status_code for each in refused} == {429}
            assert all(int(each.headers["Retry-After"]) > 0 for each in refused)
            assert phone.post("/v1/items", {"items": []}).status_code == 200
            assert phone.get("/v1/sync").status_code == 200
        for thread in flood:
            thread.join()
        tried = [answers.get_nowait() for _ in range(INSIDE_OF_A_NETWORK)]
        assert {each.json()["code"] for each in tried} == {"code_unknown"}
        client.close()


async def test_one_network_leaves_places_to_others() -> None:
    door = Door(tries=1)
    places = [f"192.0.2.{n // INSIDE_OF_A_NETWORK}" for n in range(INSIDE_MAX)]
    go_on = threading.Event()

    def stay() -> None:
        go_on.wait(20)

    async with asyncio.TaskGroup() as group:
        for address in places:
            group.create_task(door.through(address, stay))
        await asyncio.sleep(0)
        for address in ("192.0.2.0", "198.51.100.7"):
            with pytest.raises(TooMany):
                await door.through(address, stay)
        go_on.set()
    assert await door.through("192.0.2.0", lambda: 7) == 7


def test_a_network_that_tries_at_clinics_that_are_not_here_is_stopped() -> None:
    now_s = 0.0
    door = Door(tries=2, now_s=lambda: now_s)
    for _ in range(2 * NETWORK_FACTOR):
        door.count_stranger("192.0.2.1")
    with pytest.raises(TooMany) as refused:
        door.count_stranger("192.0.2.1")
    assert refused.value.retry_after_s > 0
    door.count_stranger("192.0.2.2")
    now_s = WINDOW_MS / 1000
    door.count_stranger("192.0.2.1")


def test_ingest_counts_them(world: World) -> None:
    settings = world.settings.model_copy(update={"rate_limit": 1})
    with served(create_app(settings, world.clock)) as url, httpx2.Client(base_url=url) as client:
        given = [phone_at(world, client).enrol(STRANGE).status_code for _ in range(13)]
    # A try comes back each minute, so that a slow machine may have one more.
    assert given[:NETWORK_FACTOR] == [409] * NETWORK_FACTOR
    assert given[-1] == 429
