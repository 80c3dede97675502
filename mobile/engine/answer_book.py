"""What the person answered, and what was begun and not sent yet.

A finished check-in is kept for the person's own list and queued for the care team in one step. What
is only begun stays sealed on this phone, for a day: the questions are about the time before them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mobile.engine import caring
from mobile.engine.further import further_days
from mobile.engine.sharing import allows
from mobile.language import current
from mobile.presenters.checkins import DAY_MS, Wanted
from mobile.presenters.consent_sections import ANSWERS
from mobile.store import Store
from mobile.store.outbox import OutboxItem
from shared.care.bodies import CheckinAnswers, TaskFigure, TaskResult
from shared.care.card import Prescribed
from shared.instruments.questionnaire import Questionnaire
from shared.instruments.registry import instrument, knows
from shared.instruments.tasks.data import TaskData
from shared.trust import sealing
from shared.trust.keys import PublicKey
from shared.wire import fields
from shared.wire.items import CheckinBody, UpKind, checkin_context

if TYPE_CHECKING:
    from mobile.engine.context import Context

log = logging.getLogger(__name__)

WATCHED = "phq-9"
"""The instrument whose answers the clinic's watch reads at once."""
_BEGUN = "checkin-begun"


class AnswerBook:
    """The person's own answers, read once and kept in memory: the list of a year stays quick."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: list[CheckinBody] | None = None

    @property
    def all(self) -> tuple[CheckinBody, ...]:
        """Every check-in and task, the oldest first."""
        return tuple(self._read())

    def of(self, instrument_id: str) -> tuple[CheckinBody, ...]:
        """Return those of one instrument, the oldest first."""
        return tuple(body for body in self._read() if body.instrument == instrument_id)

    def latest(self, instrument_id: str) -> CheckinBody | None:
        """Return the newest of one instrument."""
        found = self.of(instrument_id)
        return found[-1] if found else None

    def next_ms(self, now_ms: int) -> int:
        """Return the instant to keep something under: no two share one. A clock that was set wrong
        in between doesn't move the ones after it."""
        taken = {body.answered_ms for body in self._read()}
        while now_ms in taken:
            now_ms += 1
        return now_ms

    def keep(self, body: CheckinBody) -> None:
        """Keep a finished one."""
        kept = self._read()
        self._store.checkins.add(body)
        kept.append(body)

    def forget_memory(self) -> None:
        """Read anew at the next look: a step that this was a part of didn't hold."""
        self._kept = None

    def _read(self) -> list[CheckinBody]:
        if self._kept is None:
            self._kept = list(self._store.checkins.all())
        return self._kept

    # What is begun

    def begun(self, instrument_id: str, *, now_ms: int) -> dict[str, int]:
        """Return the answers to an instrument that was begun within the last day."""
        data = self._begun()
        if data.get("instrument") != instrument_id or now_ms - int(data["at_ms"]) > DAY_MS:
            return {}
        return {str(item): int(answer) for item, answer in dict(data["given"]).items()}

    def keep_begun(self, instrument_id: str, given: Mapping[str, int], *, now_ms: int) -> None:
        """Keep the answers so far."""
        value = {"instrument": instrument_id, "given": dict(given), "at_ms": now_ms}
        self._store.settings.put(_BEGUN, json.dumps(value).encode())

    def drop_begun(self) -> None:
        """It was sent, or given up."""
        self._store.settings.put(_BEGUN, b"")

    def _begun(self) -> dict[str, Any]:
        data = self._store.settings.get(_BEGUN)
        return dict(json.loads(data)) if data else {}


def hand_in(
    context: Context,
    form: Questionnaire,
    answers: tuple[int, ...],
    *,
    beside: Callable[[CheckinBody], object],
) -> CheckinBody:
    """Keep a finished check-in, queue it for the care team, forget that it was begun, and do what
    is ``beside`` it, all or none of it; what the person doesn't share stays on this phone.

    Raise AnswerError for answers that don't fit, StoreError where there's no room.
    """
    form.check(answers)
    body = _body(context, form.id, form.version, answers, form)

    def queue() -> None:
        context.answers.drop_begun()
        beside(body)
        if not allows(context.store, ANSWERS):
            return
        if form.id == WATCHED:
            _queue_watched(context, body)
            return
        told = CheckinAnswers(form.id, form.version, answers, body.language, body.pack_serial)
        caring.tell(context, told)

    _keep(context, body, queue)
    return body


def hand_in_task(
    context: Context, task: TaskData, names: tuple[str, ...], figures: tuple[int, ...]
) -> CheckinBody:
    """Keep what a task came to, and tell the care team, both or neither."""
    body = _body(context, task.id, task.version, figures, None)
    told = TaskResult(
        task.id,
        task.version,
        tuple(TaskFigure(name, value) for name, value in zip(names, figures, strict=True)),
    )

    def queue() -> None:
        if allows(context.store, ANSWERS):
            caring.tell(context, told)

    _keep(context, body, queue)
    return body


def wanted(context: Context) -> tuple[Wanted, ...]:
    """Return the check-ins that the clinic wants and this app knows, and when each was done."""
    now_ms, book = context.instants.wall_ms(), context.answers
    found = []
    for prescribed in (*context.card.instruments, *_further(context)):
        if not knows(prescribed.instrument):
            log.info("an instrument of the clinic's isn't known here")
            continue
        one, last = instrument(prescribed.instrument), book.latest(prescribed.instrument)
        found.append(
            Wanted(
                one.id,
                one.title,
                prescribed.every_days,
                one.minutes,
                None if last is None else last.answered_ms,
                begun=bool(book.begun(one.id, now_ms=now_ms)),
            )
        )
    return tuple(found)


def _further(context: Context) -> tuple[Prescribed, ...]:
    """What the person wants beyond what the clinic asks for."""
    days = further_days(context.store)
    asked = {one.instrument for one in context.card.instruments}
    return (Prescribed(WATCHED, days),) if days and WATCHED not in asked else ()


def _body(
    context: Context,
    instrument_id: str,
    version: int,
    answers: tuple[int, ...],
    form: Questionnaire | None,
) -> CheckinBody:
    return CheckinBody(
        instrument_id,
        version,
        context.require_enrolment().patient_id,
        context.answers.next_ms(context.instants.wall_ms()),
        answers,
        (None if form is None else form.language) or current().code,
        0 if form is None else form.pack_serial,
    )


def _keep(context: Context, body: CheckinBody, queue: Callable[[], object]) -> None:
    try:
        with context.store.transaction():
            context.answers.keep(body)
            queue()
    except Exception:
        context.answers.forget_memory()
        raise


def _queue_watched(context: Context, body: CheckinBody) -> None:
    enrolment = context.require_enrolment()
    sealed = sealing.seal(
        fields.pack(body),
        to=PublicKey(enrolment.care_key),
        context=checkin_context(enrolment.patient_id),
    )
    name = f"checkin/{enrolment.device_id.hex()}/{body.answered_ms}"
    item = OutboxItem(name, UpKind.CHECKIN, sealed)
    context.store.outbox.queue([item], now_ms=body.answered_ms)
