"""Versions, and from when to when a prescription may count (R26, R30, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import CATALOGUE, DAY_S, OWN, Violation, above
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import AbsoluteLimits


def version_violations(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """Yield a version of limits or catalogue that isn't the one checked against here."""
    named = {
        "envelope_version": (prescription.envelope_version, limits.version, OWN),
        "catalogue_version": (prescription.catalogue_version, catalogue().version, CATALOGUE),
    }
    for field, (value, known, source) in named.items():
        if value != known:
            yield Violation(field, str(value), f"version {known}", source)


def validity_violations(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """Yield times that don't hold together, or a validity that's too long."""
    longest_s = limits.caps["validity_days_max"] * DAY_S
    validity_s = prescription.not_after_s - prescription.not_before_s
    if validity_s <= 0:
        yield Violation("not_after_s", str(validity_s), "after it begins", OWN)
    if validity_s > longest_s:
        yield above("not_after_s", validity_s, longest_s, OWN)
    if not prescription.issued_s <= prescription.install_by_s <= prescription.not_after_s:
        yield Violation("install_by_s", str(prescription.install_by_s), "within validity", OWN)
