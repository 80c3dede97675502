"""Makes the identity folder of a demonstration: every root and key on one disk, marked as demo.

Never for treatment: here one machine holds what in a clinic is apart and offline, and released
firmware refuses a demo transfer (R25).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cloud.root_tool import files
from cloud.root_tool.certifying import Clinic, Validity, certify_server
from cloud.root_tool.errors import RootToolError
from shared.trust import certificates, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import ID_BYTES, Certificate, Purpose, Transfer

VAULT_KEYS = 20
SERVER_KEYS = {
    "enrolment": Purpose.ENROLMENT,
    "time": Purpose.TIME,
    "clearance": Purpose.CLEARANCE,
    "hold": Purpose.HOLD,
    "receipt": Purpose.RECEIPT,
    "care": Purpose.CARE,
}


@dataclass(frozen=True)
class DemoPlan:
    """What a demonstration is called, where its desk stands, and from when its keys count."""

    name: str
    clinic_id: str
    desk_origin: str
    validity: Validity

    def __post_init__(self) -> None:
        if "demo" not in self.name.lower():
            raise RootToolError("name", "a demonstration's name says Demo")
        if not 1 <= len(self.clinic_id.encode()) <= 32:
            raise RootToolError("clinic_id", "a clinic's id has 1 to 32 bytes")
        if not urlsplit(self.desk_origin).hostname:
            raise RootToolError("desk_origin", "an origin reads http://HOST:PORT")

    @property
    def clinic(self) -> Clinic:
        """The clinic as its certificates name it."""
        host = urlsplit(self.desk_origin).hostname or ""
        return Clinic(self.clinic_id, host, self.desk_origin)


def make_demo(folder: Path, plan: DemoPlan) -> None:
    """Write the whole folder; it must be empty or not exist."""
    files.empty_folder(folder)
    manufacturer, root, recovery = (
        _make_root(folder, name) for name in ("manufacturer", "clinic-root", "recovery-root")
    )
    device_id = _make_device(folder / "device", manufacturer, plan.validity)
    transfer = Transfer(
        clinic_id=plan.clinic.audience,
        clinic_root=root.public_key.data,
        recovery_root=recovery.public_key.data,
        number=1,
        demo=True,
    )
    files.write_new(
        folder / "transfer.cbor", sign1.sign(transfer, audience=device_id, signer=manufacturer)
    )
    _make_server_keys(folder / "keys", root, plan)
    files.write_json(folder / "clinic.json", _about(plan))


def _about(plan: DemoPlan) -> dict[str, object]:
    return {
        "clinic_id": plan.clinic.clinic_id,
        "name": plan.name,
        "desk_rp_id": plan.clinic.desk_rp_id,
        "desk_origin": plan.clinic.desk_origin,
        "demo": True,
    }


def _make_root(folder: Path, name: str) -> SoftwareKey:
    key = SoftwareKey.generate()
    files.write_key(folder / f"{name}.key", key)
    files.write_public(folder / f"{name}.pub", key.public_key)
    return key


def _make_device(folder: Path, manufacturer: SoftwareKey, validity: Validity) -> bytes:
    files.empty_folder(folder)
    device_id, key = secrets.token_bytes(ID_BYTES), SoftwareKey.generate()
    name = f"Circlet demo {device_id[:2].hex().upper()}"
    certificate = Certificate(
        purpose=Purpose.DEVICE,
        public_key=key.public_key.data,
        subject=name,
        not_before_s=validity.from_s,
        not_after_s=validity.until_s,
    )
    files.write_json(folder / "device.json", {"device_id": device_id.hex(), "name": name})
    files.write_key(folder / "device.key", key)
    files.write_new(
        folder / "device.cert",
        certificates.issue(certificate, clinic_id=device_id, root=manufacturer),
    )
    files.write_public(folder / "manufacturer.pub", manufacturer.public_key)
    return device_id


def _make_server_keys(folder: Path, root: SoftwareKey, plan: DemoPlan) -> None:
    files.empty_folder(folder)
    vaults = {f"vault-{number:02d}": Purpose.VAULT for number in range(1, VAULT_KEYS + 1)}
    for name, purpose in (SERVER_KEYS | vaults).items():
        key = SoftwareKey.generate()
        files.write_key(folder / f"{name}.key", key)
        files.write_new(folder / f"{name}.cert", _certificate(name, key, purpose, root, plan))


def _certificate(
    name: str, key: SoftwareKey, purpose: Purpose, root: SoftwareKey, plan: DemoPlan
) -> bytes:
    return certify_server(
        key.public_key,
        purpose=purpose,
        subject=f"Demo {name}",
        clinic=plan.clinic,
        root=root,
        validity=plan.validity,
    )
