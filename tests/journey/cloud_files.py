"""What the cloud stored, looked at from outside its processes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud.vault.key_files import FileKeys
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import Place, Vault
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.items import SignedPrescription


@dataclass(frozen=True)
class Chain:
    """How far the cloud verified a device's record."""

    device_id: bytes
    epoch: bytes
    verified_to: int
    verified_hash: bytes


class CloudFiles:
    """The SQLite file, read only, and the demo's key folder."""

    def __init__(self, data: Path, identity: Path) -> None:
        self._file, self._identity = data / "cloud.sqlite", identity

    def chain(self) -> Chain:
        """Return the one device's chain."""
        return Chain(
            *self._one("select device_id, epoch, verified_to, verified_hash from ledger_chains")
        )

    def chain_of(self, device_id: bytes) -> Chain | None:
        """Return this device's chain; None before anything of it came."""
        asked = "select device_id, epoch, verified_to, verified_hash from ledger_chains"
        row = self._first(f"{asked} where device_id = ?", device_id)
        return None if row is None else Chain(*row)

    def session_log(self) -> tuple[bytes, bytes]:
        """Return the session log as the phone sealed it, and whose it is."""
        stored, patient_id, item_id = self._one(
            "select sealed_body, patient_id, item_id from session_logs"
        )
        row = (patient_id, item_id)
        return self._opened(stored, "session_logs", row), patient_id

    def signed_prescription(self) -> SignedPrescription:
        """Return the newest prescription as it went to the phone."""
        body, patient_id, cursor = self._one(
            "select sealed_body, patient_id, cursor from waiting"
            " where kind = 'prescription' order by cursor desc limit 1"
        )
        opened = self._opened(body, "waiting", (patient_id, cursor))
        return fields.unpack(SignedPrescription, opened)

    def verified_pulses(self) -> int:
        """Return the pulses that the cloud counts from verified records."""
        (pulses,) = self._one("select sum(charged_pulses) from delivered_sessions")
        return int(pulses)

    def vault_key(self, patient_id: bytes) -> SoftwareKey:
        """Return the patient's vault key, as the dashboard would use it."""
        (key_id,) = self._one("select vault_key_id from patients where patient_id = ?", patient_id)
        for file in sorted((self._identity / "keys").glob("vault-*.key")):
            key = SoftwareKey.from_pem(file.read_bytes())
            if key.public_key.key_id == key_id:
                return key
        raise AssertionError("the patient's vault key is not in the identity folder")

    def _opened(self, stored: bytes, table: str, row: tuple[Any, ...]) -> bytes:
        """Open what the cloud sealed once more for its own database."""
        (clinic_id,) = self._one("select clinic_id from clinics")
        owner = Owner(clinic_id, row[0], Purpose.TRANSIT)
        place = Place(owner, table, (clinic_id, *row), "sealed_body")
        return Vault(FileKeys(self._identity / "vault")).open(place, stored)

    def _one(self, question: str, *values: Any) -> tuple[Any, ...]:
        row = self._first(question, *values)
        assert row is not None, question
        return row

    def _first(self, question: str, *values: Any) -> tuple[Any, ...] | None:
        with sqlite3.connect(f"file:{self._file}?mode=ro", uri=True) as database:
            row: tuple[Any, ...] | None = database.execute(question, values).fetchone()
        return row
