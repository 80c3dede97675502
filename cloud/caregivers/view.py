"""What the page says: of what the patient shares each thing for itself, and of the rest nothing.

What isn't shared isn't gathered into the page's values at all, so that no template can show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.alerts.rules import clearance, silent
from cloud.alerts.service import newest_of
from cloud.care import cards
from cloud.caregivers.models import Caregiver
from cloud.caregivers.service import shown_of
from cloud.caregivers.words import Words
from cloud.checkins.scores import questionnaire
from cloud.language import told
from cloud.ledger.folds import Folds
from cloud.patients.foresee import Foresight, foresee, holds_on_band
from cloud.patients.record import TreatmentRecord, gather
from cloud.patients.service import patient_of
from cloud.times import Times
from shared.care.caregiver import Shown
from shared.dose.ledger import OpenHold
from shared.trust.statements import HoldKind

SESSIONS_SHOWN, SCORES_SHOWN = 7, 6
"""The newest so many (own figures: what a phone shows without much scrolling)."""


@dataclass(frozen=True)
class Section:
    """One thing that is shared: its heading, rows of two, and sentences."""

    heading: str
    rows: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """Whom to call; ``href`` dials."""

    name: str
    number: str
    href: str


@dataclass(frozen=True)
class SharedPage:
    """The page's values; without ``sections`` nothing is shared now."""

    name: str
    sections: tuple[Section, ...]
    not_shared: str


@dataclass(frozen=True)
class _Facts:
    session: Session
    record: TreatmentRecord
    foresight: Foresight | None
    held: tuple[OpenHold, ...]
    times: Times
    words: Words
    now_ms: int

    def said(self, wall_ms: int) -> str:
        """Return a time with its day, as a line begins with it."""
        return begun(self.times.said(wall_ms, self.now_ms))

    def stands(self, cause: str) -> bool:
        """Return whether what an alert is about is so, whether somebody has seen to it or not."""
        newest = newest_of(self.session, self.record.patient, cause)
        return newest is not None and newest.stands


def shared_page(
    session: Session, found: Caregiver, folds: Folds, times: Times, words: Words, *, now_ms: int
) -> SharedPage:
    """Return what this person may see now of the one patient."""
    patient = patient_of(session, found.clinic_id, found.patient_id)
    record = gather(session, patient)
    foresight = foresee(session, folds, record, now_ms=now_ms)
    held = holds_on_band(session, folds, record)
    facts = _Facts(session, record, foresight, held, times, words, now_ms)
    shown = shown_of(found)
    sections = tuple(_SECTIONS[each](facts) for each in Shown if each in shown)
    return SharedPage(patient.name, sections, _not_shared(words, shown, patient.name))


def numbers_of(session: Session, clinic_id: str, words: Words) -> tuple[Number, ...]:
    """Return whom to call, by the clinic's card; nobody where there is none yet."""
    card = cards.newest(session, clinic_id)
    if card is None:
        return ()
    named = [(words.danger, card.emergency_number)]
    named += [(line.name, line.number) for line in card.crisis_lines]
    named += [(words.on_call, card.on_call_number), (words.clinic, card.day_number)]
    return tuple(Number(name, number, _dials(number)) for name, number in named if number)


def begun(text: str) -> str:
    """Return a text as a line begins."""
    return text[:1].upper() + text[1:]


def _dials(number: str) -> str:
    return "tel:" + "".join(each for each in number if each.isdecimal() or each == "+")


def _not_shared(words: Words, shown: tuple[Shown, ...], name: str) -> str:
    names = tuple(words.as_object[each] for each in Shown if each not in shown)
    some = words.not_shared_some.format(things=words.listed(names)) + " " if names else ""
    return some + words.not_shared.format(name=name)


def _sessions(facts: _Facts) -> Section:
    words = facts.words
    given = [each for each in facts.record.sessions if each.opened_ms is not None]
    rows = []
    for each in sorted(given, key=lambda one: one.opened_ms or 0)[: -SESSIONS_SHOWN - 1 : -1]:
        how = words.session_open
        if each.charged_pulses >= each.planned_pulses:
            how = words.session_whole
        elif each.closed_ms is not None:
            how = words.session_part
        rows.append((facts.said(each.opened_ms or 0), how))
    if not rows:
        return Section(words.shown[Shown.SESSIONS], sentences=(words.no_session,))
    today = facts.times.day(facts.now_ms).toordinal()
    patient = facts.record.patient
    course = course_facts(
        facts.session, patient.clinic_id, patient.patient_id, facts.times, today=today
    )
    if course is None:
        return Section(words.shown[Shown.SESSIONS], tuple(rows))
    missed = adherence(course, today=today).missed
    sentence = words.missed.format(count=missed) if missed else words.none_missed
    return Section(words.shown[Shown.SESSIONS], tuple(rows), (sentence,))


def _next(facts: _Facts) -> Section:
    words, foresight = facts.words, facts.foresight
    sentence = words.next_unknown
    if foresight is not None and foresight.from_ms is not None and not foresight.by_clinic:
        sentence = words.next_now
        if foresight.from_ms > facts.now_ms:
            sentence = words.next_from.format(
                when=facts.times.said(foresight.from_ms, facts.now_ms)
            )
    return Section(words.shown[Shown.NEXT], sentences=(sentence,))


def _attention(facts: _Facts) -> Section:
    words, record = facts.words, facts.record
    kinds = {each.kind for each in facts.held}
    waits = any(each.in_force_ms is None for each in record.open_holds)
    found = {
        words.hold_clinic: HoldKind.SAFETY in kinds,
        words.hold_rest: HoldKind.REST in kinds,
        words.hold_asked: waits and HoldKind.SAFETY not in kinds,
        words.silent: facts.stands(silent.KEY),
        words.clearance: facts.stands(clearance.KEY),
        words.record: bool(record.standing),
    }
    said = tuple(sentence for sentence, is_so in found.items() if is_so)
    return Section(words.shown[Shown.ATTENTION], sentences=said or (words.all_well,))


def _scores(facts: _Facts) -> Section:
    words, asked = facts.words, questionnaire()
    rows = []
    for each in facts.record.checkins[: -SCORES_SHOWN - 1 : -1]:
        band = asked.band_of(each.score or 0)
        said = words.score.format(score=each.score, maximum=asked.maximum, band=told(band))
        rows.append((facts.said(each.answered_ms), said))
    empty = () if rows else (words.no_score,)
    return Section(f"{words.shown[Shown.SCORES]} (PHQ\u20119)", tuple(rows), empty)


_SECTIONS: dict[Shown, Callable[[_Facts], Section]] = {
    Shown.SESSIONS: _sessions,
    Shown.NEXT: _next,
    Shown.ATTENTION: _attention,
    Shown.SCORES: _scores,
}
