"""Whose resources they are, and what their ids are made of.

An id is the patient's pseudonym and, after a point, a hash of what the thing is in our own records:
the same thing has the same id in every answer, and whoever holds an id knows whom to ask for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cloud.fhir.elements import Resource

ID_BYTES = 16
_HASH_LETTERS = 30
"""With 32 letters of the patient and a point 63, of the 64 that an id may have."""
_ID = re.compile(f"([0-9a-f]{{{2 * ID_BYTES}}})\\.([0-9a-f]{{{_HASH_LETTERS}}})")
_TEST_DATA = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}


@dataclass(frozen=True)
class Source:
    """The clinic and the patient of every resource in a chart."""

    clinic_id: str
    clinic_name: str
    made_up: bool
    patient_id: bytes

    @property
    def patient(self) -> str:
        """The Patient's id."""
        return self.patient_id.hex()

    def id_of(self, kind: str, key: str) -> str:
        """Return the id of a thing of one kind that ``key`` names."""
        if kind == "Patient":
            return self.patient
        digest = hashlib.sha256(f"circlet/fhir/v1/{kind}/{key}".encode()).hexdigest()
        return f"{self.patient}.{digest[:_HASH_LETTERS]}"

    def reference(self, kind: str, key: str = "") -> Resource:
        """Return the reference to a thing of this patient."""
        return {"reference": f"{kind}/{self.id_of(kind, key)}"}

    def head(self, kind: str, key: str = "") -> Resource:
        """Return what every resource begins with; data of nobody real says so."""
        found: Resource = {"resourceType": kind, "id": self.id_of(kind, key)}
        if self.made_up:
            found["meta"] = {"security": [dict(_TEST_DATA)]}
        return found


def patient_of_id(resource_id: str) -> bytes:
    """Return the patient whom an id begins with; empty for what no id of ours is."""
    found = _ID.fullmatch(resource_id)
    return bytes.fromhex(found[1]) if found else b""
