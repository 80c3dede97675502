"""The catalogue of published protocols, read from the project's own data file.

Provenance is per field: read, recalled or own. Nothing here is checked by a clinician; a clinic's
root must accept a catalogue by version and hash before real use (R26).
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from shared.stimulation.pattern import Pattern, PatternKind
from shared.stimulation.schedule import TrainPlan

RECALLED = "recalled"


class CatalogueError(ValueError):
    """The catalogue has no such entry, or its file does not hold together."""


class HomeUse(StrEnum):
    """Where a protocol may be given: this product's own choice, with its reason."""

    YES = "yes"
    RESEARCH_ONLY = "research_only"
    IN_CLINIC_ONLY = "in_clinic_only"


@dataclass(frozen=True)
class ProtocolPart:
    """One site with its pattern; bilateral protocols have two."""

    site: str
    pattern: Pattern
    trains: int
    interval_ms: int
    intensity_percent: int | None
    threshold_kind: str

    @property
    def plan(self) -> TrainPlan:
        """The part's schedule."""
        return TrainPlan(self.pattern, self.trains, self.interval_ms * 1000)


@dataclass(frozen=True)
class ProtocolLimits:
    """How often a protocol is given at most."""

    day_window_h: int
    pulses_per_day_window: int
    sessions_per_day_window: int
    sessions_per_week: int
    course_sessions: int
    min_interval_s: int
    course_days: int | None


@dataclass(frozen=True)
class ProtocolPhase:
    """A stretch of the course: how often at most, and how far apart at least."""

    name: str
    sessions: int
    sessions_per_week: int
    min_interval_s: int


class CoilKind(StrEnum):
    """Families of coils."""

    FIGURE_8 = "figure_8"
    H = "h"
    PORTABLE = "portable"


@dataclass(frozen=True)
class Coil:
    """A coil that a protocol is given with. Deep TMS is a coil, not a pattern."""

    id: str
    name: str
    kind: CoilKind
    deep: bool
    neuronavigated: bool
    seizures_per_100000_patients: int | None
    source: str
    provenance: dict[str, str]


@dataclass(frozen=True)
class Fact:
    """A published finding that the catalogue's choices rest on."""

    id: str
    says: str
    source: str
    source_checked: str
    provenance: str


@dataclass(frozen=True)
class Indication:
    """An indication without a protocol of its own, and the nearest one where there is any."""

    id: str
    name: str
    says: str
    protocol: str | None


@dataclass(frozen=True)
class CatalogueEntry:
    """One published protocol."""

    id: str
    name: str
    indication_id: str
    indication: str
    coil: str
    parts: tuple[ProtocolPart, ...]
    limits: ProtocolLimits
    phases: tuple[ProtocolPhase, ...]
    age_min_years: int
    home_use: HomeUse
    home_use_reason: str
    outside_train_table_because: str | None
    depth_adjusted: bool
    regulatory_status: str
    source: str
    source_checked: str
    note: str | None
    provenance: dict[str, str]

    @property
    def outside_train_table(self) -> bool:
        """Whether it has trains that the table of train durations doesn't allow."""
        return self.outside_train_table_because is not None

    def phases_between(self, first: int, end: int) -> tuple[ProtocolPhase, ...]:
        """Return the phases that hold any of the sessions ``first`` to ``end`` - 1 (from 0)."""
        found, begun = [], 0
        for phase in self.phases:
            if begun < end and first < begun + phase.sessions:
                found.append(phase)
            begun += phase.sessions
        return tuple(found)

    @property
    def pulses_per_session(self) -> int:
        """Pulses of one session over all parts."""
        return sum(part.plan.pulses for part in self.parts)

    def provenance_of(self, field: str) -> str:
        """Return read, recalled or own; recalled where the file says nothing."""
        return self.provenance.get(field, RECALLED)


@dataclass(frozen=True)
class Catalogue:
    """All entries of one version; ``digest`` is the SHA-256 of the data file."""

    version: int
    digest: bytes
    coils: tuple[Coil, ...]
    entries: tuple[CatalogueEntry, ...]
    indications_without_protocol: tuple[Indication, ...]
    facts: tuple[Fact, ...]

    def coil(self, coil_id: str) -> Coil:
        """Return one coil; raise CatalogueError when there is none of that id."""
        for coil in self.coils:
            if coil.id == coil_id:
                return coil
        raise CatalogueError(f"coil: the catalogue has no {coil_id[:64]!r}")

    def entry(self, protocol_id: str) -> CatalogueEntry:
        """Return one entry; raise CatalogueError when there is none of that id."""
        for entry in self.entries:
            if entry.id == protocol_id:
                return entry
        raise CatalogueError(f"protocol_id: the catalogue has no {protocol_id[:64]!r}")


@functools.cache
def catalogue() -> Catalogue:
    """Return the catalogue that ships with this version."""
    data = resources.files("shared.stimulation").joinpath("catalogue.json").read_bytes()
    value = json.loads(data)
    found = Catalogue(
        value["version"],
        hashlib.sha256(data).digest(),
        tuple(_coil(item) for item in value["coils"]),
        tuple(_entry(item) for item in value["entries"]),
        tuple(Indication(**item) for item in value["indications_without_protocol"]),
        tuple(Fact(**item) for item in value["facts"]),
    )
    for entry in found.entries:
        found.coil(entry.coil)
    return found


def _coil(item: dict[str, Any]) -> Coil:
    return Coil(**item | {"kind": CoilKind(item["kind"])})


def _entry(item: dict[str, Any]) -> CatalogueEntry:
    entry = CatalogueEntry(
        id=item["id"],
        name=item["name"],
        indication_id=item["indication"]["id"],
        indication=item["indication"]["name"],
        coil=item["coil"],
        parts=tuple(_part(part) for part in item["parts"]),
        limits=ProtocolLimits(**item["limits"]),
        phases=tuple(ProtocolPhase(**phase) for phase in item["phases"]),
        age_min_years=item["age_min_years"],
        home_use=HomeUse(item["home_use"]),
        home_use_reason=item["home_use_reason"],
        outside_train_table_because=item["outside_train_table"],
        depth_adjusted=item["depth_adjusted"],
        regulatory_status=item["regulatory_status"],
        source=item["source"],
        source_checked=item["source_checked"],
        note=item["note"],
        provenance=item["provenance"],
    )
    if entry.pulses_per_session != item["pulses_per_session"]:
        raise CatalogueError(f"{entry.id}: pulses_per_session is not what its parts add up to")
    if sum(phase.sessions for phase in entry.phases) != entry.limits.course_sessions:
        raise CatalogueError(f"{entry.id}: phases are not the sessions of its course")
    return entry


def _part(item: dict[str, Any]) -> ProtocolPart:
    shape = item["pattern"]
    pattern = Pattern(
        kind=PatternKind[shape["kind"].upper()],
        rate_mhz=shape["rate_mhz"],
        pulses_per_burst=shape["pulses_per_burst"],
        intra_burst_mhz=shape["intra_burst_mhz"],
        bursts_per_train=shape["bursts_per_train"],
    )
    return ProtocolPart(
        site=item["site"],
        pattern=pattern,
        trains=item["trains"],
        interval_ms=item["interval_ms"],
        intensity_percent=item["intensity_percent"],
        threshold_kind=item["threshold_kind"],
    )
