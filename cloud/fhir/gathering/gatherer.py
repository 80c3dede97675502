"""One patient's records of every kind, by the page or all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from cloud.clinics.service import clinic_of
from cloud.fhir.chart import OF_PATIENT, Chart
from cloud.fhir.elements import sayable
from cloud.fhir.gathering import log, record, told
from cloud.fhir.gathering.answers import CheckIns
from cloud.fhir.gathering.asked import Asked, Page
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.patient import PatientRecord
from cloud.fhir.source import Source
from cloud.patients.models import Patient
from cloud.patients.service import here
from cloud.times import LATEST_MS
from cloud.vault.errors import Damaged
from shared.trust.keys import SoftwareKey

AT_ONCE = 500
"""Rows of a kind that one query reads."""


class Gatherer:
    """Finds one patient's records; raises KeyDestroyed for who was erased.

    ``care`` opens check-ins.
    """

    def __init__(self, session: Session, patient: Patient, care: SoftwareKey) -> None:
        here(session, patient)
        clinic = clinic_of(session, patient.clinic_id)
        self._patient = patient
        self.source = Source(
            clinic.clinic_id, sayable(clinic.name), clinic.made_up, patient.patient_id
        )
        checkins = CheckIns(session, patient.clinic_id, patient.patient_id, care)
        self._pages: dict[str, Callable[[Asked], Page[Any]]] = {
            "devices": lambda asked: record.devices(session, asked),
            "prescriptions": lambda asked: record.prescriptions(session, asked),
            "signatures": lambda asked: record.signatures(session, asked),
            "sessions": lambda asked: record.sessions(session, asked),
            "doses": lambda asked: record.doses(session, asked),
            "answers": lambda asked: checkins.answers(asked),
            "scores": lambda asked: checkins.scores(asked),
            "side_effects": lambda asked: told.side_effects(session, asked),
            "consents": lambda asked: told.consents(session, asked),
            "looks": lambda asked: log.looks(session, asked),
        }

    def patient(self) -> PatientRecord:
        """Return who it is; raise Damaged where that isn't readable."""
        found = self._patient
        if found.birth_date is None:
            raise Damaged("What is kept of this patient is not readable.")
        return PatientRecord(
            patient_id=found.patient_id,
            name=sayable(found.name),
            birth_date=found.birth_date,
            indication=found.indication,
            initials=sayable(found.initials),
            telephone=sayable(found.telephone or "") or None,
            enrolled_ms=min(found.created_ms, LATEST_MS),
        )

    def page(self, mapping: Mapping[Any], asked: Asked) -> Page[Any]:
        """Return the next records of one kind."""
        return self._pages[mapping.name](asked)

    def asked(self, limit: int = AT_ONCE) -> Asked:
        """Return what asks for a kind's first records of this patient."""
        return Asked(self.source.clinic_id, self.source.patient_id, limit)

    def chart(self) -> Chart:
        """Return all of it, however many pages that is."""
        found = {mapping.name: tuple(self.every(mapping)) for mapping in OF_PATIENT}
        return Chart(self.source, self.patient(), **found)

    def every(self, mapping: Mapping[Any]) -> Iterator[Any]:
        """Yield all records of one kind."""
        asked = self.asked()
        while True:
            page = self.page(mapping, asked)
            yield from (each for _, each in page.records)
            if page.behind is None:
                return
            asked = replace(asked, after=page.behind)
