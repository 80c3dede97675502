"""The person's own record, gathered from the bands' ledgers and the check-ins on this phone.

A session without a pulse counts as none. It's done a few at a time, so that link and STOP go on
meanwhile; a phone that came late begins where its copy of the record does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from mobile.engine.context import Context
from mobile.engine.former_ledgers import every_session
from mobile.exporting import OwnRecord, Scored, SessionLine
from mobile.language import _
from shared.dose.ledger import ClosedSession
from shared.instruments import registry
from shared.instruments.items import AnswerError
from shared.stimulation.catalogue import catalogue
from shared.wire.items import CheckinBody

log = logging.getLogger(__name__)

AT_A_TIME = 100
Watch = Callable[[int, int], None]


async def gather(context: Context, watch: Watch) -> OwnRecord:
    """Return everything; `watch` hears how many sessions of how many are read."""
    enrolment, plan = context.require_enrolment(), context.plan
    sessions = await _sessions(context, watch)
    prescription = None if plan is None else plan.prescription
    return OwnRecord(
        now=context.now,
        patient_id=enrolment.patient_id,
        device_id=enrolment.device_id,
        initials=enrolment.initials,
        clinic_name=context.card.clinic_name,
        treatment=_("Transcranial magnetic stimulation")
        if prescription is None
        else catalogue().entry(prescription.protocol_id).name,
        sessions_planned=0 if prescription is None else prescription.limits.course_sessions,
        record_number=0 if context.ledger is None else context.ledger.state.number,
        sessions=tuple(sessions),
        checkins=tuple(_scored(each) for each in context.store.checkins.all()),
    )


async def _sessions(context: Context, watch: Watch) -> list[SessionLine]:
    given = every_session(context)
    lines: list[SessionLine] = []
    for place, each in enumerate(given):
        if place % AT_A_TIME == 0:
            watch(place, len(given))
            await asyncio.sleep(0)
        if each.session.charged_pulses:
            lines.append(_line(each.session, each.device_id, len(lines) + 1))
    return lines


def _line(closed: ClosedSession, device_id: bytes, number: int) -> SessionLine:
    return SessionLine(
        device_id=device_id,
        session_id=closed.session_id,
        number=number,
        ended_ms=closed.closed_wall_ms,
        planned_pulses=closed.planned_pulses,
        charged_pulses=closed.charged_pulses,
        completed=closed.completed,
        cause=closed.cause.name.lower().replace("_", " "),
    )


def _scored(body: CheckinBody) -> Scored:
    """Return a check-in with its score; of an unknown instrument as it was answered."""
    answers = tuple((str(place), value) for place, value in enumerate(body.answers, start=1))
    blank = Scored(body.instrument, body.instrument, body.answered_ms, answers, None, 0, "", "")
    try:
        form = registry.instrument(body.instrument).form
    except KeyError:
        return blank
    if form is None:
        return blank
    try:
        score, by_item = form.scored(body.answers), form.by_item(body.answers)
    except (AnswerError, ValueError) as problem:
        log.warning("a check-in's answers aren't those of its form: %s", problem)
        return blank
    return Scored(
        instrument=form.id,
        title=form.title,
        answered_ms=body.answered_ms,
        answers=tuple(by_item.items()),
        score=None if score is None else score.total,
        maximum=form.maximum,
        band="" if score is None else score.band,
        label=form.wording_label,
        code=None if score is None else score.code,
    )
