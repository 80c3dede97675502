"""A prescription against its catalogue entry: use, coil, parts, patterns (R12, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.violation import CATALOGUE, Violation, above, below
from shared.dose.prescription import Part, Prescription
from shared.stimulation.catalogue import CatalogueEntry, HomeUse, ProtocolPart
from shared.stimulation.pattern import PatternKind
from shared.trust.statements import Gate


def protocol_violations(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """Yield where a prescription isn't the protocol that it names."""
    yield from _use(prescription, entry)
    yield from coil_violations(prescription, entry)
    excepted = prescription.table_exception
    if excepted is not None and not (excepted == entry.id and entry.outside_train_table):
        yield Violation("table_exception", excepted, "an entry outside the table", CATALOGUE)
    if len(prescription.parts) != len(entry.parts):
        parts = str(len(prescription.parts))
        yield Violation("parts", parts, str(len(entry.parts)), entry.source)
    bilateral = len(entry.parts) > 1
    for index, (part, published) in enumerate(
        zip(prescription.parts, entry.parts, strict=False), start=1
    ):
        if bilateral and part.site != published.site:
            yield Violation(f"parts[{index}].site", part.site, published.site, entry.source)
        yield from _part(part, published, f"parts[{index}]", entry.source)


def coil_violations(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    """Yield a coil that isn't the protocol's."""
    if prescription.coil != entry.coil:
        yield Violation("coil", prescription.coil, entry.coil, CATALOGUE)


def _use(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    if entry.home_use is HomeUse.IN_CLINIC_ONLY and Gate.SUPERVISED not in prescription.gates:
        yield Violation("gates", "not supervised", "supervised", entry.home_use_reason)
    if entry.home_use is HomeUse.RESEARCH_ONLY and prescription.research_reason is None:
        yield Violation("research_reason", "none", "named", entry.home_use_reason)


def _part(part: Part, published: ProtocolPart, name: str, source: str) -> Iterator[Violation]:
    strongest = published.intensity_percent
    if strongest is not None and part.intensity_percent > strongest:
        yield above(f"{name}.intensity_percent", part.intensity_percent, strongest, source)
    pattern, other = part.pattern, published.pattern
    if pattern.kind is not other.kind:
        yield Violation(f"{name}.pattern.kind", pattern.kind.name, other.kind.name, source)
        return
    if pattern.rate_mhz > other.rate_mhz:
        yield above(f"{name}.pattern.rate_mhz", pattern.rate_mhz, other.rate_mhz, source)
    if pattern.kind is PatternKind.SINGLE and part.interval_ms < published.interval_ms:
        yield below(f"{name}.interval_ms", part.interval_ms, published.interval_ms, source)
