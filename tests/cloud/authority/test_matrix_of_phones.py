"""Every route of the phones' API: who isn't an enrolled phone gets no further than the door."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.clinics.identity import read_identity
from cloud.ingest.app import create_app
from cloud.ingest.bodies import encode_bytes
from cloud.patients.service import new_code
from cloud.phones.models import Phone as StoredPhone
from tests.cloud.authority.expected import INGEST
from tests.cloud.authority.people import Town, make_town
from tests.cloud.authority.test_matrix import routes_of
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

OPEN = {"/v1/enrolments", "/health", "/ready"}


@pytest.fixture
def app(world: World) -> FastAPI:
    return create_app(world.settings, world.clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as made:
        yield made


@pytest.fixture
def town(world: World, tmp_path: Path) -> Town:
    return make_town(world, tmp_path)


def enrolled(world: World, client: TestClient, patient: str) -> Phone:
    phone = Phone(world, client)
    with world.database.write("demo") as session:
        code = new_code(session, "demo", bytes.fromhex(patient), now_ms=world.clock.now_ms)
    assert phone.enrol(code).status_code == 200
    return phone


def body_for(path: str, device: bytes) -> dict[str, Any]:
    nonce = encode_bytes(secrets.token_bytes(16))
    of_image = {"device_id": encode_bytes(device), "image_hash": encode_bytes(bytes(32))}
    bodies: dict[str, dict[str, Any]] = {
        "/v1/items": {"items": []},
        "/v1/clearances": {"device_id": encode_bytes(device), "nonce": nonce},
        "/v1/time-tokens": {"device_id": encode_bytes(device), "nonce": nonce},
        "/v1/releases": {"device_id": encode_bytes(device)},
        "/v1/releases/parts": {**of_image, "start": 0},
        "/v1/releases/tries": {**of_image, "outcome": "kept"},
    }
    return bodies.get(path, {})


def test_every_route_of_ingest_is_expected(app: FastAPI) -> None:
    assert routes_of(app) == set(INGEST)


def test_only_an_enrolled_phone_gets_through(
    world: World, app: FastAPI, client: TestClient, town: Town
) -> None:
    phone, lost = (enrolled(world, client, town.own) for _ in range(2))
    with world.database.write("demo") as session:
        found = session.get_one(StoredPhone, ("demo", phone_id(lost)))
        found.revoked_ms = world.clock.now_ms
    device = phone.bytes_of("device_id")
    cells = 0
    for method, path in sorted(routes_of(app)):
        status, body = INGEST[method, path], body_for(path, device)
        sent = None if method == "GET" else body
        for who in town.visitors.values():
            headers = {"Cookie": f"circlet={who.cookie}"} if who.cookie else {}
            answer = client.request(method, path, json=sent, headers=headers)
            assert answer.status_code == (status if path in OPEN else 401)
            cells += 1
        assert phone.send(phone.signed(method, path, sent)).status_code == status
        turned_away = lost.send(lost.signed(method, path, sent)).status_code
        assert turned_away == (status if path in OPEN else 401)
        cells += 2
    print(f"\ningest: {len(INGEST)} routes, {len(town.visitors) + 2} visitors, {cells} cells")


def phone_id(phone: Phone) -> bytes:
    return bytes.fromhex(phone.given["phone_id"].rpartition("/")[2].rpartition(".")[2])


@pytest.mark.parametrize("path", ["/v1/clearances", "/v1/time-tokens", "/v1/releases"])
def test_foreign_device_and_none_are_answered_in_the_same_bytes(
    world: World, client: TestClient, town: Town, tmp_path: Path, path: str
) -> None:
    phone = enrolled(world, client, town.own)
    theirs = read_identity(tmp_path / "other").devices[0].device_id
    answers = [
        phone.post(path, body_for(path, device)) for device in (theirs, secrets.token_bytes(16))
    ]
    assert answers[0].status_code == answers[1].status_code != 200
    assert answers[0].content == answers[1].content
