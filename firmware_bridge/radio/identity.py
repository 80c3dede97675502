"""A host's own Bluetooth identity: its static address and the key of its private addresses.

Kept in a file that only its owner may read, made once.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bumble import hci

IDENTITY_FILE = "identity.json"
IRK_BYTES = 16


@dataclass(frozen=True)
class RadioIdentity:
    """Static address and identity resolving key."""

    address: hci.Address
    irk: bytes


def load_identity(folder: Path) -> RadioIdentity:
    """The identity kept in `folder`, made there the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / IDENTITY_FILE
    if not path.exists():
        _make(path)
    kept = json.loads(path.read_text())
    return RadioIdentity(hci.Address(kept["address"]), bytes.fromhex(kept["irk"]))


def _make(path: Path) -> None:
    made = {
        "address": str(hci.Address.generate_static_address()),
        "irk": secrets.token_hex(IRK_BYTES),
    }
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    temporary.replace(path)
