"""`circlet-emulator export` fetches a running band's ledger, as a file for `circlet-verify`."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from firmware_bridge.emulator.cli import main
from firmware_bridge.emulator.control.app import control_app
from firmware_bridge.emulator.control.guard import Guard
from firmware_bridge.emulator.control.surface import Surface
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.timebase import SystemClock
from shared.wire import ledger_file
from shared.wire.ledger_file import LineKind, Spelling
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID

TOKEN = "token of this test"


@pytest.fixture
def band(tmp_path: Path) -> Band:
    return Band(tmp_path / "band")


@pytest.fixture
async def control(band: Band) -> AsyncIterator[str]:
    """Host and port of the band's control surface."""
    identity = Identity(DEVICE_ID, band.device_key, b"certificate", band.device_key.public_key)
    shell: Any = SimpleNamespace(core=band.firmware, board=SimpleNamespace(identity=identity))
    guard = Guard(TOKEN)
    app = control_app(Surface(shell, guard, Watch(SystemClock())), guard)
    async with TestServer(app) as server:
        yield f"{server.host}:{server.port}"


async def export(control: str, out: Path, *more: str) -> None:
    command = ["export", "--control", control, "--token", TOKEN, "--out", str(out), *more]
    await asyncio.to_thread(main, command)


async def test_file_has_the_certificate_every_record_and_a_head(
    band: Band, control: str, tmp_path: Path
) -> None:
    band.provision()
    await export(control, tmp_path / "ledger")
    first, *lines = (tmp_path / "ledger").read_bytes().splitlines(keepends=True)
    header = ledger_file.parse_header(first)
    assert (header.device_id, header.certificate) == (DEVICE_ID, b"certificate")
    found = [ledger_file.parse_line(line) for line in lines]
    kept = [band.firmware.record(number) for number in range(1, len(found))]
    assert [line.data for line in found[:-1]] == kept
    assert found[-1].kind is LineKind.HEAD


async def test_spelling_is_chosen(band: Band, control: str, tmp_path: Path) -> None:
    band.provision()
    await export(control, tmp_path / "ledger", "--spelling", "cbor")
    opening = (tmp_path / "ledger").read_bytes()[:2]
    assert ledger_file.spelling_of(opening) is Spelling.CBOR


async def test_band_of_nobody_has_no_ledger(control: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="a band that belongs to a clinic"):
        await export(control, tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()


async def test_nothing_is_overwritten(band: Band, control: str, tmp_path: Path) -> None:
    band.provision()
    (tmp_path / "ledger").write_text("mine")
    with pytest.raises(SystemExit, match="exists"):
        await export(control, tmp_path / "ledger")
    assert (tmp_path / "ledger").read_text() == "mine"
