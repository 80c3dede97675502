"""Scores of check-ins: kept once, read by instrument; and what rules make of a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.facts import Answered, EarlierScore
from cloud.alerts.rules.opened import of_answered
from cloud.alerts.service import About, raise_all
from cloud.checkins.models import Scored
from shared.instruments.forms import FORMS, form, phq9
from shared.instruments.items import NOT_SAID
from shared.instruments.questionnaire import SELF_HARM_ITEM, AnswerError, Questionnaire


def take_answers(
    session: Session,
    about: About,
    item_id: str,
    instrument: str,
    version: int,
    answers: Sequence[int],
    *,
    pack_serial: int,
    answered_ms: int,
    now_ms: int,
) -> None:
    """Score a check-in, keep the score and raise what it asks for.

    With an item left out there is no score, and what else was said still counts. Raise AnswerError
    for an instrument or answers that this version doesn't know.
    """
    if about.patient_id is None:
        raise AnswerError("patient", "a check-in is of a patient")
    if instrument not in FORMS:
        raise AnswerError("instrument", f"{instrument!r:.40} is unknown")
    asked = form(instrument)
    if not (pack_serial or version == asked.version):
        raise AnswerError("version", f"{version} of {instrument} is unknown")
    score = asked.scored(answers)
    by_item = asked.by_item(answers)
    kept = of_instrument(session, about.clinic_id, about.patient_id, instrument)
    earlier = [each for each in kept if each.answered_ms <= answered_ms]
    said = [each.self_harm for each in earlier if each.self_harm is not None]
    fact = Answered(
        item_id=item_id,
        answered_ms=answered_ms,
        form=asked,
        own_words=not pack_serial,
        answers=by_item,
        score=score,
        earlier=tuple(
            EarlierScore(each.answered_ms, each.score) for each in earlier if each.score is not None
        ),
        self_harm_before=said[-1] if said else None,
    )
    answer = by_item.get(SELF_HARM_ITEM, NOT_SAID)
    keep(
        session,
        about.clinic_id,
        about.patient_id,
        item_id,
        instrument=instrument,
        answered_ms=answered_ms,
        score=None if score is None else score.total,
        self_harm=None if answer == NOT_SAID else answer,
    )
    raise_all(session, about, of_answered(fact), now_ms=now_ms)


def keep(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    item_id: str,
    *,
    instrument: str,
    answered_ms: int,
    score: int | None,
    self_harm: int | None,
) -> None:
    """Store what a check-in came to."""
    session.add(
        Scored(
            clinic_id=clinic_id,
            patient_id=patient_id,
            item_id=item_id,
            instrument=instrument,
            answered_ms=answered_ms,
            score=score,
            self_harm=self_harm,
        )
    )
    session.flush()


def of_instrument(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    instrument: str,
    *,
    newest: int | None = None,
) -> tuple[Scored, ...]:
    """Return what the patient's check-ins of one instrument came to, oldest first; all of them, or
    the ``newest`` so many."""
    found = session.scalars(
        select(Scored)
        .where(
            Scored.clinic_id == clinic_id,
            Scored.patient_id == patient_id,
            Scored.instrument == instrument,
        )
        .order_by(Scored.answered_ms.desc(), Scored.item_id.desc())
        .limit(newest)
    ).all()
    return tuple(reversed(found))


def scored(
    session: Session, clinic_id: str, patient_id: bytes, *, newest: int | None = None
) -> tuple[Scored, ...]:
    """Return the patient's scores of the pages' questionnaire, oldest first."""
    found = of_instrument(session, clinic_id, patient_id, questionnaire().id, newest=newest)
    return with_score(found)


def with_score(found: Iterable[Scored]) -> tuple[Scored, ...]:
    """Return those that have a score, in their order; of who was erased there is none."""
    return tuple(each for each in found if each.score is not None)


def newest_with_score(found: Sequence[Scored], count: int) -> tuple[Scored, ...]:
    """Return the newest ``count`` that have a score, oldest first; no more are opened."""
    having = (each for each in reversed(found) if each.score is not None)
    return tuple(islice(having, count))[::-1]


def questionnaire() -> Questionnaire:
    """Return the instrument whose course the pages draw."""
    return phq9()
