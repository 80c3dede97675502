"""Makes the export's rows alike enough: coarser step by step, then without the rarest. Pure.

Enough is: whoever knows age, half-year and protocol of somebody finds at least so many rows (k).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cloud.errors import CloudError
from cloud.language import mark
from cloud.response.rows import ANY, UNKNOWN, Row

K_LEAST = 5
"""Fewer rows alike leave nothing out of the clinic (own figure)."""
SUPPRESSED_PERCENT = 10
"""At most so many rows are left out before the next coarser step is taken (own figure)."""
OLDEST = 80
"""Older people are one group (own figure)."""


_TOO_FEW = mark(
    "Of {count} patients not even {least} are alike in age, time and protocol. Nothing leaves the "
    "clinic."
)


class TooFewAlike(CloudError):
    """No step makes the rows alike enough."""

    code = "k"
    status = 409


@dataclass(frozen=True)
class Step:
    """How coarse the quasi-identifiers are: years of an age group, and the part of a year."""

    words: str
    age_years: int | None
    began: Callable[[Row], str]
    keeps_protocol: bool = True


def _half_year(row: Row) -> str:
    return f"{row.began.year}-H{1 if row.began.month < 7 else 2}"


def _year(row: Row) -> str:
    return str(row.began.year)


def _any(_row: Row) -> str:
    return ANY


STEPS = (
    Step(mark("ages in tens, half-years"), 10, _half_year),
    Step(mark("ages in tens, years"), 10, _year),
    Step(mark("ages in twenties, years"), 20, _year),
    Step(mark("ages in twenties, no time"), 20, _any),
    Step(mark("no age, no time"), None, _any),
    Step(mark("no age, no time, no protocol"), None, _any, keeps_protocol=False),
)
"""The finest first; the first one that is enough is taken."""


@dataclass(frozen=True)
class Coarse:
    """The rows that leave: quasi-identifiers first, sorted by their values; and what it took."""

    rows: tuple[tuple[str, ...], ...]
    step: Step
    suppressed: int
    k: int

    @property
    def quasi(self) -> tuple[tuple[str, ...], ...]:
        """The quasi-identifiers of each row."""
        return tuple(row[:3] for row in self.rows)


def coarse(rows: Sequence[Row]) -> Coarse:
    """Return the rows at the finest step that is enough; raise TooFewAlike where none is."""
    for step in STEPS:
        quasi = [_quasi(row, step) for row in rows]
        alike = Counter(quasi)
        kept = [
            (*each, *map(str, row.plain))
            for each, row in zip(quasi, rows, strict=True)
            if alike[each] >= K_LEAST
        ]
        left_out = len(rows) - len(kept)
        if kept and left_out * 100 <= SUPPRESSED_PERCENT * len(rows):
            least = min(count for count in alike.values() if count >= K_LEAST)
            return Coarse(tuple(sorted(kept)), step, left_out, least)
    raise TooFewAlike(_TOO_FEW, count=len(rows), least=K_LEAST)


def _quasi(row: Row, step: Step) -> tuple[str, str, str]:
    return (_age(row, step), step.began(row), row.protocol_id if step.keeps_protocol else ANY)


def _age(row: Row, step: Step) -> str:
    if step.age_years is None:
        return ANY
    if row.age_years is None:
        return UNKNOWN
    if row.age_years >= OLDEST:
        return f"{OLDEST} or more"
    lowest = row.age_years - row.age_years % step.age_years
    return f"{lowest} to {lowest + step.age_years - 1}"
