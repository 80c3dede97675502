"""What this machine gives the guest: where its clock, radio and band are, and a clinic's keys.

The keys exist for one run. Plain files, and few imports: the guest is slow.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose
from tests.shared.clinic import Clinic

THIS_MACHINE = "10.0.2.2"
"""Where the guest's network shows this machine's loopback."""

PORTS = "ports.json"
KEYS = "keys"
CLINIC_KEYS = ("manufacturer", "root", "recovery", "staff", "app", "request")
DEVICE_KEY = "device"


@dataclass(frozen=True)
class Ports:
    """Where the guest finds what it meets, and the word that the band's control surface wants."""

    clock: int
    radio_control: int
    band_control: int
    band_token: str
    hand: int


def write_ports(ports: Ports, exchange: Path) -> None:
    """Leave them where the guest looks."""
    (exchange / PORTS).write_text(json.dumps(asdict(ports)))


def read_ports(exchange: Path) -> Ports:
    """What `write_ports` left."""
    return Ports(**json.loads((exchange / PORTS).read_text()))


def write_keys(clinic: Clinic, device: SoftwareKey, exchange: Path) -> None:
    """Leave the clinic's and the band's keys where the guest looks."""
    folder = exchange / KEYS
    folder.mkdir()
    for name in CLINIC_KEYS:
        (folder / name).write_bytes(getattr(clinic, name).to_pem())
    for purpose, key in clinic.online.items():
        (folder / purpose.name).write_bytes(key.to_pem())
    (folder / DEVICE_KEY).write_bytes(device.to_pem())


def read_keys(exchange: Path) -> tuple[Clinic, SoftwareKey]:
    """What `write_keys` left."""

    def key(name: str) -> SoftwareKey:
        return SoftwareKey.from_pem((exchange / KEYS / name).read_bytes())

    online = {purpose: key(purpose.name) for purpose in _online_purposes(exchange)}
    clinic = Clinic(online=online)
    for name in CLINIC_KEYS:
        setattr(clinic, name, key(name))
    return clinic, key(DEVICE_KEY)


def _online_purposes(exchange: Path) -> list[Purpose]:
    return [purpose for purpose in Purpose if (exchange / KEYS / purpose.name).exists()]
