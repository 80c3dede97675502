"""The control surface: hands, faults and a look inside."""

import asyncio
from pathlib import Path

import pytest

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.faults.table import FAULTS
from tests.firmware_bridge.emulator.control.surfaces import (
    Client,
    RestingBand,
    Surroundings,
    surface_of,
)
from tests.firmware_bridge.emulator.world import world


async def test_state_shows_the_band_from_outside(band: RestingBand, client: Client) -> None:
    band.board.coil.load(3)
    band.board.coil.fire(0, 50)
    seen = await (await client.get("/state")).json()
    assert seen["state"] == "IDLE"
    assert seen["coil"] == {"fired_total": 1, "fired_since_load": 1, "countdown": 2}
    assert seen["connected"] is False
    assert seen["status"]["battery_percent"] == 80


async def test_a_hold_reaches_the_firmware_as_press_and_release(
    band: RestingBand, client: Client
) -> None:
    assert (await client.post("/button", json={"hold_ms": 30})).status == 200
    assert band.core.presses == [True, False]


async def test_finger_on_the_button_holds_it_until_it_lets_go(
    band: RestingBand, client: Client
) -> None:
    async with asyncio.TaskGroup() as group:
        held = group.create_task(client.post("/button", json={"down": True}))
        await band.core.changed.wait()
        again = await (await client.post("/button", json={"down": True})).json()
        assert (again, held.done()) == ({"ok": False}, False)
        assert (await client.post("/button", json={"down": False})).status == 200
    assert band.core.presses == [True, False]


async def test_faults_reach_the_parts(band: RestingBand, client: Client) -> None:
    answer = await client.post("/fault", json={"contact": False, "temperature": 45})
    assert answer.status == 200
    reading = band.board.sensors.read()
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
        ("/button", '{"hold_ms": 60001}', "from 1 to 60000"),
        ("/button", '{"held": 5}', "held"),
        ("/drop", '{"now": true}', "now"),
    ],
)
async def test_bad_input_is_refused_in_words_and_changes_nothing(
    band: RestingBand, client: Client, path: str, body: str, named: str
) -> None:
    answer = await client.post(path, data=body)
    assert answer.status == 400
    refusal = await answer.json()
    assert named in refusal["error"]
    assert refusal["error"].startswith(refusal["field"])
    assert band.board.sensors.read().contact
    assert band.core.presses == []


async def test_ledger_is_listed(band: RestingBand, client: Client) -> None:
    band.core.records = {1: b"\x01", 2: b"\x02"}
    seen = await (await client.get("/ledger")).json()
    assert [each["record"] for each in seen["records"]] == ["01", "02"]


async def test_flash_is_shown_by_blocks(band: RestingBand, client: Client) -> None:
    flash = band.board.flash
    flash.append(b"entry")
    flash.chip.wear_out("log", 2)
    band.faults.set({"flash_bad_block": 4})
    areas = {each["name"]: each for each in (await (await client.get("/flash")).json())["areas"]}
    states = [(run["first"], run["state"]) for run in areas["log"]["runs"]]
    assert states == [
        (0, "used"),
        (1, "erased"),
        (2, "bad"),
        (3, "erased"),
        (4, "bad"),
        (5, "erased"),
    ]
    assert sum(run["blocks"] for run in areas["log"]["runs"]) == 3072


async def test_records_are_read_a_page_at_a_time(band: RestingBand, client: Client) -> None:
    band.core.records = {number: bytes([number % 256]) for number in range(1, 1001)}
    newest = await (await client.get("/records")).json()
    assert [each["number"] for each in newest["records"]] == list(range(801, 1001))
    older = await (await client.get("/records?first=101")).json()
    assert [each["number"] for each in older["records"]] == list(range(101, 301))
    assert (await client.get("/records?first=first")).status == 400


async def test_changes_are_told_as_they_happen(band: RestingBand, served: Surroundings) -> None:
    async with served.client.get("/events") as stream:
        assert await stream.content.readline() == b"event: state\n"
        await stream.content.readuntil(b"\n\n")
        served.watch.messages.wrote(Channel.RECORD_ACCESS, bytes([1, 1]))
        async with asyncio.timeout(10):
            while await stream.content.readline() != b"event: message\n":
                pass
            told = await stream.content.readline()
    assert b"The phone asks for all records." in told


async def test_drop_breaks_the_link(tmp_path: Path) -> None:
    async with world(tmp_path) as here, surface_of(here.shell) as served:
        await here.shell.face.on_air()
        assert (await (await served.client.post("/drop")).json())["ok"] is False
        await here.pair()
        assert (await (await served.client.post("/drop")).json())["ok"] is True
        await here.phone.gone()


async def test_fault_is_placed_strikes_and_is_taken_back(band: RestingBand, client: Client) -> None:
    asked = {"fault": "contact", "event": "record", "for_ms": 1000}
    number = (await (await client.post("/placements", json=asked)).json())["number"]
    seen = await (await client.get("/placements")).json()
    assert [(each["number"], each["event"]) for each in seen["placed"]] == [(number, "record")]
    band.events.tell(Event.RECORD, "BOOT")
    seen = await (await client.get("/placements")).json()
    assert (seen["placed"], [each["fault"] for each in seen["struck"]]) == ([], ["contact"])
    assert (await (await client.get("/faults")).json())["standing"] == {"contact": False}
    await client.delete("/faults/contact")
    assert band.board.sensors.read().contact


async def test_placement_is_removed_once(client: Client) -> None:
    asked = {"fault": "contact", "in_ms": 60_000}
    number = (await (await client.post("/placements", json=asked)).json())["number"]
    found = [(await client.delete(f"/placements/{number}")).status for _ in range(2)]
    assert found == [200, 404]
    assert (await client.delete("/placements/all")).status == 404
    assert (await client.delete("/faults/gravity")).status == 400


async def test_every_fault_says_what_it_takes(client: Client) -> None:
    faults = (await (await client.get("/faults")).json())["faults"]
    assert [each["name"] for each in faults] == list(FAULTS)
    kinds = {each["name"]: (each["kind"], each["least"], each["most"]) for each in faults}
    assert kinds["contact"] == ("flag", None, None)
    assert kinds["battery_percent"] == ("integer", 0, 100)
    assert kinds["watchdog"] == ("happens", None, None)
