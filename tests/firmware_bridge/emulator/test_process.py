"""The console script: ready, alive after kill -9, gone at a signal, loud without a radio."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.trust.keys import SoftwareKey

ENDS_WITHIN_S = 10.0


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", *arguments]
    environment = {name: text for name, text in os.environ.items() if name != "CIRCLET_CLOCK"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as started:
        try:
            yield started
        finally:
            started.kill()


def ready(started: subprocess.Popen[str]) -> dict[str, Any]:
    assert started.stdout is not None
    word, _, said = started.stdout.readline().partition(" ")
    assert word == "ready"
    found: dict[str, Any] = json.loads(said)
    return found


def band(radio_port: int, state: Path) -> tuple[str, ...]:
    radio = f"127.0.0.1:{radio_port}"
    run = ("run", "--radio", radio, "--state", str(state), "--no-fsync")
    return ("firmware_bridge.emulator.cli", *run)


def look(at: dict[str, Any]) -> dict[str, object]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{at['port']}/state", headers={"Authorization": f"Bearer {at['token']}"}
    )
    with urllib.request.urlopen(request, timeout=ENDS_WITHIN_S) as answer:
        seen: dict[str, object] = json.load(answer)
        return seen


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "identity"
    folder.mkdir()
    (folder / "device.json").write_text(json.dumps({"device_id": "ab" * 16, "name": "Demo"}))
    (folder / "device.key").write_bytes(SoftwareKey.generate().to_pem())
    (folder / "device.cert").write_bytes(b"certificate")
    (folder / "manufacturer.pub").write_text(SoftwareKey.generate().public_key.data.hex())
    return tmp_path


@pytest.fixture
def radio_port() -> Iterator[int]:
    with process("firmware_bridge.radio.cli", "--port", "0") as radio:
        port: int = ready(radio)["port"]
        yield port


def test_band_comes_up_again_after_a_kill_and_ends_at_a_signal(
    radio_port: int, state: Path
) -> None:
    with process(*band(radio_port, state)) as first:
        assert look(ready(first))["state"] == "UNPROVISIONED"
        first.kill()
        first.wait(ENDS_WITHIN_S)
    with process(*band(radio_port, state)) as second:
        assert look(ready(second))["connected"] is False
        second.send_signal(signal.SIGTERM)
        assert second.wait(ENDS_WITHIN_S) == 0


def test_band_runs_under_a_scenario_from_the_beginning(radio_port: int, state: Path) -> None:
    file = state / "flat.toml"
    file.write_text('title = "Flat"\nseed = 1\n[[fault]]\nfault = "battery_percent"\nvalue = 9\n')
    with process(*band(radio_port, state), "--scenario", str(file)) as running:
        assert look(ready(running))["battery_percent"] == 9


def test_band_without_its_radio_says_so(state: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", *band(port, state)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "circlet-emulator:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("lost", ["radio", "clock"])
def test_band_ends_with_a_sentence_when_radio_or_clock_is_gone(state: Path, lost: str) -> None:
    with (
        process("firmware_bridge.radio.cli", "--port", "0") as radio,
        process("firmware_bridge.timebase.cli", "--port", "0") as clock,
    ):
        served = f"127.0.0.1:{ready(clock)['port']}"
        with process(*band(ready(radio)["port"], state), "--clock", served) as running:
            ready(running)
            (radio if lost == "radio" else clock).kill()
            assert running.wait(ENDS_WITHIN_S) == 1
            assert running.stderr is not None
            said = running.stderr.read()
    assert said.startswith("circlet-emulator: ")
    assert lost in said
    assert "Traceback" not in said


def test_reset_forgets_bonds_and_nothing_else_unless_told(state: Path) -> None:
    kept = [state / "radio" / "bonds.json", state / "counter" / "cell"]
    for path in kept:
        path.parent.mkdir()
        path.write_text("{}")
    command = [sys.executable, "-m", "firmware_bridge.emulator.cli", "reset", "--state", str(state)]
    subprocess.run(command, check=True, timeout=60)
    assert [path.exists() for path in kept] == [False, True]
    subprocess.run([*command, "--as-new"], check=True, timeout=60)
    assert [path.exists() for path in kept] == [False, False]
    assert (state / "identity").exists()
