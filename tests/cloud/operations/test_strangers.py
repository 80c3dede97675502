"""Whoever writes a clinic's name on what they send takes nothing from that clinic's phones."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from cloud.ingest.gate import UNDER_WAY_OF_A_CLINIC
from shared.trust.keys import SoftwareKey
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.operations.processes import Process
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

ELSEWHERE = "127.0.0.2"
"""The strangers' address; the phone's is 127.0.0.1."""
TRIES_MAX = 500
"""More claims than any limit here lets through while the half sent ones come in."""
ITEMS = {"items": [{"id": "x", "kind": "poem", "body": ""}]}


@pytest.fixture
def ingest_process(world: World) -> Iterator[Process]:
    set_clock(world)
    made = Process(world, "ingest")
    yield made
    made.end()


def claims(name: str) -> dict[str, str]:
    """The headers of a request that says it is from a phone, and proves nothing."""
    return {"Signature-Input": f'sig1=("@method");keyid="{name}"', "Signature": "sig1=:AAAA:"}


def half(port: int, name: str) -> socket.socket:
    """Send one half of an upload in a phone's name; return the connection."""
    sending = socket.create_connection(("127.0.0.1", port), 10, source_address=(ELSEWHERE, 0))
    lines = ["POST /v1/items HTTP/1.1", "Host: x", "Content-Length: 2"]
    lines += [f"{key}: {value}" for key, value in claims(name).items()]
    sending.sendall("\r\n".join([*lines, "", "{"]).encode())
    return sending


def test_a_flood_in_a_clinics_name_leaves_its_own_phone_answered(
    world: World, ingest_process: Process
) -> None:
    url, others = ingest_process.url, httpx2.HTTPTransport(local_address=ELSEWHERE)
    with ExitStack() as held:
        own = held.enter_context(httpx2.Client(base_url=url, timeout=20))
        stranger = held.enter_context(httpx2.Client(base_url=url, timeout=20, transport=others))
        phone = Phone(world, own)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        names = [str(phone.given["phone_id"])]
        names += [f"demo.{number:032x}" for number in range(UNDER_WAY_OF_A_CLINIC - 1)]
        for name in names:
            held.enter_context(half(ingest_process.port, name))
        # One of the half ones may have met a claim under way, and have been refused itself.
        answer, tries = 401, 0
        while answer == 401 and tries < TRIES_MAX:
            answer, tries = claim(stranger, "demo." + "f" * 32).status_code, tries + 1
            held.enter_context(half(ingest_process.port, f"demo.{tries:031x}e"))
        assert answer == 429
        forged = phone.signed("POST", "/v1/items", ITEMS, key=SoftwareKey.generate())
        assert stranger.send(forged).status_code == 429
        assert phone.post("/v1/items", ITEMS).status_code == 200
        assert phone.get("/v1/sync").status_code == 200


def claim(stranger: httpx2.Client, name: str) -> httpx2.Response:
    """Send a whole upload in a phone's name."""
    return stranger.post("/v1/items", content=b"{}", headers=claims(name))
