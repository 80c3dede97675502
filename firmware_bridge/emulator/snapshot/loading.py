"""A device out of a snapshot: another one, or for tests the same.

Two devices with one identity would each keep a true ledger, and neither would be the whole: so a
loaded device is another one. Its ledger can't go on, for its chain begins with the device's id; it
is set aside, read-only, and the new device belongs to nobody. Nobody can provision it either: no
maker's transfer names it, and no maker's certificate vouches for its key.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from firmware_bridge.emulator.parts.chip import WEAR_AREA
from firmware_bridge.emulator.snapshot.archive import (
    IDENTITY,
    SET_ASIDE,
    STATE,
    Snapshot,
    SnapshotBroken,
)
from shared.trust.keys import SoftwareKey
from shared.trust.statements import ID_BYTES

STAYS = (f"{STATE}/fuse/", f"{STATE}/flash/{WEAR_AREA}")
"""What hardware can't lose: a blown fuse, and how worn the flash is."""


def load_same(snapshot: Snapshot, state: Path) -> bytes:
    """Put the same device into an empty folder: for tests only. Returns its id."""
    _require_empty(state)
    for name, content in snapshot.files.items():
        _put(state / _place(name), content)
    return bytes.fromhex(snapshot.manifest.device_id)


def load_other(snapshot: Snapshot, state: Path) -> bytes:
    """Put another device of the same make into an empty folder. Returns its id."""
    _require_empty(state)
    device_id = secrets.token_bytes(ID_BYTES)
    for name, content in snapshot.files.items():
        if name.startswith(STAYS):
            _put(state / _place(name), content)
        if name.startswith(f"{STATE}/"):
            _put(state / SET_ASIDE / name.removeprefix(f"{STATE}/"), content, mode=0o400)
    label = json.loads(snapshot.files[f"{IDENTITY}/device.json"])
    label |= {"device_id": device_id.hex(), "name": f"{label.get('name', 'Circlet')} (copy)"}
    made = {
        "device.json": json.dumps(label).encode(),
        "device.key": SoftwareKey.generate().to_pem(),
        "device.cert": b"",
        "manufacturer.pub": snapshot.files[f"{IDENTITY}/manufacturer.pub"],
    }
    for name, content in made.items():
        _put(state / "identity" / name, content)
    return device_id


def _place(name: str) -> str:
    return name.removeprefix(f"{STATE}/")


def _require_empty(state: Path) -> None:
    if state.exists() and any(state.iterdir()):
        raise SnapshotBroken(str(state), "a device is loaded into an empty folder only")


def _put(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
