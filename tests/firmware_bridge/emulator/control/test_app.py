"""The control surface: hands, faults and a look inside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from firmware_bridge.emulator.control.app import control_app
from tests.firmware_bridge.emulator.world import World, world

Client = TestClient[Request, Application]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as running:
        await running.shell.face.on_air()
        yield running


@pytest.fixture
async def client(here: World) -> AsyncIterator[Client]:
    async with TestClient(TestServer(control_app(here.life))) as client:
        yield client


async def test_state_shows_the_band_from_outside(here: World, client: Client) -> None:
    here.shell.board.coil.load(3)
    here.shell.board.coil.fire(0, 50)
    seen = await (await client.get("/state")).json()
    assert seen["state"] == "IDLE"
    assert seen["coil"] == {"fired_total": 1, "fired_since_load": 1, "countdown": 2}
    assert seen["connected"] is False
    assert seen["status"]["battery_percent"] == 80


async def test_a_hold_reaches_the_firmware_as_press_and_release(
    here: World, client: Client
) -> None:
    assert (await client.post("/button", json={"hold_ms": 30})).status == 200
    assert here.core.presses == [True, False]


async def test_faults_reach_the_parts(here: World, client: Client) -> None:
    answer = await client.post("/fault", json={"contact": False, "temperature": 45})
    assert answer.status == 200
    reading = here.shell.board.sensors.read()
    assert not reading.contact
    assert reading.coil_temperature_c == 45


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/fault", '{"contact": 0}', "contact"),
        ("/fault", '{"contact": false, "gravity": true}', "gravity"),
        ("/fault", "[]", "body"),
        ("/fault", "{", "body"),
        ("/button", '{"hold_ms": 0}', "hold_ms"),
        ("/button", '{"hold_ms": true}', "hold_ms"),
    ],
)
async def test_bad_input_is_refused_in_words_and_changes_nothing(
    here: World, client: Client, path: str, body: str, named: str
) -> None:
    answer = await client.post(path, data=body)
    assert answer.status == 400
    assert named in (await answer.json())["error"]
    assert here.shell.board.sensors.read().contact
    assert here.core.presses == []


async def test_ledger_is_listed(here: World, client: Client) -> None:
    here.core.records = {1: b"\x01", 2: b"\x02"}
    seen = await (await client.get("/ledger")).json()
    assert [each["record"] for each in seen["records"]] == ["01", "02"]


async def test_drop_breaks_the_link(here: World, client: Client) -> None:
    assert (await (await client.post("/drop")).json())["ok"] is False
    await here.pair()
    assert (await (await client.post("/drop")).json())["ok"] is True
    await here.phone.gone()
