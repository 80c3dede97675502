"""How large: what the options of `make bench-scale` set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """``few`` and ``clinics`` are the clinics of the small and the large database, each of
    ``patients_of_a_clinic``; ``records`` are those in the full tables of ingest; ``phones``
    are those of the largest fleet."""

    clinics: int
    patients_of_a_clinic: int
    few: int
    records: int
    phones: int
