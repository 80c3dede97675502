"""The envelope: absolute limits that no signature passes (R13, R14, R31).

Editor, cloud, app and, as the last word, the device check the same prescription by this one
function; every violation is reported at once, with the field, the value, the limit and its source.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds import amounts, thresholds
from shared.dose.bounds.course import course_violations
from shared.dose.bounds.patterns import part_violations
from shared.dose.bounds.protocol import coil_violations, protocol_violations
from shared.dose.bounds.replacement import replacement_violations
from shared.dose.bounds.supervision import supervision_violations
from shared.dose.bounds.titration import titration_violations
from shared.dose.bounds.validity import validity_violations, version_violations
from shared.dose.bounds.violation import CATALOGUE, Violation
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.stimulation.catalogue import CatalogueEntry, CatalogueError, catalogue
from shared.stimulation.limits import AbsoluteLimits, absolute_limits

__all__ = ["Violation", "violations"]


def violations(
    prescription: Prescription, in_force: Prescription | None = None
) -> tuple[Violation, ...]:
    """Return every broken limit; an empty tuple means inside the envelope.

    ``in_force`` is the treatment that this one follows, against which its threshold may not leap.
    An end is never outside: failing closed is always allowed.
    """
    if prescription.kind is PrescriptionKind.END:
        return ()
    limits, entry = absolute_limits(), _entry(prescription)
    found = [*version_violations(prescription, limits)]
    found += validity_violations(prescription, limits)
    found += supervision_violations(prescription, limits)
    if entry is None:
        found.append(Violation("protocol_id", prescription.protocol_id, "known", CATALOGUE))
    if prescription.kind is PrescriptionKind.TITRATION:
        found += titration_violations(prescription, limits)
        found += () if entry is None else coil_violations(prescription, entry)
    else:
        found += _absolute(prescription, entry, in_force, limits)
        found += () if entry is None else _against(prescription, entry, limits)
    return tuple(found)


def _absolute(
    prescription: Prescription,
    entry: CatalogueEntry | None,
    in_force: Prescription | None,
    limits: AbsoluteLimits,
) -> Iterator[Violation]:
    """A treatment, or a replacement, against what binds every protocol."""
    yield from amounts.amount_violations(prescription, limits)
    yield from thresholds.threshold_violations(prescription, limits)
    yield from thresholds.step_violations(prescription, in_force, limits)
    yield from replacement_violations(prescription)
    for index in range(len(prescription.parts)):
        yield from part_violations(prescription, index, entry, limits)


def _against(
    prescription: Prescription, entry: CatalogueEntry, limits: AbsoluteLimits
) -> Iterator[Violation]:
    """The same against the entry that it names."""
    yield from protocol_violations(prescription, entry)
    yield from amounts.entry_violations(prescription, entry, limits)
    yield from thresholds.entry_violations(prescription, entry)
    yield from course_violations(prescription, entry)


def _entry(prescription: Prescription) -> CatalogueEntry | None:
    try:
        return catalogue().entry(prescription.protocol_id)
    except CatalogueError:
        return None
