"""The identity folder of a made-up clinic: every key drawn from the seed, and marked as demo.

Whoever knows the seed has every key. Bands that were released refuse such a clinic (R25).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloud.clinics.identity import DeviceFiles, Identity, read_identity
from cloud.demo_data.chance import Chance, DemoKey
from cloud.root_tool import files
from cloud.root_tool.certifying import Clinic, Validity, certify_server
from cloud.root_tool.home import RECOVERY, ROOT, About, clinic_of, write_home
from cloud.root_tool.identity import SERVER_KEYS
from shared.trust import certificates, sign1
from shared.trust.statements import Certificate, Purpose, Scope, Transfer

CLINIC_ID, NAME = "made-up", "Demo clinic of made-up patients"
DESK_ORIGIN = "http://desk.localhost:8090"
SPARE = 20
"""Bands and vault keys that nobody has yet."""


@dataclass(frozen=True)
class DemoIdentity:
    """What the folder holds, and the keys that the demonstration itself signs with."""

    public: Identity
    clinic: Clinic
    validity: Validity
    root: DemoKey
    servers: dict[str, DemoKey]
    devices: dict[bytes, DemoKey]

    def certify_staff(self, key: DemoKey, subject: str, credential_id: bytes) -> bytes:
        """Return a certificate for the passkey of a member of staff."""
        certificate = Certificate(
            Purpose.STAFF,
            key.public_key.data,
            subject,
            self.validity.from_s,
            self.validity.until_s,
            (Scope.PRESCRIBE, Scope.LIFT_HOLD),
            self.clinic.desk_rp_id,
            self.clinic.desk_origin,
            False,
            credential_id,
        )
        return certificates.issue(certificate, clinic_id=self.clinic.audience, root=self.root)


def write_identity(folder: Path, chance: Chance, *, bands: int, validity: Validity) -> DemoIdentity:
    """Write the folder, which must be empty or not exist, and return what is in it."""
    clinic = clinic_of(CLINIC_ID, DESK_ORIGIN)
    keys = {name: chance.of(name).key() for name in ("manufacturer", ROOT, RECOVERY)}
    names = {f"vault-{number:03}": Purpose.VAULT for number in range(1, bands + SPARE + 1)}
    servers = {name: chance.of(name).key() for name in SERVER_KEYS | names}
    devices = [
        _device(number, chance.of(f"band/{number}"), keys, clinic, validity)
        for number in range(1, bands + SPARE + 1)
    ]
    with files.new_folder(folder) as part:
        for name, key in keys.items():
            _write_key(part, name, key)
        (part / "keys").mkdir(mode=files.FOLDER_MODE)
        for name, key in servers.items():
            _write_key(part / "keys", name, key)
            purpose = (SERVER_KEYS | names)[name]
            certified = certify_server(
                key.public_key,
                purpose=purpose,
                subject=f"Demo {name}",
                clinic=clinic,
                root=keys[ROOT],
                validity=validity,
            )
            files.write_new(part / "keys" / f"{name}.cert", certified)
        _write_device(part, devices[0])
        write_home(part, About(NAME, clinic, demo=True))
    return DemoIdentity(
        public=_with_all(read_identity(folder), [found for found, _ in devices]),
        clinic=clinic,
        validity=validity,
        root=keys[ROOT],
        servers=servers,
        devices={found.device_id: key for found, key in devices},
    )


def _device(
    number: int, chance: Chance, keys: dict[str, DemoKey], clinic: Clinic, validity: Validity
) -> tuple[DeviceFiles, DemoKey]:
    device_id, key, name = chance.data(), chance.key(), f"Circlet demo {number:03}"
    certificate = Certificate(
        Purpose.DEVICE, key.public_key.data, name, validity.from_s, validity.until_s
    )
    roots = keys[ROOT].public_key.data, keys[RECOVERY].public_key.data
    transfer = Transfer(clinic.audience, *roots, 1, demo=True)
    maker = keys["manufacturer"]
    found = DeviceFiles(
        device_id,
        name,
        certificates.issue(certificate, clinic_id=device_id, root=maker),
        sign1.sign(transfer, audience=device_id, signer=maker),
    )
    return found, key


def _write_key(folder: Path, name: str, key: DemoKey) -> None:
    files.write_new(folder / f"{name}.key", key.to_pem(), mode=files.SECRET_MODE)
    files.write_public(folder / f"{name}.pub", key.public_key)


def _write_device(folder: Path, found: tuple[DeviceFiles, DemoKey]) -> None:
    device, key = found
    (folder / "device").mkdir(mode=files.FOLDER_MODE)
    about = {"device_id": device.device_id.hex(), "name": device.name}
    files.write_json(folder / "device" / "device.json", about)
    files.write_new(folder / "device" / "device.cert", device.certificate)
    _write_key(folder / "device", "device", key)
    files.write_new(folder / "transfer.cbor", device.transfer)


def _with_all(found: Identity, devices: list[DeviceFiles]) -> Identity:
    """The folder holds one band's files; the clinic has them all."""
    return Identity(**{**vars(found), "devices": tuple(devices)})
