"""The gate of everything below /fhir that is about patients."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from cloud.dashboard.gates import Gate
from cloud.dashboard.parts import Dashboard, Parts, identifier
from cloud.errors import NotAllowed, NotFound
from cloud.fhir.chart import KINDS
from cloud.fhir.serving.reader import Reader, Reading
from cloud.fhir.source import patient_of_id
from cloud.language import Phrase
from cloud.patients.models import Patient
from cloud.people.authority import TABLE, Act, reach
from cloud.people.reach import UNKNOWN, require_patient


class FhirGate(Gate):
    """Judges roles or scopes first, then the patient whom the address names."""

    def __call__(self, request: Request, dashboard: Parts, reader: Reading) -> None:
        named = request.path_params
        kind = named.get("kind", "Patient")
        if reader.person is not None and not reach(reader.person.roles, self.act):
            raise NotAllowed("Your role may not {act}.", act=Phrase(TABLE[self.act].words))
        if kind not in KINDS:
            raise NotFound("There is no such type of resource here.")
        if kind not in reader.kinds:
            raise NotAllowed("The token's scopes do not reach this type of resource.")
        if "patient" in named:
            self.find(dashboard, reader, identifier(named["patient"]))
        elif "id" in named:
            self.find(dashboard, reader, patient_of_id(named["id"]))

    def find(self, dashboard: Dashboard, reader: Reader, patient_id: bytes) -> None:
        """Raise the one NotFound for a patient whom the reader doesn't reach."""
        with dashboard.database.read(reader.clinic_id) as session:
            if reader.person is not None:
                now_ms = dashboard.clock.wall_ms()
                require_patient(session, reader.person, patient_id, self.act, now_ms=now_ms)
            elif session.get(Patient, (reader.clinic_id, patient_id)) is None:
                raise NotFound(UNKNOWN)


READS = FhirGate(Act.READ_FHIR)


class SystemGate(FhirGate):
    """For what systems alone ask; a token comes in a header, which no page elsewhere can send."""

    takes_forms = True

    def __call__(self, request: Request, dashboard: Parts, reader: Reading) -> None:
        if reader.person is not None:
            raise NotAllowed("Your role may not {act}.", act=Phrase(TABLE[self.act].words))
        super().__call__(request, dashboard, reader)


def system_reading() -> Any:
    """Return the gate of a route of bulk exports."""
    return Depends(SystemGate(Act.EXPORT_FHIR))


def fhir_reading() -> Any:
    """Return the gate of a route that reads."""
    return Depends(READS)
