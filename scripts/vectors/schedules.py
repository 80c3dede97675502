"""Schedules of every protocol of the catalogue: totals, slices, and the times of whole trains."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from scripts.vectors.plain import plain
from shared.stimulation.catalogue import CatalogueEntry, ProtocolPart, catalogue
from shared.stimulation.schedule import SessionPlan, TrainPlan, pulses, slices_of_train


def lines() -> Iterator[dict[str, Any]]:
    """Yield one line for each protocol."""
    for entry in catalogue().entries:
        yield line(entry)


def line(entry: CatalogueEntry) -> dict[str, Any]:
    """Return a protocol's schedule."""
    plan = SessionPlan(tuple(part.plan for part in entry.parts))
    return {
        "protocol": entry.id,
        "pulses": plan.pulses,
        "trains": plan.trains,
        "duration_us": plan.duration_us,
        "parts": [_part(part) for part in entry.parts],
    }


def _part(part: ProtocolPart) -> dict[str, Any]:
    plan, pattern = part.plan, part.pattern
    return {
        "pattern": plain(pattern),
        "trains": plan.trains,
        "interval_us": plan.interval_us,
        "train_us": pattern.train_us,
        "pulses_per_train": pattern.pulses_per_train,
        "pulses": plan.pulses,
        "duration_us": plan.duration_us,
        "slices_of_a_train": [plain(each) for each in slices_of_train(pattern, 1)],
        "first_train_us": _times(plan, 1),
        "last_train_begins_us": plan.train_begin_us(plan.trains),
        "last_train_us": _times(plan, plan.trains),
    }


def _times(plan: TrainPlan, train: int) -> list[int]:
    """Return the times of one train, taken out of the whole schedule."""
    size = plan.pattern.pulses_per_train
    return list(islice(pulses(plan), (train - 1) * size, train * size))
