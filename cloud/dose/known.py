"""Which patients the clinic has: asked once for each, however many records name them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.patients.models import Patient


class Known:
    """``patient_id in known``, within one transaction."""

    def __init__(self, session: Session, clinic_id: str) -> None:
        self._session, self._clinic_id = session, clinic_id
        self._found: dict[bytes, bool] = {}

    def __contains__(self, patient_id: bytes) -> bool:
        if patient_id not in self._found:
            patient = self._session.get(Patient, (self._clinic_id, patient_id))
            self._found[patient_id] = patient is not None
        return self._found[patient_id]
