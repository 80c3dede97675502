"""Bodies of any kind on the phones' routes: an answer that the API describes, never a failure."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from cloud.ingest import app as phones_app
from cloud.ingest.app import create_app
from cloud.ingest.bodies import encode_bytes
from cloud.phones.models import Phone as StoredPhone
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World

ROUTES = ("/v1/items", "/v1/enrolments", "/v1/clearances", "/v1/time-tokens")
DESCRIBED = {200, 401, 403, 409, 413, 422, 429}
JUNK: tuple[Any, ...] = (
    None, True, -1, 2**70, 1e400, "", "\x00", "\ud800", "A" * 300, "AAAA", "=", [], {}, [[]],
    {"items": []}, "record/" + "0" * 32 + "/" + "0" * 32 + "/1", "checkin", "2026-02-30",
)  # fmt: skip


def valid(phone: Phone, route: str, band: Band) -> dict[str, Any]:
    """A body that the route takes."""
    nonce = {"device_id": phone.given["device_id"], "nonce": "A" * 22}
    if route == "/v1/enrolments":
        return {"code": "demo.x", "birth_date": "1980-05-17", "app_key": "AA", "request_key": "AA"}
    if route == "/v1/items":
        sent = [*band.record_items(), band.head_item()]
        items = [{**each, "body": encode_bytes(cast(bytes, each["body"]))} for each in sent]
        kinds = ("checkin", "care", "session_log", "gate_answers")
        return {"items": items + [{"id": kind, "kind": kind, "body": "oA"} for kind in kinds]}
    return nonce


def damaged(chance: random.Random, value: Any) -> Any:
    """The value with one part of it replaced, dropped, doubled or added."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        changed = dict(value)
        if chance.random() < 0.1:
            del changed[name]
        elif chance.random() < 0.1:
            changed[chance.choice(["x", "", "id", "items"])] = chance.choice(JUNK)
        else:
            changed[name] = damaged(chance, value[name])
        return changed
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], damaged(chance, value[place]), *value[place + 1 :]]
    if isinstance(value, str) and value and chance.random() < 0.6:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice("Az09_-/=+\n\x7f\u00e9") + value[place + 1 :]
    return chance.choice(JUNK)


def body_of(chance: random.Random, value: Any) -> bytes:
    """The damaged value as JSON, which may be damaged again."""
    for _ in range(chance.randint(1, 3)):
        value = damaged(chance, value)
    data = bytearray(json.dumps(value).encode())
    if chance.random() < 0.2:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randint(0, len(data))] if chance.random() < 0.05 else data)


async def asked(app: Callable[..., Awaitable[None]], route: str, body: bytes) -> tuple[int, bytes]:
    """Ask an ASGI application, without anything in between."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": route, "raw_path": route.encode(), "query_string": b"",
        "root_path": "", "headers": [(b"host", b"phones")], "client": ("127.0.0.1", 1),
        "server": ("phones", 80),
    }  # fmt: skip
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await app(scope, receive, send)
    return told[0]["status"], b"".join(part.get("body", b"") for part in told[1:])


def fuzz(world: World, phone: Phone, patch: pytest.MonkeyPatch, *, bodies: int, seed: int) -> None:
    """Send so many bodies as if their signature held, which is what hides the rest from junk."""
    chance = random.Random(seed)
    band = Band(world.identity, phone.bytes_of("patient_id"))
    app = create_app(world.settings, world.clock)
    ingest = app.state.ingest
    with world.database.read("demo") as session:
        stored = session.get_one(StoredPhone, ("demo", bytes.fromhex(phone.given["phone_id"][5:])))
    patch.setattr(ingest.verifier, "verify", lambda message, body: stored)
    patch.setattr(ingest.gate, "charge", lambda name, items: None)

    async def inline(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    patch.setattr(phones_app, "run_in_threadpool", inline)
    whole = {route: valid(phone, route, band) for route in ROUTES}
    ingest.tries = bodies + 1

    async def all_of_them() -> None:
        for _ in range(bodies):
            route = chance.choice(ROUTES)
            body = body_of(chance, whole[route])
            status, answer = await asked(app, route, body)
            assert status in DESCRIBED, (route, body, status, answer)
            if status != 200:
                assert json.loads(answer)["sentence"], (route, body)

    asyncio.run(all_of_them())
    ingest.database.close()


def test_two_thousand_bodies(world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz(world, phone, monkeypatch, bodies=2_000, seed=1)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_thousand_bodies(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    fuzz(world, phone, monkeypatch, bodies=100_000, seed=2)
