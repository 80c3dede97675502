"""What is learned from, and what the regression's process answers: plain values, no numpy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

NAMES = ("first", "change", "days", "partial")
"""The figures of `cloud.response.course.Early`, in their order."""
LEVELS = (0.5, 0.8, 0.9)
"""Levels at which coverage is measured (own figures)."""
SHOWN = LEVELS.index(0.8)
"""The one whose interval the pages show: four of five (own figure)."""


@dataclass(frozen=True)
class Learned:
    """One patient of the cohort: what was known early, and the score after ten sessions."""

    known: tuple[float, ...]
    score: int


@dataclass(frozen=True)
class Driver:
    """One figure's part: ``effect`` is in points of score for ``spread`` more of it, which is one
    standard deviation; with an interval of 95 %."""

    spread: float
    effect: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves nothing at all out."""
        return not self.low <= 0 <= self.high


@dataclass(frozen=True)
class Coverage:
    """How many of the patients held out lay within the interval of a level."""

    level: float
    covered: int
    patients: int


@dataclass(frozen=True)
class Bin:
    """Patients of about the same forecast: its mean and what it came to, both held out."""

    patients: int
    expected: float
    came: float


@dataclass(frozen=True)
class Fitted:
    """The regression. ``skill`` is by which share its squared error is less than that of the
    cohort's mean, ``skill_low`` that share's lower end, at 95 %; errors are in points, held out.

    ``half_widths`` are of the levels; endless where too few patients were left to measure by.
    """

    patients: int
    intercept: float
    slopes: tuple[float, ...]
    half_widths: tuple[float, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    drivers: tuple[Driver, ...]
    error: float
    error_of_mean: float
    skill: float
    skill_low: float
    coverage: tuple[Coverage, ...]
    bins: tuple[Bin, ...]

    def expected(self, known: tuple[float, ...]) -> float:
        """Return the score that is expected."""
        pairs = zip(self.slopes, known, strict=True)
        return self.intercept + sum(slope * value for slope, value in pairs)


def to_plain(fitted: Fitted) -> dict[str, Any]:
    """Return what JSON can say of it."""
    return asdict(fitted)


def from_plain(value: dict[str, Any]) -> Fitted:
    """Return it again."""
    plain: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in value.items()
    }
    for name, kind in (("drivers", Driver), ("coverage", Coverage), ("bins", Bin)):
        plain[name] = tuple(kind(**each) for each in plain[name])
    return Fitted(**plain)
