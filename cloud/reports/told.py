"""What the patient told in a report's period: scores, side effects, red flags.

The phone brought it, sealed. No band's record holds the answers, so none of it is verified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cloud.alerts.facts import Told
from cloud.care.opening import facts_of
from cloud.checkins.models import Scored
from cloud.checkins.scores import of_instrument, with_score
from cloud.reports.period import Period
from cloud.times import Times
from shared.care.bodies import RedFlag, SideEffects
from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Questionnaire
from shared.instruments.side_effects import side_effect_rules


@dataclass(frozen=True)
class ScoreAt:
    """A score and the local day of its answers."""

    day: date
    score: int


@dataclass(frozen=True)
class ScoreLine:
    """One questionnaire's scores at start, middle and end; ``count`` is how many there were.

    The middle is the score nearest in time to halfway between the two others; None below three,
    and the end is None where there is one.
    """

    form: Questionnaire
    start: ScoreAt
    middle: ScoreAt | None
    end: ScoreAt | None
    count: int


@dataclass(frozen=True)
class EffectLine:
    """A side effect: how often it was told in each grade, 1 (mild) to 3 (severe)."""

    id: str
    text: str
    grades: tuple[int, int, int]


@dataclass(frozen=True)
class FlagLine:
    """A red flag that was told; ``slip``: the person says that it was touched by mistake."""

    day: date
    text: str
    slip: bool


@dataclass(frozen=True)
class ToldLines:
    """All that was told; ``answered`` is how many times side effects were asked and answered."""

    scores: tuple[ScoreLine, ...]
    effects: tuple[EffectLine, ...]
    flags: tuple[FlagLine, ...]
    answered: int


def told_lines(
    session: Session, clinic_id: str, patient_id: bytes, period: Period, times: Times
) -> ToldLines:
    """Return what the patient told in the period."""
    facts = [
        each
        for each in facts_of(session, clinic_id, patient_id)
        if period.has(times.day(each.at_ms))
    ]
    scores = [
        _scores(form(name), of_instrument(session, clinic_id, patient_id, name), period, times)
        for name in FORMS
    ]
    return ToldLines(
        scores=tuple(line for line in scores if line is not None),
        effects=_effects(facts),
        flags=tuple(
            FlagLine(times.day(each.at_ms), _text_of(each.item.what), each.item.slip)
            for each in facts
            if isinstance(each.item, RedFlag)
        ),
        answered=sum(isinstance(each.item, SideEffects) for each in facts),
    )


def _scores(
    asked: Questionnaire, found: Sequence[Scored], period: Period, times: Times
) -> ScoreLine | None:
    inside = [each for each in with_score(found) if period.has(times.day(each.answered_ms))]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    half_ms = (first.answered_ms + last.answered_ms) // 2
    middle = min(inside[1:-1], key=lambda one: abs(one.answered_ms - half_ms), default=None)
    return ScoreLine(
        form=asked,
        start=_at(first, times),
        middle=None if middle is None else _at(middle, times),
        end=_at(last, times) if len(inside) > 1 else None,
        count=len(inside),
    )


def _at(scored: Scored, times: Times) -> ScoreAt:
    return ScoreAt(times.day(scored.answered_ms), scored.score or 0)


def _effects(facts: Sequence[Told]) -> tuple[EffectLine, ...]:
    counts: Counter[tuple[str, int]] = Counter(
        (graded.id, graded.grade)
        for each in facts
        if isinstance(each.item, SideEffects)
        for graded in each.item.grades
        if graded.grade
    )
    known = [effect.id for effect in side_effect_rules().effects]
    named = {name for name, _ in counts}
    ordered = [*(name for name in known if name in named), *sorted(named - set(known))]
    return tuple(
        EffectLine(name, _text_of(name), (counts[name, 1], counts[name, 2], counts[name, 3]))
        for name in ordered
    )


def _text_of(name: str) -> str:
    """The list's words for an effect; what it doesn't name stays as the phone called it."""
    texts = {effect.id: effect.text for effect in side_effect_rules().effects}
    return texts.get(name, name.replace("_", " "))
