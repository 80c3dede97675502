"""The clinic's settings for alerts: rota, channels, quiet hours, drills, thresholds; and a drill's
own page, where a member says that it rang."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.alerts.recipients import may_be_told
from cloud.alerts.service import open_alerts
from cloud.alerts.thresholds import LIMITS, WORDS, set_threshold, thresholds_of
from cloud.channels import service as channels
from cloud.channels.models import Channel
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import CloudError, NotFound, Refused
from cloud.oncall import drills, service
from cloud.oncall.rota import DAY_MINUTES, DAYS, Turn, gaps, said
from cloud.people.authority import Act
from cloud.people.models import Member
from cloud.people.service import Person, members_who, staff

router = APIRouter()
PATH = "/clinic/alerts"
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@router.get(PATH, dependencies=[reading(Act.READ_ALERTING)])
def settings_page(dashboard: Parts, person: Acting) -> Response:
    """The clinic's settings for alerts."""
    return _page(dashboard, person)


@router.post(f"{PATH}/turns", dependencies=[sending(Act.KEEP_ALERTING)])
def add_turn(
    dashboard: Parts,
    person: Sending,
    staff: Annotated[str, Form()] = "",
    level: Annotated[int, Form()] = 1,
    from_day: Annotated[int, Form()] = 0,
    from_time: Annotated[str, Form()] = "",
    to_day: Annotated[int, Form()] = 0,
    to_time: Annotated[str, Form()] = "",
) -> Response:
    """Put a weekly turn on the rota."""
    try:
        turn = Turn(
            level,
            identifier(staff),
            from_day * DAY_MINUTES + _minute(from_time),
            to_day * DAY_MINUTES + _minute(to_time),
        )
        with dashboard.database.write(person.clinic_id) as session:
            turn_id = service.add_turn(session, person.clinic_id, turn)
            dashboard.note(session, person, "put a turn on the rota", f"turn/{turn_id.hex()}")
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    return _back()


@router.post(f"{PATH}/turns/remove", dependencies=[sending(Act.KEEP_ALERTING)])
def remove_turn(dashboard: Parts, person: Sending, turn: Annotated[str, Form()] = "") -> Response:
    """Take a turn off the rota."""
    with dashboard.database.write(person.clinic_id) as session:
        service.remove_turn(session, person.clinic_id, identifier(turn))
        dashboard.note(
            session, person, "took a turn off the rota", f"turn/{identifier(turn).hex():.32}"
        )
    return _back()


@router.post(f"{PATH}/channels", dependencies=[sending(Act.KEEP_ALERTING)])
def add_channel(
    dashboard: Parts,
    person: Sending,
    staff: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = channels.MAIL,
    address: Annotated[str, Form()] = "",
) -> Response:
    """Add a way to reach a member; a webhook's key is shown now and never again."""
    now_ms = dashboard.clock.wall_ms()
    try:
        with dashboard.database.write(person.clinic_id) as session:
            channel = channels.add_channel(
                session, person.clinic_id, identifier(staff), kind, address, now_ms=now_ms
            )
            subject = f"channel/{channel.channel_id.hex()}"
            dashboard.note(session, person, "added a channel", subject)
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    if channel.secret is None:
        return _back()
    return _page(dashboard, person, new_secret=channel)


@router.post(f"{PATH}/channels/remove", dependencies=[sending(Act.KEEP_ALERTING)])
def remove_channel(
    dashboard: Parts, person: Sending, channel: Annotated[str, Form()] = ""
) -> Response:
    """Use a channel no more."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        channels.remove_channel(session, person.clinic_id, identifier(channel), now_ms=now_ms)
        dashboard.note(
            session, person, "removed a channel", f"channel/{identifier(channel).hex():.32}"
        )
    return _back()


@router.post(f"{PATH}/drills", dependencies=[sending(Act.KEEP_ALERTING)])
def start_drill(
    dashboard: Parts, person: Sending, channel: Annotated[str, Form()] = ""
) -> Response:
    """Ring a channel now, for practice."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = session.get(Channel, (person.clinic_id, identifier(channel)))
        if found is None or found.removed_ms is not None:
            raise NotFound("There is no such channel.")
        drill = drills.start(session, found, now_ms=now_ms)
        dashboard.note(session, person, "began a drill", f"drill/{drill.drill_id.hex()}")
    return _back()


@router.post(f"{PATH}/hours", dependencies=[sending(Act.KEEP_ALERTING)])
def set_hours(
    dashboard: Parts,
    person: Sending,
    quiet_from: Annotated[str, Form()] = "",
    quiet_to: Annotated[str, Form()] = "",
    step_minutes: Annotated[int, Form()] = 10,
) -> Response:
    """Set quiet hours and the ladder's step."""
    try:
        with dashboard.database.write(person.clinic_id) as session:
            service.set_hours(
                session,
                person.clinic_id,
                quiet_from=_minute(quiet_from),
                quiet_to=_minute(quiet_to),
                step_minutes=step_minutes,
            )
            dashboard.note(session, person, "set quiet hours", "alert-settings")
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    return _back()


@router.post(f"{PATH}/ringing", dependencies=[sending(Act.KEEP_ALERTING)])
def set_ringing(
    dashboard: Parts, person: Sending, ring: Annotated[bool, Form()] = False
) -> Response:
    """Let "now" alerts ring, or stand on the list alone."""
    try:
        with dashboard.database.write(person.clinic_id) as session:
            if ring:
                service.let_ring(session, person.clinic_id, now_ms=dashboard.clock.wall_ms())
            else:
                service.stop_ringing(session, person.clinic_id)
            action = "let now alerts ring" if ring else "stopped now alerts from ringing"
            dashboard.note(session, person, action, "alert-settings")
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    return _back()


@router.post(f"{PATH}/thresholds", dependencies=[sending(Act.KEEP_ALERTING)])
def set_thresholds(
    dashboard: Parts,
    person: Sending,
    name: Annotated[list[str], Form()] = [],  # noqa: B006 (FastAPI copies it)
    value: Annotated[list[int], Form()] = [],  # noqa: B006
) -> Response:
    """Set from when on rules tell: a name and a value each, all of them or none."""
    try:
        with dashboard.database.write(person.clinic_id) as session:
            if len(name) != len(value) or not name:
                raise Refused("There is no such threshold.", code="name")
            stands = asdict(thresholds_of(session, person.clinic_id))
            for each, to in zip(name, value, strict=True):
                if stands.get(each) != to:
                    set_threshold(session, person.clinic_id, each, to)
                    dashboard.note(session, person, "set a threshold", f"threshold/{each}")
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    return _back()


@router.get("/drills/{drill}", dependencies=[reading(Act.ANSWER_DRILL)])
def drill_page(dashboard: Parts, person: Acting, drill: str) -> Response:
    """The page that a drill's message links to."""
    with dashboard.database.read(person.clinic_id) as session:
        found = drills.drill_of(session, person.clinic_id, identifier(drill), person.staff_id)
    return dashboard.page("drill.html", person, drill=found)


@router.post("/drills/{drill}", dependencies=[sending(Act.ANSWER_DRILL)])
def answer_drill(dashboard: Parts, person: Sending, drill: str) -> Response:
    """Say that it rang."""
    now_ms, drill_id = dashboard.clock.wall_ms(), identifier(drill)
    with dashboard.database.write(person.clinic_id) as session:
        drills.answer(session, person.clinic_id, drill_id, staff_id=person.staff_id, now_ms=now_ms)
        dashboard.note(session, person, "answered a drill", f"drill/{drill_id.hex()}")
    return RedirectResponse(f"/drills/{drill_id.hex()}", status_code=303)


def _page(
    dashboard: Dashboard,
    person: Person,
    problem: str | None = None,
    *,
    new_secret: Channel | None = None,
) -> Response:
    now_ms, clinic_id = dashboard.clock.wall_ms(), person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        members = session.scalars(staff(clinic_id).order_by(Member.name)).all()
        on_rota = may_be_told(session, clinic_id, of_patient=True)
        reachable = members_who(session, clinic_id, Act.ANSWER_DRILL)
        turns = service.turns_of(session, clinic_id)
        proven = {c.channel_id for c in service.proven_channels(session, clinic_id, now_ms=now_ms)}
        values = {
            "for_rota": [each for each in members if each.staff_id in on_rota],
            "for_channels": [each for each in members if each.staff_id in reachable],
            "names": {member.staff_id: member.name for member in members},
            "turns": turns,
            "idle": {each.staff_id for each in turns} - on_rota,
            "gaps": gaps(service.answering(session, clinic_id, now_ms=now_ms), 1),
            "channels": [
                (each, drills.newest_of(session, each), each.channel_id in proven)
                for each in channels.channels_of(session, clinic_id)
            ],
            "held_up": channels.held_up(session, clinic_id),
            "settings": service.settings_of(session, clinic_id),
            "lacking": service.lacking(session, clinic_id, now_ms=now_ms),
            "thresholds": asdict(thresholds_of(session, clinic_id)),
            "alerts": [a for a in open_alerts(session, clinic_id) if a.patient_id is None],
        }
    page = dashboard.page(
        "alert_settings.html",
        person,
        problem=problem,
        new_secret=new_secret,
        days=DAYS,
        limits=LIMITS,
        words=WORDS,
        minute_of_week=said,
        minute_of_day=lambda minute: f"{minute // 60:02}:{minute % 60:02}",
        **values,
    )
    page.status_code = 200 if problem is None else 422
    return page


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Refused("A time of day reads 18:30.", code="time")
    return int(found[1]) * 60 + int(found[2])


def _back() -> Response:
    return RedirectResponse(PATH, status_code=303)
