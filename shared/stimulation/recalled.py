"""Figures of catalogue and limits that were cited from memory: a clinic's root closes them (R26).

The list is canonical: sorted, one name a line, so that ``sha256sum`` of it is the digest that an
acceptance signs.
"""

from __future__ import annotations

import functools
import hashlib

from shared.stimulation.catalogue import RECALLED, CatalogueEntry, catalogue
from shared.stimulation.limits import absolute_limits

ENTRY_FIELDS = frozenset(
    {
        "age_min_years",
        "burst",
        "coil",
        "course_sessions_max",
        "day_window_h",
        "frequency_hz",
        "home_use",
        "indication",
        "intensity_percent",
        "inter_train_interval_s",
        "min_interval_between_sessions_s",
        "parts",
        "phases",
        "published_duration_min",
        "pulses_per_day_window_max",
        "pulses_per_session",
        "pulses_per_train",
        "regulatory_status",
        "session_duration_s",
        "sessions_per_course",
        "sessions_per_day_window_max",
        "sessions_per_week_max",
        "target_site",
        "threshold_kind",
        "train_duration_s",
        "trains_per_session",
    }
)
"""What every protocol answers for; one that its file leaves out counts as recalled."""


@functools.cache
def recalled_fields() -> tuple[str, ...]:
    """Return the names of all recalled figures, ``entry.field``, sorted."""
    found = [name for entry in catalogue().entries for name in _of_entry(entry)]
    found += [
        f"coils.{coil.id}.{field}"
        for coil in catalogue().coils
        for field, word in coil.provenance.items()
        if word == RECALLED
    ]
    found += [f"limits.{name}" for name in absolute_limits().recalled]
    return tuple(sorted(found))


@functools.cache
def closed_digest() -> bytes:
    """Return the SHA-256 of the list, one name a line, each ended by a line feed."""
    text = "".join(f"{name}\n" for name in recalled_fields())
    return hashlib.sha256(text.encode()).digest()


def _of_entry(entry: CatalogueEntry) -> list[str]:
    fields = ENTRY_FIELDS | entry.provenance.keys()
    return [f"{entry.id}.{field}" for field in fields if entry.provenance_of(field) == RECALLED]
