"""What a person told at the phone beside check-ins: side effects, red flags, consent.

Of which kind an item is, is sealed: so many items are opened at a time as a page may have records,
and a page may come out short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from sqlalchemy.orm import Session

from cloud.care.models import CareFact
from cloud.fhir.elements import sayable
from cloud.fhir.gathering.asked import Asked, Mark, Page, rows
from cloud.fhir.resources.consent import ConsentRecord
from cloud.fhir.resources.side_effect import SideEffectRecord
from cloud.times import LATEST_MS
from shared.care.bodies import CareKind, Consent, RedFlag, SideEffects
from shared.wire import fields

_TOLD = (CareFact.at_ms, CareFact.item_id)
_LAST = 2**31
"""Behind every record that one item can make."""
R = TypeVar("R")


def side_effects(session: Session, asked: Asked) -> Page[SideEffectRecord]:
    """Return side effects and red flags."""
    return _opened(session, asked, _side_effects)


def consents(session: Session, asked: Asked) -> Page[ConsentRecord]:
    """Return what was consented to and taken back."""
    return _opened(session, asked, _consents)


def _opened(session: Session, asked: Asked, records: Callable[[CareFact], Iterator[R]]) -> Page[R]:
    """Return the records of the next items, each behind its item's mark and its number in it."""
    inside = asked.within(CareFact.at_ms)
    within_item = asked.after is not None and asked.after[-1] != _LAST
    facts = rows(session, CareFact, asked, _TOLD, *inside, onwards=within_item)
    found: list[tuple[Mark, R]] = []
    for mark, fact in facts:
        for number, record in enumerate(records(fact)):
            at = (*mark, number)
            if asked.after is not None and at <= asked.after:
                continue
            if len(found) == asked.limit:
                return Page(tuple(found), found[-1][0])
            found.append((at, record))
    behind = (*facts[-1][0], _LAST) if len(facts) == asked.limit else None
    return Page(tuple(found), behind)


def _side_effects(fact: CareFact) -> Iterator[SideEffectRecord]:
    at_ms = min(fact.at_ms, LATEST_MS)
    if fact.kind == CareKind.SIDE_EFFECTS:
        told: SideEffects = fields.unpack(SideEffects, fact.body)
        # An effect that was said twice in one breath is one effect.
        for effect, grade in {each.id: each.grade for each in told.grades if each.grade}.items():
            yield SideEffectRecord(
                item_id=fact.item_id,
                effect_id=sayable(effect),
                grade=grade,
                at_ms=at_ms,
                session_id=told.session_id,
                is_slip=False,
                wants_softer=told.softer,
                words=sayable(told.text),
            )
    elif fact.kind == CareKind.RED_FLAG:
        flag: RedFlag = fields.unpack(RedFlag, fact.body)
        yield SideEffectRecord(
            item_id=fact.item_id,
            effect_id=sayable(flag.what),
            grade=None,
            at_ms=at_ms,
            session_id=flag.session_id,
            is_slip=flag.slip,
            wants_softer=False,
            words="",
        )


def _consents(fact: CareFact) -> Iterator[ConsentRecord]:
    if fact.kind == CareKind.CONSENT:
        told: Consent = fields.unpack(Consent, fact.body)
        at_ms = min(fact.at_ms, LATEST_MS)
        yield ConsentRecord(fact.item_id, sayable(told.section), told.given, told.version, at_ms)
