"""The pytest fixture as another project uses it: the very lines of docs/conformance.md."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.conformance.emulated import EmulatedBand
from firmware_bridge.link import Connection
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import SystemClock
from shared.wire.status import Status

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/conformance.md"


class MyPhone:
    """Another project's phone, with a loop of its own for each call."""

    def __init__(self, radio: str, folder: Path) -> None:
        self._radio, self._folder = radio, folder
        self._status: Status | None = None

    def pair(self, confirm: Callable[[int], bool]) -> None:
        asyncio.run(self._pair(confirm))

    def status(self) -> Any:
        assert self._status is not None
        return type("Said", (), {"state": self._status.state.name.lower()})

    async def _pair(self, confirm: Callable[[int], bool]) -> None:
        class Agent:
            async def confirm_number(self, number: int) -> bool:
                return await asyncio.to_thread(_until, lambda: confirm(number))

        adapter = await Adapter.open(self._radio, self._folder)
        connection = Connection(VirtualBluetooth(adapter), SystemClock())
        try:
            await connection.pair(Agent())
            self._status = connection.status
        finally:
            await connection.let_go()
            await adapter.close()


def _until(confirmed: Callable[[], bool]) -> bool:
    """The band shows its number a moment after the phone."""
    while not confirmed():
        pass
    return True


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Any]:
    """What the document's lines define."""
    (lines,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert len([line for line in lines.splitlines() if line]) <= 10
    names: dict[str, Any] = {"MyPhone": lambda radio: MyPhone(radio, tmp_path / "phone")}
    exec(lines, names)
    return names


def test_a_phone_of_another_project_reads_the_band(
    circlet_band: EmulatedBand, written: dict[str, Any]
) -> None:
    assert set(circlet_band.pids) == {"radio", "emulator"}
    assert circlet_band.number_shown() is None
    written["test_my_phone_reads_the_band"](circlet_band)


@pytest.mark.long
def test_another_project_runs_the_suite(
    circlet_band: EmulatedBand,
    written: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    written["test_the_band_conforms"](circlet_band)
    assert (tmp_path / "report.xml").exists()
