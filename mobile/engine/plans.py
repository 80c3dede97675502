"""Prescriptions as they came from the clinic. Which one counts is the band's to say."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.store import Store
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, SignedPrescription


@dataclass(frozen=True)
class Plan:
    """A prescription with its name: the hash of its bytes."""

    prescription: Prescription
    hash: bytes


class Plans:
    """Finds a prescription by its hash among what the clinic sent."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[bytes, Plan] = {}
        self._read_to = 0

    def find(self, prescription_hash: bytes | None) -> Plan | None:
        """Return the plan that the band names, if this phone holds it."""
        if prescription_hash is None:
            return None
        if prescription_hash not in self._known:
            self._read()
        return self._known.get(prescription_hash)

    def _read(self) -> None:
        cursor = self._store.downstream.cursor()
        if cursor == self._read_to:
            return
        for item in self._store.downstream.all_of(DownKind.PRESCRIPTION):
            plan = _plan(item.body)
            if plan is not None:
                self._known[plan.hash] = plan
        self._read_to = cursor


def _plan(body: bytes) -> Plan | None:
    try:
        data = fields.unpack(SignedPrescription, body).prescription
        return Plan(prescriptions.from_bytes(data), prescriptions.hash_of(data))
    except WireError:
        return None
