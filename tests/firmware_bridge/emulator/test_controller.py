"""A controller is opened by its name, and where there is none, a sentence says what to look at."""

import subprocess
import sys
from pathlib import Path

import pytest

from firmware_bridge.emulator.controller import NoController, open_controller
from tests.firmware_bridge.emulator.test_process import look, process, radio_port, ready, state

__all__ = ["radio_port", "state"]

# Names of adapters that no machine has, so that no test takes one that somebody uses.
NOT_THERE = ["usb:FFFF:FFFF", "hci-socket:65000", "serial:/dev/no-such-port,115200"]


@pytest.mark.parametrize("name", NOT_THERE)
async def test_adapter_that_is_not_there_is_told_by_its_name(name: str) -> None:
    with pytest.raises(NoController, match=f"transport {name}: ") as told:
        await open_controller(name)
    assert told.value.name == name


async def test_scheme_that_does_not_exist_is_told() -> None:
    with pytest.raises(NoController, match="unknown transport scheme"):
        await open_controller("carrier-pigeon:0")


def test_band_runs_on_a_controller_that_is_named(radio_port: int, state: Path) -> None:
    name = f"tcp-client:127.0.0.1:{radio_port}"
    run = ("run", "--transport", name, "--state", str(state), "--no-fsync")
    with process("firmware_bridge.emulator.cli", *run) as band:
        assert look(ready(band))["state"] == "UNPROVISIONED"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("usb:FFFF:FFFF", "plugged in", marks=pytest.mark.long),
        ("hci-socket:65000", "CAP_NET_ADMIN"),
    ],
)
def test_band_without_its_adapter_ends_with_a_sentence(state: Path, name: str, hint: str) -> None:
    command = [sys.executable, "-m", "firmware_bridge.emulator.cli", "run", "--transport", name]
    done = subprocess.run(
        [*command, "--state", str(state)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"circlet-emulator: transport {name}: ")
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
