"""The person's own record, gathered from the band's ledger and the check-ins on this phone.

The ledger is folded by the same function as in the band; a few records at a time, so that link and
STOP go on meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from mobile.engine.context import Context
from mobile.exporting import OwnRecord, Scored, SessionLine
from mobile.language import _
from shared.dose import ledger
from shared.dose.ledger_state import LedgerState
from shared.instruments import registry
from shared.instruments.items import AnswerError
from shared.stimulation.catalogue import catalogue
from shared.wire.items import CheckinBody

log = logging.getLogger(__name__)

AT_A_TIME = 100
Watch = Callable[[int, int], None]


async def gather(context: Context, watch: Watch) -> OwnRecord:
    """Return everything; `watch` hears how many records of how many are read."""
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
    copy, enrolment = context.ledger, context.require_enrolment()
    if copy is None or copy.epoch is None:
        return []
    state = ledger.genesis(enrolment.device_id, copy.epoch)
    lines: list[SessionLine] = []
    records = context.store.records.read(copy.epoch)
    for place, record in enumerate(records):
        if place % AT_A_TIME == 0:
            watch(place, len(records))
            await asyncio.sleep(0)
        before, state = state, ledger.take(state, record)
        line = _closed(before, state, len(lines) + 1)
        if line is not None:
            lines.append(line)
    return lines


def _closed(before: LedgerState, after: LedgerState, number: int) -> SessionLine | None:
    """Return the session that this record closed, unless it gave nothing."""
    closed = after.last_session
    known = before.last_session
    is_new = closed is not None and (known is None or known.session_id != closed.session_id)
    if closed is None or not is_new or not closed.charged_pulses:
        return None
    return SessionLine(
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
