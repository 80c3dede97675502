"""The list of today: opened, refreshed, and told that it changed."""

from __future__ import annotations

from collections import Counter
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.alerts.service import weekly_lines
from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Dashboard, Parts, Watching
from cloud.oncall.service import missing_while_ringing
from cloud.patients.models import Patient
from cloud.patients.triage import COURSE
from cloud.people.authority import Act
from cloud.people.reach import ids_within_reach
from cloud.people.service import Person
from cloud.triage.assigning import colleagues
from cloud.triage.choosing import ALL, PAGE, Choice, choice_of, chosen, matches
from cloud.triage.events import BEATS, Marks, beat, beats, mark_of
from cloud.triage.rows import patients_named, place_in_words, rows
from cloud.triage.saved import views_of
from cloud.triage.standing import PLACES, Standing, known_patients, stand, waiting
from cloud.triage.visits import came_in_words, last_here, note_visit, since

router = APIRouter()
STREAM = "text/event-stream"
_EVENT = {
    "type": "object",
    "required": ["event", "data", "retry"],
    "properties": {
        "event": {"const": "beat"},
        "data": {"type": "string"},
        "retry": {"type": "integer"},
    },
}
"""One event of the stream, as the document describes it."""


class EventsResponse(StreamingResponse):
    """Server-sent events."""

    media_type = STREAM


def _asked(
    show: Annotated[str, Query()] = "",
    whose: Annotated[str, Query()] = "",
    search: Annotated[str, Query()] = "",
    page: Annotated[str, Query()] = "",
) -> Choice:
    return choice_of(show, whose, search, page)


Asked = Annotated[Choice, Depends(_asked)]


def choice_in(query: str) -> Choice:
    """Return the choice that a form carries, to go back to it."""
    found = {name: values[-1] for name, values in parse_qs(query[:1000]).items()}
    named = (found.get(name, "") for name in ("show", "whose", "search", "page"))
    return choice_of(*named)


@router.get("/", dependencies=[reading(Act.READ_LIST)])
def today(dashboard: Parts, person: Acting, choice: Asked) -> Response:
    """The list of today."""
    now_ms = dashboard.clock.wall_ms()
    values, shown = _list(dashboard, person, choice, opened=True)
    with dashboard.database.write(person.clinic_id) as session:
        note_visit(session, person, now_ms=now_ms)
        dashboard.note(session, person, "read the list", "patients", shown)
    return dashboard.page("today.html", person, **values)


@router.get("/patients/live", dependencies=[reading(Act.READ_LIST)])
def today_live(dashboard: Parts, person: Watching, choice: Asked) -> Response:
    """The list's refresh."""
    values, shown = _list(dashboard, person, choice, opened=False)
    dashboard.audit_refresh(person, "kept the list open", "patients", shown)
    return dashboard.page("_list.html", person, **values)


@router.get(
    "/patients/events",
    dependencies=[reading(Act.READ_LIST)],
    response_class=EventsResponse,
    responses={200: {"content": {STREAM: {"schema": _EVENT}}}},
)
def today_events(request: Request, dashboard: Parts, person: Watching) -> EventsResponse:
    """A stream of beats for who asks for one; a single one for who doesn't."""
    marks: Marks = request.app.state.marks
    streams = STREAM in request.headers.get("accept", "")

    def one() -> bytes:
        return beat(marks.mark(person.clinic_id), dashboard.times, dashboard.clock.wall_ms())

    return EventsResponse(beats(one, BEATS if streams else 1))


def _list(
    dashboard: Dashboard, person: Person, choice: Choice, *, opened: bool
) -> tuple[dict[str, object], list[bytes]]:
    """Return what the list shows, and whom."""
    clinic_id, now_ms = person.clinic_id, dashboard.clock.wall_ms()
    with dashboard.database.read(clinic_id) as session:
        # Before anything is read: what changes meanwhile is another mark.
        mark = mark_of(session, clinic_id)
        known = known_patients(session, clinic_id)
        within = ids_within_reach(session, person, known, Act.READ_LIST, now_ms=now_ms)
        own = {each: enrolled for each, enrolled in known.items() if each in within}
        waits = waiting(session, clinic_id, now_ms=now_ms)
        standings = stand(session, clinic_id, own, waits)
        wanted, patients = _wanted(session, clinic_id, standings, choice, person)
        pages = max(1, -(-len(wanted) // PAGE))
        page = min(choice.page, pages)
        shown = wanted[(page - 1) * PAGE : page * PAGE]
        lines = [each for each in weekly_lines(session, clinic_id, now_ms=now_ms) if _of(each, own)]
        asked = {each.patient_id for each in shown} | {_patient(each) for each in lines}
        missing = [each for each in asked if each not in patients]
        patients |= patients_named(session, clinic_id, missing)
        staff = colleagues(session, clinic_id)
        names = {each.staff_id: each.name for each in staff}
        found = rows(
            session, clinic_id, shown, patients, names, waits, dashboard.times, now_ms=now_ms
        )
        last_ms = last_here(session, person, now_ms=now_ms, opened=opened)
        came = None if last_ms is None else since(session, clinic_id, own, last_ms)
        views = views_of(session, person)
        unanswered = missing_while_ringing(session, clinic_id, now_ms=now_ms)
    places = Counter(each.place for each in standings)
    values: dict[str, object] = {
        "rows": found,
        "counts": {place: places[place] for place in PLACES},
        "all": len(standings),
        "elsewhere": bool(known) and not own,
        "matching": len(wanted),
        "pages": pages,
        "choice": choice.at(page),
        "came": came,
        "came_in_words": came_in_words(came) if came else "",
        "weekly": [(patients[_patient(each)].name, each) for each in lines],
        "views": views,
        "staff": [each for each in staff if each.staff_id != person.staff_id],
        "place_in_words": place_in_words,
        "mark": mark,
        "lacking": unanswered,
    }
    return values, [each for each in asked if each in own]


def _wanted(
    session: Session,
    clinic_id: str,
    standings: tuple[Standing, ...],
    choice: Choice,
    person: Person,
) -> tuple[list[Standing], dict[bytes, Patient]]:
    """Return who is chosen, in order, and whom it took to be opened for that.

    A name is opened only where it decides: in a search, and for the order of who needs nobody.
    """
    found = chosen(standings, choice, person)
    if not choice.search and choice.shown not in (ALL, COURSE):
        return found, {}
    patients = patients_named(session, clinic_id, [each.patient_id for each in found])
    if choice.search:
        found = [e for e in found if matches(patients[e.patient_id].name, choice.search)]
    needing = [each for each in found if each.place != COURSE]
    others = [each for each in found if each.place == COURSE]
    others.sort(key=lambda each: (patients[each.patient_id].name.casefold(), each.patient_id))
    return needing + others, patients


def _of(alert: Alert, own: dict[bytes, int]) -> bool:
    return alert.patient_id in own


def _patient(alert: Alert) -> bytes:
    assert alert.patient_id is not None
    return alert.patient_id
