"""What of a patient's plan the page's heading says: what the band has, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.adherence.definition import CourseFacts
from cloud.language import _, told
from cloud.patients.record import TreatmentRecord
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.phases import PhaseLine, completed_sessions, phase_lines
from cloud.prescriptions.service import read_prescription
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.stimulation.catalogue import catalogue


@dataclass(frozen=True)
class PlanWords:
    """``in_force`` is what the band's own record says is installed, ``coming`` a newer version that
    it hasn't yet; each is empty where there's none. The phases are those of the first that is."""

    in_force: str
    coming: str
    phases: tuple[PhaseLine, ...]


def plan_words(record: TreatmentRecord, facts: CourseFacts | None) -> PlanWords:
    """Return the heading's words; nothing is called in force because it was signed."""
    standing, newest = record.in_force, record.signed
    is_newer = newest is not None and (standing is None or newest.serial > standing.serial)
    coming = newest if is_newer and newest is not None and newest.in_force_ms is None else None
    shown = standing or coming
    plan = read_prescription(shown) if shown else None
    return PlanWords(
        in_force=_("In force on the band: {plan}").format(plan=_said(standing)) if standing else "",
        coming=_("Signed, on its way to the band: {plan}").format(plan=_said(coming))
        if coming
        else "",
        phases=phase_lines(plan, completed_sessions(plan, facts)) if plan else (),
    )


def _said(stored: StoredPrescription) -> str:
    plan = read_prescription(stored)
    words = {
        PrescriptionKind.END: _("the end of the treatment, prescription {serial}."),
        PrescriptionKind.TITRATION: _("measuring the threshold, prescription {serial}."),
    }
    if plan.kind in words:
        return words[plan.kind].format(serial=plan.serial)
    return _said_in_full(plan)


def _said_in_full(plan: Prescription) -> str:
    return _(
        "{protocol} at {intensity} % of threshold, {sessions} sessions, prescription {serial}."
    ).format(
        protocol=told(catalogue().entry(plan.protocol_id).name),
        intensity=plan.parts[0].intensity_percent,
        sessions=plan.limits.course_sessions,
        serial=plan.serial,
    )
