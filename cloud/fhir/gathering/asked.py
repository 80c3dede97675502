"""Which records of a patient are asked for, and where in their order to go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

Mark = tuple[int | str | bytes, ...]
"""A record's place in the order of its kind: what the columns of that order hold."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """Records of one patient, behind the mark ``after``, ``limit`` at most; those from
    ``first_ms`` to before ``end_ms`` alone, where their kind has a time."""

    clinic_id: str
    patient_id: bytes
    limit: int
    after: Mark | None = None
    first_ms: int | None = None
    end_ms: int | None = None

    def within(self, column: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions on a column of times."""
        found = []
        if self.first_ms is not None:
            found.append(column >= self.first_ms)
        if self.end_ms is not None:
            found.append(column < self.end_ms)
        return found


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some records of one kind; ``behind`` is the mark to go on from, None at the end."""

    records: tuple[tuple[Mark, R], ...]
    behind: Mark | None


def page(found: list[tuple[Mark, T]], asked: Asked, made: Callable[[T], R | None]) -> Page[R]:
    """Return the records that rows make; a row may make none."""
    records = ((mark, made(row)) for mark, row in found)
    behind = found[-1][0] if len(found) == asked.limit else None
    return Page(tuple((mark, each) for mark, each in records if each is not None), behind)


def rows(
    session: Session,
    table: type[T],
    asked: Asked,
    order: tuple[InstrumentedAttribute[Any], ...],
    *conditions: ColumnElement[bool],
    onwards: bool = False,
) -> list[tuple[Mark, T]]:
    """Return a table's rows of the patient with their marks; ``onwards`` has the row at the mark
    among them, for one that makes several records."""
    of: Any = table
    wanted = select(table).where(
        of.clinic_id == asked.clinic_id, of.patient_id == asked.patient_id, *conditions
    )
    if asked.after is not None:
        here, there = tuple_(*order), tuple_(*asked.after[: len(order)])
        wanted = wanted.where(here >= there if onwards else here > there)
    found = session.scalars(wanted.order_by(*order).limit(asked.limit))
    return [(tuple(getattr(row, column.key) for column in order), row) for row in found]
