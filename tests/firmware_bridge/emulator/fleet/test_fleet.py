"""Many bands on one radio: each is there with its own state, and all end at a signal."""

import signal
from pathlib import Path

import pytest

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import load_keys
from firmware_bridge.demo.setting_up import set_up
from firmware_bridge.emulator.cli import main
from firmware_bridge.hand.hand import EmulatedHand
from firmware_bridge.hand.surface import Surface
from firmware_bridge.link import Connection, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import SystemClock
from tests.firmware_bridge.emulator.test_process import ENDS_WITHIN_S, look, process, ready


def fleet(bands: int, state: Path) -> tuple[str, ...]:
    named = ("fleet", str(bands), "--state", str(state), "--no-fsync")
    return ("firmware_bridge.emulator.cli", *named)


async def test_phone_finds_the_band_in_reach_and_the_others_are_other_devices(
    tmp_path: Path,
) -> None:
    with process(*fleet(3, tmp_path / "fleet")) as running:
        said = ready(running)
        bands = said["bands"]
        assert [band["name"] for band in bands] == ["band-001", "band-002", "band-003"]
        assert len({band["port"] for band in bands} | set(said["phones"])) == 6
        hands = [
            EmulatedHand(Surface(f"127.0.0.1:{band['port']}", band["token"])) for band in bands
        ]
        for hand in (hands[0], hands[2]):
            await hand.surface.fault(out_of_reach=True)
        adapter = await Adapter.open(f"127.0.0.1:{said['phones'][0]}", tmp_path / "phone")
        connection = Connection(VirtualBluetooth(adapter), SystemClock())
        keys = load_keys(Path(bands[1]["demo"]))
        client = StimulatorClient(connection)
        await hands[1].hold()
        await connection.pair(hands[1])
        await set_up(client, DemoClinic(keys, SystemClock()), hands[1].press)
        assert (await client.hello()).device_id == keys.device_id
        await adapter.close()
        running.send_signal(signal.SIGTERM)
        assert running.wait(ENDS_WITHIN_S) == 0


@pytest.mark.long
def test_fleet_comes_up_again_with_the_bands_that_it_had(tmp_path: Path) -> None:
    serials = []
    for _ in range(2):
        with process(*fleet(2, tmp_path / "fleet")) as running:
            for band in ready(running)["bands"]:
                assert look(band)["state"] == "UNPROVISIONED"
                serials.append(load_keys(Path(band["demo"])).device_id)
            running.send_signal(signal.SIGTERM)
            assert running.wait(ENDS_WITHIN_S) == 0
    assert serials[:2] == serials[2:]
    assert len(set(serials)) == 2


@pytest.mark.parametrize("bands", ["0", "201"])
def test_fleet_of_no_size_that_can_be_is_refused(tmp_path: Path, bands: str) -> None:
    with pytest.raises(SystemExit, match="bands: an integer from 1 to 200 is wanted"):
        main(["fleet", bands, "--state", str(tmp_path)])
    assert not any(tmp_path.iterdir())
