"""A patient's whole chart, as records; and the order in which its kinds are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.answers import ANSWERS, AnswersRecord
from cloud.fhir.resources.consent import CONSENT, ConsentRecord
from cloud.fhir.resources.device import DEVICE, DeviceRecord
from cloud.fhir.resources.dose import DOSE, DoseRecord
from cloud.fhir.resources.look import LOOK, LookRecord
from cloud.fhir.resources.patient import PATIENT, PatientRecord
from cloud.fhir.resources.prescription import PRESCRIPTION, PrescriptionRecord
from cloud.fhir.resources.score import SCORE, ScoreRecord
from cloud.fhir.resources.session import SESSION, SessionRecord
from cloud.fhir.resources.side_effect import SIDE_EFFECT, SideEffectRecord
from cloud.fhir.resources.signature import SIGNATURE, SignatureRecord
from cloud.fhir.source import Source

OF_PATIENT: tuple[Mapping[Any], ...] = (
    DEVICE,
    PRESCRIPTION,
    SIGNATURE,
    SESSION,
    DOSE,
    ANSWERS,
    SCORE,
    SIDE_EFFECT,
    CONSENT,
    LOOK,
)
"""Everything but the Patient, in the order of a chart: what is referred to comes first."""
KINDS = ("Patient", *dict.fromkeys(each.kind for each in OF_PATIENT))
"""The types of resources, each once."""


@dataclass(frozen=True)
class Chart:
    """What is known of one patient. The fields are those that `OF_PATIENT` names."""

    source: Source
    patient: PatientRecord
    devices: tuple[DeviceRecord, ...] = ()
    prescriptions: tuple[PrescriptionRecord, ...] = ()
    signatures: tuple[SignatureRecord, ...] = ()
    sessions: tuple[SessionRecord, ...] = ()
    doses: tuple[DoseRecord, ...] = ()
    answers: tuple[AnswersRecord, ...] = ()
    scores: tuple[ScoreRecord, ...] = ()
    side_effects: tuple[SideEffectRecord, ...] = ()
    consents: tuple[ConsentRecord, ...] = ()
    looks: tuple[LookRecord, ...] = ()

    def records(self) -> Iterator[tuple[Mapping[Any], Any]]:
        """Yield every record with its mapping, the patient first."""
        yield PATIENT, self.patient
        for mapping in OF_PATIENT:
            for record in getattr(self, mapping.name):
                yield mapping, record
