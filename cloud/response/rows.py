"""The de-identified export's columns, and a patient's row of them: no name, no id, no day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cloud.language import mark
from cloud.response.cohort import Member
from cloud.response.course import SixWeeks
from cloud.response.relation import remitted, responded


@dataclass(frozen=True)
class Column:
    """A column in words; ``is_quasi`` where a value could point to somebody from outside."""

    name: str
    words: str
    unit: str
    is_quasi: bool = False


COLUMNS = (
    Column("age", mark("age at the first session, in groups"), mark("years"), is_quasi=True),
    Column("began", mark("when the first session was, in half-years or years"), "", is_quasi=True),
    Column(
        "protocol",
        mark("protocol of the first prescription, by its catalogue id"),
        "",
        is_quasi=True,
    ),
    Column("first_score", mark("PHQ-9 of the app's own wording at the start"), mark("points")),
    Column("later_score", mark("the same six weeks after the first session"), mark("points")),
    Column("response", mark("1: a response by the instrument's own rule"), ""),
    Column("remission", mark("1: a remission by the instrument's own rule"), ""),
    Column("due", mark("sessions due in the six weeks"), mark("sessions")),
    Column("done", mark("given whole and in time"), mark("sessions")),
    Column("partial", mark("given in part"), mark("sessions")),
    Column("late", mark("given whole, after the course would have ended"), mark("sessions")),
    Column("missed", mark("not given"), mark("sessions")),
)
QUASI = tuple(each.name for each in COLUMNS if each.is_quasi)
ANY = "any"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Row:
    """One patient as the export knows them. ``began`` is the first session's day and ``age_years``
    the age on it: both leave only coarsened (`cloud.response.coarsening`)."""

    age_years: int | None
    began: date
    protocol_id: str
    plain: tuple[int, ...]


def rows_of(members: Sequence[Member[SixWeeks]]) -> list[Row]:
    """Return the members' rows in no order of theirs."""
    return [
        Row(
            each.facts.age_years,
            date.fromordinal(each.facts.treatments[0].day),
            each.facts.protocol_id,
            _plain(each.found),
        )
        for each in members
    ]


def _plain(found: SixWeeks) -> tuple[int, ...]:
    """What can't point to anybody by itself, in the order of the columns."""
    return (
        found.first,
        found.later,
        int(responded(found)),
        int(remitted(found)),
        found.due,
        found.done,
        found.partial,
        found.late,
        found.missed,
    )
