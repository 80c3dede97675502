"""A demonstration's keys in a folder, and beside them what the maker puts into an emulated band.

`clinic.json` (ids), `transfer.cose` (the maker's word that the band is this clinic's),
`firmware.cert`, `keys/` (one PEM file each, readable by their owner only), `device/` for
`circlet-emulator run --identity`. The maker's own private key is thrown away. Not for what the keys
sign: that is `clinic`'s.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from firmware_bridge.demo.errors import KeysUnusable
from shared.firmware.signed import AUDIENCE
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import ID_BYTES, Certificate, Purpose, Transfer

DAY_S = 86_400
MADE_FOR_S = 400 * DAY_S
CLINIC_ID_BYTES = 8


class Role(StrEnum):
    """Whose key it is."""

    ROOT = "root"
    RECOVERY = "recovery"
    STAFF = "staff"
    APP = "app"
    REQUEST = "request"
    ENROLMENT = "enrolment"
    TIME = "time"
    CLEARANCE = "clearance"
    HOLD = "hold"
    RECEIPT = "receipt"
    FIRMWARE = "firmware"


@dataclass(frozen=True)
class DemoKeys:
    """What the folder holds."""

    clinic_id: bytes
    device_id: bytes
    patient_id: bytes
    transfer: bytes
    manufacturer: PublicKey
    device_certificate: bytes
    firmware_certificate: bytes
    private: dict[Role, SoftwareKey]

    @property
    def device(self) -> PublicKey:
        """The band's public key, by its maker's certificate."""
        certificate = certificates.judge(
            self.device_certificate,
            purpose=Purpose.DEVICE,
            clinic_id=self.device_id,
            root=self.manufacturer,
            now_s=None,
        )
        return certificates.key_of(certificate)


def make_keys(folder: Path, now_s: int) -> DemoKeys:
    """Make everything anew in a folder that doesn't exist yet."""
    folder.mkdir(parents=True, mode=0o700)
    private = {role: SoftwareKey.generate() for role in Role}
    maker, device_id = SoftwareKey.generate(), secrets.token_bytes(ID_BYTES)
    clinic_id = b"demo-" + secrets.token_hex(CLINIC_ID_BYTES).encode()
    transfer = Transfer(
        clinic_id,
        private[Role.ROOT].public_key.data,
        private[Role.RECOVERY].public_key.data,
        1,
        True,
    )
    (folder / "transfer.cose").write_bytes(sign1.sign(transfer, audience=device_id, signer=maker))
    ids = {
        "clinic_id": clinic_id.hex(),
        "device_id": device_id.hex(),
        "patient_id": secrets.token_bytes(ID_BYTES).hex(),
    }
    (folder / "clinic.json").write_text(json.dumps(ids, indent=2) + "\n")
    _write_private(folder / "keys", private)
    signing = private[Role.FIRMWARE].public_key
    firmware = _certificate(Purpose.FIRMWARE, signing, AUDIENCE, maker, now_s)
    (folder / "firmware.cert").write_bytes(firmware)
    _write_device(folder / "device", device_id, maker, now_s)
    return load_keys(folder)


def load_keys(folder: Path) -> DemoKeys:
    """Read a folder; KeysUnusable names the file that fails."""
    device = folder / "device"
    return DemoKeys(
        clinic_id=_id(folder, "clinic_id"),
        device_id=_id(folder, "device_id"),
        patient_id=_id(folder, "patient_id"),
        transfer=_content(folder / "transfer.cose"),
        manufacturer=read_public_key(device / "manufacturer.pub"),
        device_certificate=_content(device / "device.cert"),
        firmware_certificate=_content(folder / "firmware.cert"),
        private={role: _private_key(folder / "keys" / f"{role}.pem") for role in Role},
    )


def read_public_key(path: Path) -> PublicKey:
    """Read a public key in hexadecimal, as a maker gives it away."""
    digits = _content(path).decode("ascii", "replace").strip()
    try:
        return PublicKey(bytes.fromhex(digits))
    except (ValueError, TrustError) as problem:
        raise KeysUnusable(path, "is no public key in 66 hexadecimal digits") from problem


def _write_private(folder: Path, private: dict[Role, SoftwareKey]) -> None:
    folder.mkdir(mode=0o700)
    for role, key in private.items():
        _write_secret(folder / f"{role}.pem", key.to_pem())


def _write_device(folder: Path, device_id: bytes, maker: SoftwareKey, now_s: int) -> None:
    folder.mkdir()
    own = SoftwareKey.generate()
    certificate = _certificate(Purpose.DEVICE, own.public_key, device_id, maker, now_s)
    label = {"device_id": device_id.hex(), "name": "Band"}
    (folder / "device.json").write_text(json.dumps(label) + "\n")
    (folder / "device.cert").write_bytes(certificate)
    (folder / "manufacturer.pub").write_text(maker.public_key.data.hex() + "\n")
    _write_secret(folder / "device.key", own.to_pem())


def _certificate(
    purpose: Purpose, key: PublicKey, audience: bytes, maker: SoftwareKey, now_s: int
) -> bytes:
    """The maker's word for one key."""
    name = f"Demo {purpose.name.lower()}"
    said = Certificate(purpose, key.data, name, now_s - DAY_S, now_s + MADE_FOR_S)
    return certificates.issue(said, clinic_id=audience, root=maker)


def _write_secret(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _id(folder: Path, name: str) -> bytes:
    path = folder / "clinic.json"
    try:
        return bytes.fromhex(json.loads(_content(path))[name])
    except (ValueError, KeyError, TypeError) as problem:
        raise KeysUnusable(path, f"has no {name} in hexadecimal digits") from problem


def _private_key(path: Path) -> SoftwareKey:
    try:
        return SoftwareKey.from_pem(_content(path))
    except TrustError as problem:
        raise KeysUnusable(path, str(problem)) from problem


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise KeysUnusable(path, problem.strerror or "doesn't read") from problem
