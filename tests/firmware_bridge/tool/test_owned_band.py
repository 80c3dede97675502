"""A demonstration's band: its status, its record in a file, and a session that is broken off."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.conformance.emulated import PYTHON
from firmware_bridge.hand.surface import Surface
from tests.firmware_bridge.tool.running import Engineer
from tests.journey.polling import until


@pytest.fixture
def maker(ready: Engineer) -> str:
    return str(ready.band.keys_folder / "device" / "manufacturer.pub")


@pytest.fixture
def ledger(ready: Engineer, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    assert ready.run("records", "--out", str(path)).status == 0
    return path


def test_status_names_what_locks_the_band(ready: Engineer) -> None:
    ended = ready.run("status", COLUMNS="80")
    assert ended.status == 0
    assert "SCREENING_NEEDED" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert "\x1b" not in ended.out


def test_a_live_status_is_a_json_line_each(ready: Engineer) -> None:
    ended = ready.run("status", "--live", "--for", "0.5", "--json")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert {line["status"]["state"] for line in lines} == {"IDLE"}


def test_head_is_verified_by_the_makers_key(ready: Engineer, maker: str) -> None:
    ended = ready.run("head", "--json", "--manufacturer", maker)
    assert (ended.status, ended.document["verified"]) == (0, True)


def test_head_by_another_maker_is_not_believed(ready: Engineer, tmp_path: Path) -> None:
    assert ready.run("demo-keys", "--out", str(tmp_path / "other")).status == 0
    other = tmp_path / "other" / "device" / "manufacturer.pub"
    assert ready.run("head", "--manufacturer", str(other)).status == 1


@pytest.mark.parametrize("name", ["ledger.jsonl", "ledger.cbor"])
def test_the_record_is_judged_whole(ready: Engineer, maker: str, tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    assert ready.run("records", "--out", path).status == 0
    judged = ready.run("verify", path, "--manufacturer", maker, "--json")
    assert (judged.status, judged.document["whole"]) == (0, True)


def test_a_file_that_was_cut_off_is_gone_on_with(ready: Engineer, ledger: Path, maker: str) -> None:
    whole = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(whole[:3]) + whole[3][:20])
    said = ready.run("records", "--out", str(ledger), "--json").document
    assert (said["from"], said["complete"]) == (3, True)
    assert ready.run("verify", str(ledger), "--manufacturer", maker).status == 0
    assert ledger.read_bytes().splitlines()[:-1] == b"".join(whole).splitlines()[:-1]


def test_a_changed_record_is_found(ready: Engineer, ledger: Path, maker: str) -> None:
    lines = ledger.read_text().splitlines()
    lines[3] = lines[3][:-6] + ("00" if lines[3][-6:-4] != "00" else "01") + lines[3][-4:]
    ledger.write_text("\n".join(lines) + "\n")
    judged = ready.run("verify", str(ledger), "--manufacturer", maker, "--json")
    assert (judged.status, judged.document["whole"]) == (1, False)
    assert judged.document["flaw"]


def test_another_bands_file_is_left_alone(ready: Engineer, ledger: Path) -> None:
    header = json.loads(ledger.read_text().splitlines()[0]) | {"device_id": "00" * 16}
    ledger.write_text(json.dumps(header) + "\n")
    ended = ready.run("records", "--out", str(ledger))
    assert ended.status == 2
    assert ledger.read_text() == json.dumps(header) + "\n"


async def test_ctrl_c_stops_and_closes_the_session(ready: Engineer) -> None:
    band = ready.band
    surface = Surface(band.control, band.token)
    command = (PYTHON, "-m", "firmware_bridge.tool.cli", "arm", "--keys", str(band.keys_folder))
    arming = await asyncio.create_subprocess_exec(
        *command,
        env=os.environ | band.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    await until(surface.state, _fires)
    arming.send_signal(signal.SIGINT)
    async with asyncio.timeout(20):
        assert await arming.wait() == 130
    # Closing lasts until the capacitor is empty, which the tool doesn't wait for.
    state = await until(surface.state, _rests)
    assert state["status"]["close_cause"] is not None


def test_an_update_is_sent_and_kept(ready: Engineer, tmp_path: Path) -> None:
    keys, image = str(ready.band.keys_folder), str(tmp_path / "image.bin")
    made = ready.run("firmware", "make", image, "--keys", keys, "--size", "2000")
    assert made.status == 0, made.err
    sent = ready.run("firmware", "send", image, "--json")
    assert (sent.status, sent.document["running"]) == (0, "1.1.0")
    said = ready.run("firmware", "list", "--json").document["images"]
    assert (said["running"], said["confirmed"]) == ("1.1.0", True)


def test_an_image_by_nobody_is_refused(ready: Engineer, tmp_path: Path) -> None:
    image = tmp_path / "image.bin"
    image.write_bytes(bytes(100))
    ended = ready.run("firmware", "send", str(image), "--json")
    assert (ended.status, ended.document["refusal"]) == (1, "bad_image")


def test_why_a_second_session_is_locked_is_told_in_words(ready: Engineer) -> None:
    ended = ready.run("arm", "--keys", str(ready.band.keys_folder))
    assert ended.status == 1
    assert "SESSION_INTERVAL: Your brain rests between two sessions." in ended.err


def test_stop_needs_no_key(ready: Engineer) -> None:
    assert ready.run("stop", "--json").document["stopped"] is True


def _fires(state: dict[str, Any]) -> bool:
    return bool(state["coil"]["fired_total"])


def _rests(state: dict[str, Any]) -> bool:
    return bool(state["state"] == "IDLE")
