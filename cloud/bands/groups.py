"""The clinic's bands as its page groups them: in use, spare, set aside, out of use.

What is wrong stands with those in use, whoever has the band: somebody has to look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.bands.rows import ASIDE, FREE, RETIRED, Row


@dataclass(frozen=True)
class Groups:
    """Rows by group, each in the order that they came in."""

    in_use: tuple[Row, ...]
    spare: tuple[Row, ...]
    aside: tuple[Row, ...]
    retired: tuple[Row, ...]

    def has(self, column: str) -> bool:
        """Whether any band in use has something to say in a column."""
        return any(getattr(each, column) for each in self.in_use)


def grouped(rows: Sequence[Row]) -> Groups:
    """Return the rows by group."""

    def of(urgency: str) -> tuple[Row, ...]:
        return tuple(each for each in rows if each.urgency == urgency)

    apart = (FREE, ASIDE, RETIRED)
    in_use = tuple(each for each in rows if each.urgency not in apart)
    return Groups(in_use, of(FREE), of(ASIDE), of(RETIRED))
