"""What was measured, what was promised, and whether it holds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure; a limit says at least or at most how much."""

    name: str
    figure: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""
    """What it was made of."""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept; a figure without one always holds."""
        too_small = self.at_least is not None and self.figure < self.at_least
        too_large = self.at_most is not None and self.figure > self.at_most
        return not (too_small or too_large)

    @property
    def limit(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "" if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def verdict(self) -> str:
        if not self.limit:
            return ""
        return "holds" if self.holds else "MISSED"


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that so many percent are not above."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


def print_table(rows: Sequence[Row]) -> None:
    """Print one line a figure."""
    width = max(len(row.name) for row in rows)
    for row in rows:
        figure = f"{row.figure:10.2f} {row.unit:<6}"
        print(f"{row.name:<{width}} {figure} {row.limit:<8} {row.verdict:<7} {row.beside}".rstrip())
