"""Where the surface listens, who is told its token, and how a command finds it."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from firmware_bridge.emulator.cli import main
from firmware_bridge.emulator.control.opening import LOOPBACK, Opening, named, open_surface
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.timebase import SystemClock


def watch() -> Watch:
    return Watch(SystemClock())


async def test_each_run_has_a_token_and_a_page_of_its_own(band: Any) -> None:
    async with (
        open_surface(band, watch(), Opening()) as one,
        open_surface(band, watch(), Opening()) as other,
    ):
        assert one.token != other.token
        assert len(one.token) >= 32
        assert one.page.startswith(f"http://{LOOPBACK}:{one.port}/open/")


async def test_chosen_token_and_file_are_for_scripts(band: Any, tmp_path: Path) -> None:
    file = tmp_path / "band.json"
    file.write_text("of an earlier run, readable for all")
    async with open_surface(band, watch(), Opening(token="chosen", file=file)) as address:
        assert json.loads(file.read_text()) == {
            "port": address.port,
            "token": "chosen",
            "page": address.page,
        }
        assert file.stat().st_mode & 0o777 == 0o600
        headers = {"Authorization": "Bearer chosen"}
        async with ClientSession(headers=headers) as asking:
            answer = await asking.get(f"http://{LOOPBACK}:{address.port}/state")
            assert answer.status == 200


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)]
)
async def test_listening_beyond_this_machine_is_warned_of(
    band: Any, caplog: pytest.LogCaptureFixture, host: str, warned: bool
) -> None:
    with caplog.at_level(logging.WARNING):
        async with open_surface(band, watch(), Opening(host=host)):
            pass
    assert ("beyond this machine" in caplog.text) is warned


def test_addresses_are_spelled_as_browsers_want_them() -> None:
    assert (named("::1"), named("127.0.0.1")) == ("[::1]", "127.0.0.1")
    assert (named("0.0.0.0"), named("::")) == (LOOPBACK, LOOPBACK)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "says which band"),
        (["--control", "127.0.0.1:1", "--token", "x"], "no control surface at 127.0.0.1:1"),
        (["--control-file", "nowhere.json"], "nowhere.json"),
    ],
)
def test_command_without_a_band_says_what_it_misses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["faults", *options, "contact=false"])
    assert told in str(ended.value)
