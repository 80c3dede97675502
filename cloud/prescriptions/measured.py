"""How a threshold in force was measured and by whom, as the clinic kept it when it was new."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.language import told
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.steps.threshold import METHODS
from shared.dose.prescription import Threshold


@dataclass(frozen=True)
class Measured:
    """The version that first had the threshold; method and name are empty where it was typed in."""

    serial: int
    method: str
    by: str


def measured(
    session: Session, clinic_id: str, patient_id: bytes, threshold: Threshold
) -> Measured | None:
    """Return what is known of a threshold by the signed version that brought it; None where no
    version of the clinic has it."""
    signed = session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.patient_id == patient_id,
            StoredPrescription.signed_ms.is_not(None),
        )
        .order_by(StoredPrescription.serial)
    )
    for each in signed:
        plan = read_prescription(each)
        if threshold in (plan.threshold, plan.second_threshold):
            method = told(METHODS[each.threshold_method]) if each.threshold_method else ""
            return Measured(each.serial, method, each.threshold_by or "")
    return None
