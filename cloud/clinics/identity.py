"""Reads the public part of an identity folder, as `circlet-root demo` makes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud.errors import SetupError
from shared.trust.clinic_ids import FORM, is_clinic_id


@dataclass(frozen=True)
class DeviceFiles:
    """One device of the folder: id, name, the maker's certificate and transfer."""

    device_id: bytes
    name: str
    certificate: bytes
    transfer: bytes


@dataclass(frozen=True)
class Identity:
    """What a clinic needs to begin: names, public roots, certificates, devices."""

    clinic_id: str
    name: str
    desk_rp_id: str
    desk_origin: str
    demo: bool
    root_key: bytes
    recovery_key: bytes
    manufacturer_key: bytes
    certificates: tuple[bytes, ...]
    devices: tuple[DeviceFiles, ...]


def read_identity(folder: Path) -> Identity:
    """Return the folder's public part; raise SetupError with the file that is missing or bad."""
    clinic = _json(folder / "clinic.json")
    return Identity(
        clinic_id=_clinic_id(clinic, folder),
        name=_member(clinic, "name", folder),
        desk_rp_id=_member(clinic, "desk_rp_id", folder),
        desk_origin=_member(clinic, "desk_origin", folder),
        demo=bool(clinic.get("demo", False)),
        root_key=_public_key(folder / "clinic-root.pub"),
        recovery_key=_public_key(folder / "recovery-root.pub"),
        manufacturer_key=_public_key(folder / "manufacturer.pub"),
        certificates=tuple(_bytes(path) for path in sorted((folder / "keys").glob("*.cert"))),
        devices=(_device(folder),),
    )


def _clinic_id(clinic: dict[str, Any], folder: Path) -> str:
    found = _member(clinic, "clinic_id", folder)
    if not is_clinic_id(found):
        raise SetupError(f"{folder}: a clinic's id has {FORM}, and not {found!r}")
    return found


def _device(folder: Path) -> DeviceFiles:
    about = _json(folder / "device" / "device.json")
    return DeviceFiles(
        device_id=bytes.fromhex(_member(about, "device_id", folder)),
        name=_member(about, "name", folder),
        certificate=_bytes(folder / "device" / "device.cert"),
        transfer=_bytes(folder / "transfer.cbor"),
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(path))
    except ValueError as problem:
        raise SetupError(f"{path} is not JSON") from problem
    if not isinstance(value, dict):
        raise SetupError(f"{path} is not an object")
    return value


def _member(value: dict[str, Any], name: str, folder: Path) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found:
        raise SetupError(f"{folder}: {name} is missing")
    return found


def _public_key(path: Path) -> bytes:
    try:
        return bytes.fromhex(_bytes(path).decode().strip())
    except ValueError as problem:
        raise SetupError(f"{path} is not a key in hexadecimal") from problem


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise SetupError(f"{path}: {problem.strerror}") from problem
