"""The motor threshold: its age, its device and coil, its kind, and how far it steps (R14)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import CATALOGUE, DAY_S, OWN, Violation, above
from shared.dose.prescription import Prescription, PrescriptionKind, Threshold, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry
from shared.stimulation.limits import AbsoluteLimits

_RULE = "R14"


def name_of(prescription: Prescription, part_index: int) -> str:
    """Return the field that holds a part's threshold (parts from 0)."""
    second = part_index > 0 and prescription.second_threshold is not None
    return "second_threshold" if second else "threshold"


def threshold_violations(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    """Yield what's wrong with the thresholds as such."""
    yield from _threshold(prescription, prescription.threshold, "threshold", limits)
    if prescription.second_threshold is None:
        return
    if len(prescription.parts) == 1:
        yield Violation("second_threshold", "given", "none, with one part", _RULE)
    yield from _threshold(prescription, prescription.second_threshold, "second_threshold", limits)


def place_violations(
    prescription: Prescription, found: Threshold, name: str
) -> Iterator[Violation]:
    """Yield a threshold of another device or coil."""
    if found.device_id != prescription.device_id:
        device = prescription.device_id.hex()
        yield Violation(f"{name}.device_id", found.device_id.hex(), f"measured on {device}", _RULE)
    if found.coil != prescription.coil:
        yield Violation(f"{name}.coil", found.coil, f"measured with {prescription.coil}", _RULE)


def step_violations(
    prescription: Prescription, in_force: Prescription | None, limits: AbsoluteLimits
) -> Iterator[Violation]:
    """Yield a step of the threshold, against the one in force, that nobody signed as meant."""
    if in_force is None or prescription.threshold_step_signed:
        return
    if prescription.kind is PrescriptionKind.REPLACEMENT:
        return
    most = limits.caps["threshold_step_percent_mso_without_flag"]
    for index in range(len(prescription.parts)):
        old, new = in_force.threshold_of(index), prescription.threshold_of(index)
        if ThresholdKind.NONE in (old.kind, new.kind):
            continue
        if abs(new.percent_mso - old.percent_mso) > most:
            step = f"{old.percent_mso} to {new.percent_mso}"
            limit = f"a step of at most {most} unless signed as meant"
            yield Violation(f"{name_of(prescription, index)}.percent_mso", step, limit, _RULE)


def entry_violations(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """Yield a threshold of another kind than the protocol's, or adjusted where it isn't."""
    for index, published in enumerate(entry.parts[: len(prescription.parts)]):
        name, found = name_of(prescription, index), prescription.threshold_of(index)
        wanted = published.threshold_kind.upper()
        if found.kind.name != wanted:
            yield Violation(f"{name}.kind", found.kind.name, wanted, entry.source)
        if found.depth_percent != 100 and not entry.depth_adjusted:
            yield Violation(f"{name}.depth_percent", str(found.depth_percent), "100", CATALOGUE)


def _threshold(
    prescription: Prescription, found: Threshold, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    yield from place_violations(prescription, found, name)
    if found.kind is ThresholdKind.NONE:
        yield from _fixed_output(found, name)
        return
    longest_s = limits.caps["threshold_age_days_max"] * DAY_S
    age_s = found.lock_s - found.measured_s
    if age_s <= 0:
        yield Violation(f"{name}.lock_s", str(age_s), "after it was measured", OWN)
    if age_s > longest_s:
        yield above(f"{name}.lock_s", age_s, longest_s, OWN)
    if not found.measured_s <= found.warn_s <= found.lock_s:
        yield Violation(f"{name}.warn_s", str(found.warn_s), "before it locks", OWN)
    if found.measured_s > prescription.issued_s:
        yield Violation(f"{name}.measured_s", str(found.measured_s), "before it was signed", OWN)


def _fixed_output(found: Threshold, name: str) -> Iterator[Violation]:
    for field in ("percent_mso", "depth_percent"):
        if getattr(found, field) != 100:
            value = str(getattr(found, field))
            yield Violation(f"{name}.{field}", value, "100, with a fixed output", _RULE)
