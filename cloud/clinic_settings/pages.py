"""The clinic's settings: what its phones are told, with what else is set where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.care import asked, cards
from cloud.clinic_settings.form import DAY_NAMES, LABELS, Fault, Typed, read, typed_of
from cloud.clinic_settings.sections import label_of, sections
from cloud.clinics.service import clinic_of
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending
from cloud.errors import CloudError
from cloud.language import LANGUAGES, _
from cloud.oncall.service import settings_of
from cloud.people.authority import Act
from cloud.people.models import Member
from cloud.people.service import Person
from shared.care.card import ClinicCard
from shared.wire import fields

PATH = "/clinic/settings"
FIELDS = (*LABELS, *DAY_NAMES, "asks_pregnancy", "ear_protection", "lessons", "base")
router = APIRouter()
_SENT = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"properties": {name: {"type": "string"} for name in FIELDS}}
            }
        }
    }
}


async def _form(request: Request) -> Typed:
    form = await request.form()
    return Typed({name: value for name, value in form.items() if isinstance(value, str)})


@router.get(PATH, dependencies=[reading(Act.READ_CLINIC)])
def settings_page(dashboard: Parts, person: Acting) -> Response:
    """What is set, and where it can be changed."""
    return _page(dashboard, person)


@router.post(PATH, openapi_extra=_SENT, dependencies=[sending(Act.KEEP_CARD)])
def save(dashboard: Parts, person: Sending, typed: Annotated[Typed, Depends(_form)]) -> Response:
    """Keep what the phones are to be told; it's signed and sent when a phone calls next."""
    now_ms, clinic_id = dashboard.clock.wall_ms(), person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        stands, base = _stands(session, clinic_id), _base(session, clinic_id)
    if typed.line("base") != base:
        words = _("Somebody else saved meanwhile. Look at what stands now, and change it again.")
        return _page(dashboard, person, (Fault("base", words),))
    card, faults = read(typed, lessons_serial=0 if stands is None else stands.lessons_serial)
    if card is None:
        return _page(dashboard, person, faults, typed)
    try:
        with dashboard.database.write(clinic_id) as session:
            if asked.ask(session, clinic_id, card, by=person.staff_id, now_ms=now_ms):
                dashboard.note(session, person, "saved the clinic's card", "card/asked")
    except CloudError as problem:
        words = _("This is not accepted. Nothing was changed.")
        return _page(dashboard, person, (Fault(problem.code, words),), typed)
    return RedirectResponse(PATH, status_code=303)


def _stands(session: Session, clinic_id: str) -> ClinicCard | None:
    """Return the card as it was saved last, published or not."""
    waits = asked.asked_card(session, clinic_id)
    if waits is not None:
        return fields.unpack(ClinicCard, waits.body)
    return cards.newest(session, clinic_id)


def _base(session: Session, clinic_id: str) -> str:
    """Return what a form began from: two who save don't undo each other."""
    waits, newest = asked.asked_card(session, clinic_id), cards.newest(session, clinic_id)
    return f"{0 if newest is None else newest.serial}/{0 if waits is None else waits.asked_ms}"


def _page(
    dashboard: Dashboard,
    person: Person,
    faults: tuple[Fault, ...] = (),
    typed: Typed | None = None,
) -> Response:
    clinic_id = person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        stands, waits = _stands(session, clinic_id), asked.asked_card(session, clinic_id)
        newest = cards.newest(session, clinic_id)
        values = {
            "serial": None if newest is None else newest.serial,
            "published_ms": asked.published_ms(session, clinic_id),
            "waits": waits,
            "waits_by": None
            if waits is None
            else session.get_one(Member, (clinic_id, waits.asked_by)).name,
            "on_phones": asked.on_phones(session, clinic_id),
            "alerting": settings_of(session, clinic_id),
            "base": _base(session, clinic_id),
            "clinic": clinic_of(session, clinic_id),
        }
    begun = _empty(dashboard) if stands is None else typed_of(stands)
    page = dashboard.page(
        "settings.html",
        person,
        typed=typed or begun,
        faults={each.name: each.words for each in faults},
        label_of=label_of,
        sections=sections(),
        day_names=DAY_NAMES,
        languages=LANGUAGES.values(),
        minute_of_day=lambda minute: f"{minute // 60}:{minute % 60:02}",
        **values,
    )
    page.status_code = 422 if faults else 200
    return page


def _empty(dashboard: Dashboard) -> Typed:
    return Typed({"zone": dashboard.settings.time_zone, "asks_pregnancy": "yes"})
