"""What is known of a patient's days in a window, in a fixed number of queries.

Each asks for the window's days alone, so that five years of treatment cost what one does. Of a
band's records nothing is read: sessions were summed up when their records were verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cloud.alerts.facts import Told
from cloud.care import cards
from cloud.care.models import SentMessage
from cloud.care.opening import facts_between
from cloud.checkins.models import Scored
from cloud.dose.models import Closure
from cloud.holds.models import Hold
from cloud.holds.placing import Placers, placers_of
from cloud.ledger.models import DeliveredSession
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.models import Flaw
from cloud.timeline.window import Window
from cloud.times import Times
from shared.care.bodies import Homework, MedicineTaken
from shared.care.card import ClinicCard
from shared.dose.prescription import Prescription, from_bytes

K = TypeVar("K")
E = TypeVar("E", Homework, MedicineTaken)
T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """A prescription that the band's record says was in force from a time on."""

    in_force_ms: int
    prescription: Prescription


@dataclass(frozen=True)
class Gathered:
    """A window's days. ``missed`` counts sessions by the day's ordinal; ``plans`` are all, oldest
    first, as one from before the window may hold in it."""

    window: Window
    sessions: tuple[DeliveredSession, ...]
    plans: tuple[Plan, ...]
    missed: dict[int, int]
    scores: tuple[Scored, ...]
    told: tuple[Told, ...]
    sent: tuple[SentMessage, ...]
    holds: tuple[Hold, ...]
    closures: tuple[Closure, ...]
    flaws: tuple[Flaw, ...]
    card: ClinicCard | None
    placers: Placers

    def of(self, kind: type[K]) -> tuple[tuple[int, K], ...]:
        """What was told of one kind, each with when, oldest first."""
        return tuple((one.at_ms, one.item) for one in self.told if isinstance(one.item, kind))

    def entries_of(self, kind: type[E]) -> tuple[tuple[int, E], ...]:
        """The entries of a log as they stand now: a later one of an id takes its place, and one
        that was removed is gone, also where both came in one breath."""
        told = sorted(self.of(kind), key=lambda each: (each[0], each[1].removed))
        newest = {entry.entry_id: (at_ms, entry) for at_ms, entry in told}
        return tuple(each for each in newest.values() if not each[1].removed)


def gather_window(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    window: Window,
    times: Times,
    *,
    missed: dict[int, int],
) -> Gathered:
    """Return what is known of the window's days; ``missed`` is of the newest course."""
    first_ms = times.begins(window.first)
    end_ms = times.begins(window.last + timedelta(days=1))
    first, last = window.first.toordinal(), window.last.toordinal()
    patient = _Rows(session, clinic_id, patient_id)
    return Gathered(
        window=window,
        sessions=patient.rows(
            DeliveredSession,
            DeliveredSession.day.between(first, last),
            in_order=(DeliveredSession.day, DeliveredSession.opened_number),
        ),
        plans=tuple(
            Plan(each.in_force_ms or 0, from_bytes(each.data))
            for each in patient.rows(
                StoredPrescription,
                StoredPrescription.in_force_ms.is_not(None),
                in_order=(StoredPrescription.in_force_ms, StoredPrescription.serial),
            )
        ),
        missed=missed,
        scores=patient.rows(
            Scored,
            Scored.answered_ms >= first_ms,
            Scored.answered_ms < end_ms,
            in_order=(Scored.answered_ms, Scored.item_id),
        ),
        told=facts_between(session, clinic_id, patient_id, first_ms, end_ms),
        sent=patient.rows(
            SentMessage,
            SentMessage.sent_ms >= first_ms,
            SentMessage.sent_ms < end_ms,
            in_order=(SentMessage.sent_ms, SentMessage.message_id),
        ),
        holds=patient.rows(
            Hold,
            Hold.asked_ms < end_ms,
            or_(Hold.ended_ms.is_(None), Hold.ended_ms >= first_ms),
            in_order=(Hold.asked_ms, Hold.number),
        ),
        closures=patient.rows(
            Closure,
            Closure.from_day <= last,
            or_(Closure.until_day.is_(None), Closure.until_day >= first),
            in_order=(Closure.from_day, Closure.number),
        ),
        flaws=patient.rows(
            Flaw,
            Flaw.found_ms >= first_ms,
            Flaw.found_ms < end_ms,
            in_order=(Flaw.found_ms, Flaw.kind, Flaw.number),
        ),
        card=cards.newest(session, clinic_id),
        placers=placers_of(session, clinic_id),
    )


class _Rows:
    """The rows of one patient."""

    def __init__(self, session: Session, clinic_id: str, patient_id: bytes) -> None:
        self._session, self._clinic_id, self._patient_id = session, clinic_id, patient_id

    def rows(
        self, table: type[T], *conditions: ColumnElement[bool], in_order: tuple[Any, ...]
    ) -> tuple[T, ...]:
        """Return those for which the conditions hold."""
        of: Any = table
        return tuple(
            self._session.scalars(
                select(table)
                .where(
                    of.clinic_id == self._clinic_id, of.patient_id == self._patient_id, *conditions
                )
                .order_by(*in_order)
            )
        )
