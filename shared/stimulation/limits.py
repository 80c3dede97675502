"""The absolute limits, read from the project's own data file, each with its source."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class AbsoluteLimits:
    """Version and tables; times in milliseconds or as named, intensities in percent."""

    version: int
    train_ms_by_hz_and_percent: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    train_source: str
    interval_ms_min_above_1hz: int
    interval_source: str
    theta_burst: dict[str, int]
    theta_burst_source: str
    caps: dict[str, Any]
    titration: dict[str, int]
    coil_temperature_c_max: int
    ceiling_pulses_per_24h: int
    ceiling_pulses_per_168h: int
    ceiling_sessions_per_24h: int
    recalled: tuple[str, ...]

    def train_ms_max(self, rate_hz: float, percent_rmt: int) -> int | None:
        """Longest train by the stricter neighbours of the table; None where it has no cell."""
        rows = [columns for hz, columns in self.train_ms_by_hz_and_percent if hz >= rate_hz]
        if not rows:
            return None
        return next((ms for percent, ms in rows[0] if percent >= percent_rmt), None)


@functools.cache
def absolute_limits() -> AbsoluteLimits:
    """Return the limits that ship with this version."""
    value = json.loads(
        resources.files("shared.stimulation").joinpath("limits.json").read_text("utf-8")
    )
    table = value["train_duration_max_ms"]
    ceiling = value["home_ceiling"]
    return AbsoluteLimits(
        version=value["version"],
        train_ms_by_hz_and_percent=_table(table["by_hz_and_percent_rmt"]),
        train_source=table["source"],
        interval_ms_min_above_1hz=value["inter_train_interval"]["min_ms_above_1hz"],
        interval_source=value["inter_train_interval"]["source"],
        theta_burst=_integers(value["theta_burst"]),
        theta_burst_source=value["theta_burst"]["source"],
        caps=value["caps"],
        titration=_integers(value["titration"]),
        coil_temperature_c_max=value["coil_contact_temperature_c_max"]["value"],
        ceiling_pulses_per_24h=ceiling["pulses_per_24h"],
        ceiling_pulses_per_168h=ceiling["pulses_per_168h"],
        ceiling_sessions_per_24h=ceiling["sessions_per_24h"],
        recalled=tuple(sorted(name for name, each in value.items() if _is_recalled(each))),
    )


def _integers(section: dict[str, Any]) -> dict[str, int]:
    return {name: item for name, item in section.items() if isinstance(item, int)}


def _is_recalled(section: object) -> bool:
    return isinstance(section, dict) and section["provenance"] == "recalled"


def _table(rows: dict[str, dict[str, int]]) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    return tuple(
        sorted(
            (int(hz), tuple(sorted((int(percent), ms) for percent, ms in columns.items())))
            for hz, columns in rows.items()
        )
    )
