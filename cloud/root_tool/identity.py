"""Makes the identity folder of a demonstration: every root and key on one disk, marked as demo.

Never for treatment: here one machine holds what in a clinic is apart and offline, and released
firmware refuses a demo transfer (R25).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cloud.root_tool import files
from cloud.root_tool.certifying import Validity, certify_server
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.home import RECOVERY, ROOT, About, Home, write_home
from cloud.root_tool.key_folder import KeyFolder
from shared.firmware.signed import AUDIENCE as FIRMWARE_AUDIENCE
from shared.trust import certificates, sign1
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import ID_BYTES, Certificate, Purpose, Transfer
from shared.wire import fields
from shared.wire.delivery import Delivery

VAULT_KEYS = 20
DELIVERY = "band.delivery"
SERVER_KEYS = {
    "enrolment": Purpose.ENROLMENT,
    "time": Purpose.TIME,
    "clearance": Purpose.CLEARANCE,
    "hold": Purpose.HOLD,
    "receipt": Purpose.RECEIPT,
    "care": Purpose.CARE,
    "audit": Purpose.AUDIT,
}


@dataclass(frozen=True)
class DemoPlan:
    """What a demonstration is called, and from when its keys count."""

    about: About
    validity: Validity


def make_demo(folder: Path, plan: DemoPlan) -> None:
    """Write the whole folder; it must be empty or not exist."""
    with files.new_folder(folder) as part:
        keys = KeyFolder(part)
        manufacturer, root, recovery = (
            keys.create(name) for name in ("manufacturer", ROOT, RECOVERY)
        )
        device_id = _make_device(part / "device", manufacturer, plan.validity)
        transfer = Transfer(
            clinic_id=plan.about.clinic.audience,
            clinic_root=root.public_key.data,
            recovery_root=recovery.public_key.data,
            number=1,
            demo=True,
        )
        files.write_new(
            part / "transfer.cbor", sign1.sign(transfer, audience=device_id, signer=manufacturer)
        )
        _make_firmware_key(part / "firmware", manufacturer, plan.validity)
        _make_server_keys(part / "keys", root, plan)
        write_home(part, plan.about)


def make_band(home_folder: Path, out: Path, validity: Validity) -> str:
    """Write another band of a demonstration: the folder that the emulator reads, and in it
    ``band.delivery``, by which the clinic takes it in. Return its serial."""
    home = Home.load(home_folder)
    if not home.about.demo:
        raise RootToolError("demo", f"{home_folder} is no demonstration's: its maker is elsewhere")
    manufacturer = KeyFolder(home_folder).open("manufacturer")
    with files.new_folder(out) as part:
        device_id = _make_device(part, manufacturer, validity)
        transfer = Transfer(
            clinic_id=home.clinic.audience,
            clinic_root=home.root.data,
            recovery_root=home.recovery.data,
            number=1,
            demo=True,
        )
        serial = str(files.read_object(part / "device.json")["name"])
        delivery = Delivery(
            device_id,
            serial,
            files.read(part / "device.cert"),
            sign1.sign(transfer, audience=device_id, signer=manufacturer),
        )
        files.write_new(part / DELIVERY, fields.pack(delivery))
    return serial


def _make_device(folder: Path, manufacturer: Signer, validity: Validity) -> bytes:
    folder.mkdir(mode=files.FOLDER_MODE, exist_ok=True)
    device_id, key = secrets.token_bytes(ID_BYTES), KeyFolder(folder).create("device")
    name = f"Circlet demo {device_id[:2].hex().upper()}"
    certificate = Certificate(
        purpose=Purpose.DEVICE,
        public_key=key.public_key.data,
        subject=name,
        not_before_s=validity.from_s,
        not_after_s=validity.until_s,
    )
    files.write_json(folder / "device.json", {"device_id": device_id.hex(), "name": name})
    files.write_new(
        folder / "device.cert",
        certificates.issue(certificate, clinic_id=device_id, root=manufacturer),
    )
    files.write_public(folder / "manufacturer.pub", manufacturer.public_key)
    return device_id


def _make_firmware_key(folder: Path, manufacturer: Signer, validity: Validity) -> None:
    """The key that signs firmware images: an intermediate, for the maker's root stays offline."""
    folder.mkdir(mode=files.FOLDER_MODE)
    key = KeyFolder(folder).create("firmware").public_key
    certificate = Certificate(
        purpose=Purpose.FIRMWARE,
        public_key=key.data,
        subject="Demo firmware",
        not_before_s=validity.from_s,
        not_after_s=validity.until_s,
    )
    files.write_new(
        folder / "firmware.cert",
        certificates.issue(certificate, clinic_id=FIRMWARE_AUDIENCE, root=manufacturer),
    )


def _make_server_keys(folder: Path, root: Signer, plan: DemoPlan) -> None:
    folder.mkdir(mode=files.FOLDER_MODE)
    keys = KeyFolder(folder)
    vaults = {f"vault-{number:02d}": Purpose.VAULT for number in range(1, VAULT_KEYS + 1)}
    for name, purpose in (SERVER_KEYS | vaults).items():
        key = keys.create(name).public_key
        files.write_new(folder / f"{name}.cert", _certificate(name, key, purpose, root, plan))


def _certificate(
    name: str, key: PublicKey, purpose: Purpose, root: Signer, plan: DemoPlan
) -> bytes:
    return certify_server(
        key,
        purpose=purpose,
        subject=f"Demo {name}",
        clinic=plan.about.clinic,
        root=root,
        validity=plan.validity,
    )
