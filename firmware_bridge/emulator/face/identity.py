"""The band's Bluetooth identity: a static address and a resolving key, made once and kept.

A phone that bonded gets both and can recognise the private addresses made from them; nobody else
can. Neither says anything of the device's own identity or serial number.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from bumble.hci import Address

from firmware_bridge.emulator.parts.durable import replace_file

IRK_BYTES = 16


@dataclass(frozen=True)
class RadioIdentity:
    """What is handed over at bonding, and whether the phones took it."""

    static_address: Address
    irk: bytes
    resolvable: bool
    """Every phone that bonded took the resolving key, so private addresses can be recognised."""

    def next_address(self) -> Address:
        """The address to advertise with next: private once those who may know can resolve it."""
        if not self.resolvable:
            return self.static_address
        return Address.generate_private_address(self.irk)


class RadioIdentityFile:
    """The identity on file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            address, irk = Address.generate_static_address(), secrets.token_bytes(IRK_BYTES)
            self._store(RadioIdentity(address, irk, resolvable=False))

    def read(self) -> RadioIdentity:
        """The identity as it stands."""
        kept = json.loads(self._path.read_text())
        address, irk = Address(kept["static_address"]), bytes.fromhex(kept["irk"])
        return RadioIdentity(address, irk, bool(kept["resolvable"]))

    def bonded(self, *, first: bool, took_key: bool) -> None:
        """Note whether a phone that just bonded took the resolving key."""
        identity = self.read()
        resolvable = took_key and (first or identity.resolvable)
        self._store(replace(identity, resolvable=resolvable))

    def _store(self, identity: RadioIdentity) -> None:
        content = {
            "static_address": str(identity.static_address),
            "irk": identity.irk.hex(),
            "resolvable": identity.resolvable,
        }
        replace_file(self._path, json.dumps(content).encode())
