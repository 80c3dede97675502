"""A device in a file: the same again for a test, another one for everybody else."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from firmware_bridge.emulator.cli import main
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.parts.identity import load_manufacture
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID


@pytest.fixture
def band(tmp_path: Path) -> Band:
    """A band with a past: it treated, and two phones know it."""
    band = Band(tmp_path / "band")
    band.ready()
    band.start()
    band.run_until_fired(40)
    band.power_cut()
    radio, identity = band.folder / "radio", band.folder / "identity"
    for folder in (radio, identity):
        folder.mkdir()
    (radio / "bonds.json").write_text('{"band": {"a phone": {}}}')
    (radio / "identity.json").write_text('{"irk": "00"}')
    label = {"device_id": DEVICE_ID.hex(), "name": "Demo"}
    (identity / "device.json").write_text(json.dumps(label))
    (identity / "device.key").write_bytes(band.device_key.to_pem())
    (identity / "device.cert").write_bytes(b"certificate")
    (identity / "manufacturer.pub").write_text(band.clinic.manufacturer.public_key.data.hex())
    return band


@pytest.fixture
def saved(band: Band, tmp_path: Path) -> Path:
    out = tmp_path / "snapshot.zip"
    main(["snapshot", "save", "--state", str(band.folder), "--out", str(out)])
    return out


def load(saved: Path, state: Path, *flags: str) -> None:
    main(["snapshot", "load", str(saved), "--state", str(state), *flags])


def booted(state: Path, now_ms: int) -> Firmware:
    identity = load_manufacture(state / "identity").identity
    firmware = Firmware(build_board(state, identity, lambda: now_ms, durable=False).parts)
    firmware.boot()
    return firmware


def test_same_device_is_the_same_to_the_byte(band: Band, saved: Path, tmp_path: Path) -> None:
    load(saved, tmp_path / "same", "--same-device-for-tests")
    before = {
        path.relative_to(band.folder): path.read_bytes()
        for path in band.folder.rglob("*")
        if path.is_file()
    }
    after = {
        path.relative_to(tmp_path / "same"): path.read_bytes()
        for path in (tmp_path / "same").rglob("*")
        if path.is_file()
    }
    assert after == before
    assert booted(tmp_path / "same", band.now_ms).status().head_number > len(band.boots)


def test_other_device_belongs_to_nobody_and_has_no_ledger(
    band: Band, saved: Path, tmp_path: Path
) -> None:
    load(saved, tmp_path / "other")
    made = load_manufacture(tmp_path / "other" / "identity")
    assert made.identity.device_id != DEVICE_ID
    assert made.identity.signer.public_key != band.device_key.public_key
    assert made.identity.certificate == b""
    firmware = booted(tmp_path / "other", band.now_ms)
    assert firmware.state is DeviceState.UNPROVISIONED
    assert firmware.record_range() == (1, 0)


def test_other_device_knows_no_phone_and_keeps_no_name_in_the_air(
    saved: Path, tmp_path: Path
) -> None:
    load(saved, tmp_path / "other")
    assert not (tmp_path / "other" / "radio").exists()


def test_ledger_of_the_first_is_set_aside_read_only(
    band: Band, saved: Path, tmp_path: Path
) -> None:
    load(saved, tmp_path / "other")
    aside = tmp_path / "other" / "of-snapshot" / "flash" / "log"
    assert aside.read_bytes() == (band.folder / "flash" / "log").read_bytes()
    assert aside.stat().st_mode & 0o777 == 0o400


def test_fuse_stays_blown_and_flash_stays_worn(band: Band, tmp_path: Path) -> None:
    (band.folder / "fuse" / "cell").write_bytes(b"released\n")
    (band.folder / "flash" / "wear").write_text('{"log": [7]}')
    out = tmp_path / "worn.zip"
    main(["snapshot", "save", "--state", str(band.folder), "--out", str(out)])
    load(out, tmp_path / "other")
    identity = load_manufacture(tmp_path / "other" / "identity").identity
    board = build_board(tmp_path / "other", identity, lambda: 0, durable=False)
    assert board.fuse.released
    assert board.flash.chip.erases("log") == 7


def test_two_loads_make_two_devices(saved: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        load(saved, tmp_path / name)
        made.append(load_manufacture(tmp_path / name / "identity").identity.device_id)
    assert made[0] != made[1]


def test_file_is_its_owners_alone_and_warns(
    saved: Path, capsys: pytest.CaptureFixture[str], band: Band, tmp_path: Path
) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    main(["snapshot", "save", "--state", str(band.folder), "--out", str(tmp_path / "again.zip")])
    assert "private keys" in capsys.readouterr().err


def test_nothing_is_overwritten(band: Band, saved: Path) -> None:
    with pytest.raises(SystemExit, match="exists"):
        main(["snapshot", "save", "--state", str(band.folder), "--out", str(saved)])
    with pytest.raises(SystemExit, match="empty folder"):
        load(saved, band.folder)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("state/../../escaped", b"x", "not a place in a device"),
        ("/state/flash/log", b"x", "not a place in a device"),
        ("elsewhere/file", b"x", "not a place in a device"),
    ],
)
def test_file_that_reaches_out_of_the_folder_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    crafted = tmp_path / "crafted.zip"
    manifest = {"device_id": "ab" * 16, "wall_ms": 0, "files": {name: "00"}}
    with zipfile.ZipFile(crafted, "w") as kept:
        kept.writestr("manifest.json", json.dumps(manifest))
        kept.writestr(name, content)
    with pytest.raises(SystemExit, match=said):
        load(crafted, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert os.listdir(tmp_path) == ["crafted.zip"]


def test_changed_byte_is_noticed(saved: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(saved) as kept, zipfile.ZipFile(changed, "w") as other:
        for name in kept.namelist():
            content = kept.read(name)
            other.writestr(name, content[:-1] + b"?" if name.endswith("counter/cell") else content)
    with pytest.raises(SystemExit, match="counter/cell: is not what the manifest says"):
        load(changed, tmp_path / "out")


def test_other_files_are_no_snapshots(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not a snapshot"):
        load(other, tmp_path / "out")
