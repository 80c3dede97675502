"""Where and when a placed fault strikes, how long it stands, and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.fault import Lasts
from firmware_bridge.emulator.faults.table import FAULTS
from firmware_bridge.emulator.faults.wanted import MUST_BE_GIVEN
from tests.firmware_bridge.emulator.faults.bench import Bench

GIVEN = {
    "motion_mg": 700,
    "battery_percent": 12,
    "sensor_noise": 3,
    "flash_power_cut": 9,
    "flash_worn": 0,
    "flash_flip": 4,
    "flash_page_lost": "uptime",
    "flash_room_bytes": 4096,
    "clock_drift_ppm": 900,
}
"""Values for the faults that have no usual one."""


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    running = asyncio.create_task(bench.faults.run())
    yield bench
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def contact(bench: Bench) -> bool:
    return bench.board.sensors.read().contact


async def test_fault_strikes_at_its_instant_and_is_taken_back_in_time(bench: Bench) -> None:
    bench.faults.place({"fault": "contact", "at_ms": 500, "for_ms": 300})
    await bench.clock.run(499)
    assert contact(bench)
    await bench.clock.run(1)
    assert not contact(bench)
    await bench.clock.run(299)
    assert not contact(bench)
    await bench.clock.run(1)
    assert contact(bench)
    assert not bench.faults.placed()


async def test_instant_may_be_counted_from_now(bench: Bench) -> None:
    await bench.clock.run(1_000)
    bench.faults.place({"fault": "contact", "in_ms": 50})
    await bench.clock.run(49)
    assert contact(bench)
    await bench.clock.run(1)
    assert not contact(bench)
    assert [each.at_ms for each in bench.faults.struck()] == [1_050]


async def test_fault_without_an_instant_strikes_at_once(bench: Bench) -> None:
    bench.faults.place({"fault": "position_ok"})
    assert not bench.board.sensors.read().position_ok


async def test_fault_strikes_at_the_nth_of_its_events_and_at_no_other(bench: Bench) -> None:
    bench.faults.place({"fault": "contact", "event": "request", "of": "START", "nth": 2})
    for named, before in (("START", True), ("STOP", True), ("START", False), ("START", False)):
        bench.events.tell(Event.REQUEST, named)
        assert contact(bench) is before
    assert len(bench.faults.struck()) == 1


async def test_chance_of_a_seed_strikes_alike_and_about_as_often_as_told(tmp_path: Path) -> None:
    asked = {"fault": "watchdog", "event": "notification", "probability": 0.25, "seed": 7}
    benches = [Bench(tmp_path / name) for name in ("one", "two")]
    for each in benches:
        each.faults.place(asked)
        for _ in range(400):
            each.events.tell(Event.NOTIFICATION, Channel.STATUS)
    assert benches[0].done == benches[1].done
    assert 70 < len(benches[0].done) < 130


async def test_newest_strike_of_a_fault_says_when_it_is_over(bench: Bench) -> None:
    bench.faults.place({"fault": "temperature", "value": 50, "for_ms": 100})
    bench.faults.place({"fault": "temperature", "value": 60, "in_ms": 80, "for_ms": 100})
    await bench.clock.run(120)
    assert bench.board.sensors.read().coil_temperature_c == 60
    await bench.clock.run(60)
    assert bench.board.sensors.read().coil_temperature_c < 30


async def test_what_is_removed_strikes_no_more_and_stands_no_more(bench: Bench) -> None:
    waiting = bench.faults.place({"fault": "contact", "event": "boot"})
    standing = bench.faults.place({"fault": "position_ok", "for_ms": 10_000})
    bench.faults.remove(waiting)
    bench.faults.remove(standing)
    bench.events.tell(Event.BOOT, Cause.POWER_ON)
    reading = bench.board.sensors.read()
    assert (reading.contact, reading.position_ok) == (True, True)
    for number in (waiting, standing, 99):
        with pytest.raises(FaultRefused, match="placement"):
            bench.faults.remove(number)


async def test_clearing_takes_everything_back(bench: Bench) -> None:
    bench.faults.set({"contact": False, "button_stuck": True, "slow_link": 40})
    bench.faults.place({"fault": "watchdog", "event": "boot"})
    bench.faults.clear()
    assert contact(bench)
    assert bench.done == ["pressed", "let go"]
    assert (bench.faults.placed(), bench.faults.standing()) == ({}, {})


async def test_faults_are_set_all_or_none(bench: Bench) -> None:
    with pytest.raises(FaultRefused):
        bench.faults.set({"contact": False, "battery_percent": 101})
    assert contact(bench)


async def test_fault_that_has_counted_stands_no_more(bench: Bench) -> None:
    bench.faults.set({"att_drop": 1, "att_corrupt": 2})
    await bench.interference.passing(Event.WRITTEN, Channel.CONTROL_POINT, b"value")
    assert bench.faults.standing() == {"att_corrupt": 2}


@pytest.mark.parametrize("name", [name for name, each in FAULTS.items()])
async def test_every_fault_can_be_placed_and_says_rightly_how_long_it_lasts(
    bench: Bench, name: str
) -> None:
    fault = FAULTS[name]
    asked: dict[str, Any] = {"fault": name}
    if fault.wanted.usual is MUST_BE_GIVEN:
        asked["value"] = GIVEN[name]
    bench.board.flash.append(b"one entry")
    bench.faults.place({**asked, "event": "minute"})
    assert name not in bench.faults.standing()
    bench.events.tell(Event.MINUTE)
    assert [each.fault for each in bench.faults.struck()] == [name]
    assert (name in bench.faults.standing()) is (fault.lasts is Lasts.STANDS)
    bench.faults.clear()
    assert not bench.faults.standing()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "fault"),
        ({"fault": "gravity"}, "gravity"),
        ({"fault": "contact", "value": 0}, "contact"),
        ({"fault": "battery_percent"}, "value"),
        ({"fault": "contact", "when": 3}, "when"),
        ({"fault": "contact", "at_ms": -1}, "at_ms"),
        ({"fault": "contact", "at_ms": True}, "at_ms"),
        ({"fault": "contact", "at_ms": 1, "in_ms": 1}, "in_ms"),
        ({"fault": "contact", "at_ms": 1, "event": "boot"}, "event"),
        ({"fault": "contact", "nth": 2}, "nth"),
        ({"fault": "contact", "event": "earthquake"}, "event"),
        ({"fault": "contact", "event": ["boot"]}, "event"),
        ({"fault": "contact", "event": "request", "of": "START_ALL"}, "of"),
        ({"fault": "contact", "event": "request", "of": ["START"]}, "of"),
        ({"fault": "contact", "event": "pulse", "of": "START"}, "of"),
        ({"fault": "contact", "event": "pulse", "nth": 0}, "nth"),
        ({"fault": "contact", "event": "pulse", "nth": 1, "probability": 0.5}, "probability"),
        ({"fault": "contact", "event": "pulse", "probability": 0}, "probability"),
        ({"fault": "contact", "event": "pulse", "probability": float("nan")}, "probability"),
        ({"fault": "contact", "event": "pulse", "seed": 1}, "seed"),
        ({"fault": "watchdog", "for_ms": 5}, "for_ms"),
        ({"fault": "flash_flip", "value": 1, "for_ms": 5}, "for_ms"),
        ({"fault": "contact", "for_ms": 0}, "for_ms"),
    ],
)
async def test_bad_placement_is_refused_by_its_field_and_changes_nothing(
    bench: Bench, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(FaultRefused) as refused:
        bench.faults.place(asked)
    assert refused.value.field == field
    assert field in str(refused.value)
    assert not bench.faults.placed()
    assert contact(bench)


async def test_more_placements_than_anybody_means_are_refused(bench: Bench) -> None:
    for _ in range(256):
        bench.faults.place({"fault": "contact", "event": "boot"})
    with pytest.raises(FaultRefused, match="at most 256"):
        bench.faults.place({"fault": "contact", "event": "boot"})
