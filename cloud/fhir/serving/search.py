"""What a search asks for: a few parameters, each checked; one that isn't known is an error.

FHIR lets a server pass over parameters that it doesn't know; then a reader gets more than they
asked for, and takes it for less. So it's refused here, by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from starlette.datastructures import QueryParams

from cloud.clock import instant
from cloud.fhir.chart import OF_PATIENT
from cloud.fhir.elements import OBSERVATION_CATEGORY
from cloud.fhir.errors import BadParameter
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.dose import DOSE
from cloud.fhir.resources.score import SCORE
from cloud.fhir.serving import cursor
from cloud.fhir.serving.cursor import Cursor

COUNT, COUNT_MAX = 100, 500
"""Resources of one answer: as long as nobody says, and at most (own choice)."""
DATES = {
    "ServiceRequest": "authored",
    "Provenance": "recorded",
    "Procedure": "date",
    "Observation": "date",
    "QuestionnaireResponse": "authored",
    "AdverseEvent": "date",
    "Consent": "date",
    "AuditEvent": "date",
}
"""The parameter by which a type is searched in time, as R4 names it."""
CATEGORIES: dict[str, Mapping[Any]] = {"therapy": DOSE, "survey": SCORE}
DATES_MAX = 2
_ALWAYS = frozenset({"_count", cursor.NAME, "_format"})
_DATE = re.compile(r"(ge|gt|le|lt|eq)?(\d{4}-\d{2}-\d{2})(T.+)?", re.ASCII)


@dataclass(frozen=True)
class Search:
    """A search that holds. ``patient_id`` is None where a type of its own is listed; ``mappings``
    are those whose records are wanted, in order."""

    patient_id: bytes | None
    mappings: tuple[Mapping[Any], ...]
    first_ms: int | None
    end_ms: int | None
    count: int
    cursor: Cursor | None


def parameters(kind: str) -> tuple[str, ...]:
    """Return what a type is searched by."""
    if kind == "Patient":
        return ("_id",)
    found = ["patient"]
    if kind in DATES:
        found.append(DATES[kind])
    if kind == "Observation":
        found.append("category")
    return tuple(found)


def search_of(kind: str, query: QueryParams) -> Search:
    """Return what is asked for; raise BadParameter that names the parameter and its limit."""
    _require_known(query, {*parameters(kind), *_ALWAYS})
    mappings = tuple(each for each in OF_PATIENT if each.kind == kind)
    if "category" in query:
        mappings = (_category(query["category"]),)
    first_ms, end_ms = _term(DATES.get(kind, ""), query)
    return Search(
        patient_id=_patient(kind, query),
        mappings=mappings,
        first_ms=first_ms,
        end_ms=end_ms,
        count=_count(query),
        cursor=_cursor(query),
    )


def everything_of(patient_id: bytes, kinds: frozenset[str], query: QueryParams) -> Search:
    """Return what $everything asks for, of the types that the reader may read."""
    _require_known(query, set(_ALWAYS))
    mappings = tuple(each for each in OF_PATIENT if each.kind in kinds)
    return Search(patient_id, mappings, None, None, _count(query, COUNT_MAX), _cursor(query))


def _require_known(query: QueryParams, known: set[str]) -> None:
    for name in query:
        if name not in known:
            raise BadParameter(f"{name:.40}", "is no parameter of this search")
    if query.get("_format", "json") not in ("json", "application/json", "application/fhir+json"):
        raise BadParameter("_format", "is JSON here, and nothing else")


def _patient(kind: str, query: QueryParams) -> bytes | None:
    name = "_id" if kind == "Patient" else "patient"
    said = query.get(name, "").removeprefix("Patient/")
    if kind == "Patient" and name not in query:
        return None
    if not re.fullmatch("[0-9a-f]{32}", said):
        raise BadParameter(name, "is needed: the id of one patient")
    return bytes.fromhex(said)


def _category(token: str) -> Mapping[Any]:
    """Return what a category's token names: its code alone, or behind its system and a bar."""
    system, bar, code = token.rpartition("|")
    if code not in CATEGORIES or (bar and system != OBSERVATION_CATEGORY):
        raise BadParameter("category", f"is none of {', '.join(CATEGORIES)}")
    return CATEGORIES[code]


def _count(query: QueryParams, usual: int = COUNT) -> int:
    said = query.get("_count", str(usual))
    if not re.fullmatch("[0-9]{1,9}", said) or not 1 <= int(said) <= COUNT_MAX:
        raise BadParameter("_count", f"is a number from 1 to {COUNT_MAX}")
    return int(said)


def _cursor(query: QueryParams) -> Cursor | None:
    return cursor.decoded(query[cursor.NAME]) if cursor.NAME in query else None


def _term(name: str, query: QueryParams) -> tuple[int | None, int | None]:
    """Return from when to before when; of several bounds the narrowest counts."""
    said = query.getlist(name) if name else []
    if len(said) > DATES_MAX:
        raise BadParameter(name, f"is given {len(said)} times, {DATES_MAX} at most")
    firsts, ends = [], []
    for each in said:
        first_ms, end_ms = _bounds(name, each)
        firsts += [] if first_ms is None else [first_ms]
        ends += [] if end_ms is None else [end_ms]
    return max(firsts, default=None), min(ends, default=None)


def _bounds(name: str, text: str) -> tuple[int | None, int | None]:
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        # A plus sign that wasn't escaped comes as a space.
        begins_ms, after_ms = _span(found[2], (found[3] or "").replace(" ", "+"))
    except (ValueError, OverflowError):
        words = "is no day such as 2026-03-02, and no time with its zone; ge, gt, le or lt before"
        raise BadParameter(name, words) from None
    return {
        "ge": (begins_ms, None),
        "gt": (after_ms, None),
        "le": (None, after_ms),
        "lt": (None, begins_ms),
    }.get(found[1] or "eq", (begins_ms, after_ms))


def _span(day: str, time: str) -> tuple[int, int]:
    """Return where a day in UTC, or a millisecond, begins and where the next one does."""
    if not time:
        begins = datetime.combine(date.fromisoformat(day), datetime.min.time())
        since = begins - instant(0).replace(tzinfo=None)
        at_ms = since // timedelta(milliseconds=1)
        return at_ms, at_ms + 86_400_000
    at = datetime.fromisoformat(day + time)
    if at.tzinfo is None:
        raise ValueError
    at_ms = (at - instant(0)) // timedelta(milliseconds=1)
    return at_ms, at_ms + 1
