"""What the maker put into the device, read from the folder that stands for it.

`device.json` (device_id, name), `device.key`, `device.cert`, `manufacturer.pub`. On a board the key
could not be read out; here a file has to do, and the firmware gets a signer only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.errors import IdentityBroken
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import ID_BYTES


@dataclass(frozen=True)
class Manufacture:
    """The identity, and the name that was printed on the device."""

    identity: Identity
    name: str


def load_manufacture(folder: Path) -> Manufacture:
    """Read an identity folder; IdentityBroken names the file that fails."""
    label = _label(folder / "device.json")
    device_id = _hex(label.get("device_id"), folder / "device.json")
    if len(device_id) != ID_BYTES:
        raise IdentityBroken(str(folder / "device.json"), f"device_id has not {ID_BYTES} bytes")
    identity = Identity(
        device_id=device_id,
        signer=_signer(folder / "device.key"),
        certificate=_content(folder / "device.cert"),
        manufacturer=read_public(folder / "manufacturer.pub"),
    )
    return Manufacture(identity, str(label.get("name", "Circlet")))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise IdentityBroken(str(path), problem.strerror or "does not read") from problem


def _label(path: Path) -> dict[str, object]:
    try:
        label = json.loads(_content(path))
    except ValueError as problem:
        raise IdentityBroken(str(path), "is not JSON") from problem
    if not isinstance(label, dict):
        raise IdentityBroken(str(path), "is not a JSON object")
    return label


def _hex(value: object, path: Path) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "?")
    except ValueError as problem:
        raise IdentityBroken(str(path), "a field is not hexadecimal") from problem


def _signer(path: Path) -> SoftwareKey:
    try:
        return SoftwareKey.from_pem(_content(path))
    except TrustError as problem:
        raise IdentityBroken(str(path), str(problem)) from problem


def read_public(path: Path) -> PublicKey:
    """Read a public key in hexadecimal digits; IdentityBroken where it is none."""
    digits = _content(path).decode("ascii", "replace").strip()
    try:
        return PublicKey(_hex(digits, path))
    except TrustError as problem:
        raise IdentityBroken(str(path), str(problem)) from problem
