"""Lets a made-up clinic live from its first day to its last, hour by hour, by one clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cloud.alerts import standing
from cloud.care import opening as care
from cloud.checkins import service as checkins
from cloud.db import Database
from cloud.demo_data import leaver, twists
from cloud.demo_data.cases import Case
from cloud.demo_data.life import Life
from cloud.demo_data.people import Person
from cloud.demo_data.phone import DemoPhone
from cloud.demo_data.place import MINUTE_MS, Place
from cloud.demo_data.prescribing import Prescribing
from cloud.demo_data.staff import Staff
from cloud.holds.service import ask, sign_asked
from cloud.patients import service as patients
from cloud.patients.erasing import go_through
from cloud.teams.service import assign

LOOK_MINUTE, ENROL_MINUTE, EVENING_MINUTE = 7 * 60, 7 * 60 + 30, 17 * 60 + 30
FIRST_MINUTE = 8 * 60
"""On a patient's first day phone and band are there from then on."""
LIST_MINUTE = 8 * 60 + 45
"""When the list of the day is read, before anybody has worked on it."""
STAFF_MINUTES = (9 * 60, 13 * 60, 17 * 60)
DAILY_DAYS = 56
"""In the last weeks rules look every day, before that on Mondays: it is the past by now."""
COURSE_ENDS_SESSIONS = 19
"""Of the case whose course ends: three more than it has had by then."""

Watcher = Callable[[Session, date, int], None]


@dataclass(frozen=True)
class Term:
    """From the first day to the day before ``until``."""

    first: date
    until: date

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        count = (self.until - self.first).days
        return tuple(self.first + timedelta(days=number) for number in range(count))


class Building:
    """The clinic in the making; ``watch`` reads each morning's list, and the one at the end."""

    def __init__(
        self,
        database: Database,
        place: Place,
        everybody: Sequence[Person],
        term: Term,
        watch: Watcher = lambda _session, _day, _now_ms: None,
    ) -> None:
        self._database, self._place, self._term, self._watch = database, place, term, watch
        self._begins: dict[date, list[Person]] = {}
        for person in everybody:
            self._begins.setdefault(person.begins, []).append(person)
        self._lives: dict[bytes, Life] = {}
        self._staff = Staff(place, self._lives)

    def run(self, told: Callable[[str], None] = lambda _words: None) -> None:
        """Live every day, and look once more when the last is over."""
        for day in self._term.days:
            with self._database.write(self._place.clinic_id) as session:
                self._live(session, day)
            if day.day == 1:
                told(f"{day:%B %Y}: {len(self._lives)} patients")
        with self._database.write(self._place.clinic_id) as session:
            ends_ms = self._at(self._term.until, 0)
            self._look(session, ends_ms)
            self._watch(session, self._term.until, ends_ms)

    def _live(self, session: Session, day: date) -> None:
        """Do what the day brings, in the order of its minutes."""
        due: list[tuple[int, int, Callable[[int], None]]] = []
        order = itertools.count()

        def at(minute: int, what: Callable[[int], None]) -> None:
            heapq.heappush(due, (minute, next(order), what))

        def spends(life: Life) -> None:
            if life.goes_on(day):
                at(self._minute(life, day), self._spending(session, life, day))

        workday = day.weekday() < 5
        daily = (self._term.until - day).days <= DAILY_DAYS
        if daily or day.weekday() == 0:
            at(LOOK_MINUTE, lambda now_ms: self._look(session, now_ms))
        for person in self._begins.get(day, ()):
            at(ENROL_MINUTE, self._enrolling(session, person, spends))
        at(LIST_MINUTE, lambda now_ms: self._watch(session, day, now_ms))
        for minute in STAFF_MINUTES:
            at(minute, self._working(session, day, workday=workday))
        if (self._term.until - day).days == 1:
            at(EVENING_MINUTE, self._evening(session))
        if (self._term.until - day).days == leaver.DAYS_BEFORE:
            at(LIST_MINUTE, lambda now_ms: leaver.leave(session, self._place, now_ms=now_ms))
        for life in self._lives.values():
            spends(life)
        while due:
            minute, _order, what = heapq.heappop(due)
            what(self._at(day, minute))

    def _minute(self, life: Life, day: date) -> int:
        chance = life.phone.chance.of(f"minute/{day.isoformat()}")
        minute = life.person.minute + chance.whole(-15, 15)
        return max(minute, FIRST_MINUTE) if day == life.person.begins else minute

    def _spending(self, session: Session, life: Life, day: date) -> Callable[[int], None]:
        def spend(now_ms: int) -> None:
            if not twists.spend(life, session, day, self._term.until, now_ms=now_ms):
                life.spend(session, day, now_ms=now_ms)
            self._open(session, now_ms + 3_600_000)

        return spend

    def _working(self, session: Session, day: date, *, workday: bool) -> Callable[[int], None]:
        def work(now_ms: int) -> None:
            self._staff.work(session, day, now_ms=now_ms, workday=workday)
            sign_asked(
                session,
                self._place.clinic_id,
                self._place.identity.servers["hold"],
                now_ms=now_ms,
            )

        return work

    def _evening(self, session: Session) -> Callable[[int], None]:
        """On the last day a hold is asked for, and a patient is erased."""

        def spend(now_ms: int) -> None:
            for life in self._lives.values():
                if life.person.case is Case.HOLD_WAITS:
                    self._ask_for_hold(session, life, now_ms=now_ms)
                elif life.person.case is Case.ERASED:
                    by, patient_id = self._staff.prescriber_of(life), life.phone.patient_id
                    clinic_id = self._place.clinic_id
                    go_through(session, clinic_id, patient_id, actor=by.actor, now_ms=now_ms)

        return spend

    def _ask_for_hold(self, session: Session, life: Life, *, now_ms: int) -> None:
        clinic_id, patient_id = self._place.clinic_id, life.phone.patient_id
        device = patients.device_of(session, clinic_id, patient_id)
        by = self._staff.prescriber_of(life)
        ask(session, device, patient_id, "clinician", by.staff_id, now_ms=now_ms)
        sign_asked(session, clinic_id, self._place.identity.servers["hold"], now_ms=now_ms)

    def _enrolling(
        self, session: Session, person: Person, spends: Callable[[Life], None]
    ) -> Callable[[int], None]:
        def enrol(now_ms: int) -> None:
            clinic_id = self._place.clinic_id
            device = patients.free_devices(session, clinic_id)[0]
            new = patients.NewPatient(person.name, person.birth_date, device.device_id, "mdd")
            patient = patients.enrol(session, clinic_id, new, now_ms=now_ms)
            team = self._place.teams[person.number % len(self._place.teams)]
            assign(session, clinic_id, patient.patient_id, [team])
            phone = DemoPhone(self._place, person, patient, device)
            self._place.phones[patient.patient_id] = phone
            life = Life(person, phone, self._place.cohort)
            self._lives[patient.patient_id] = life
            code = patients.new_code(session, clinic_id, patient.patient_id, now_ms=now_ms)
            self._prescribe(session, life, now_ms=now_ms)
            phone.enrol(session, code, now_ms=now_ms + 10 * MINUTE_MS)
            phone.bring_to_the_clinic(session, now_ms=now_ms + 15 * MINUTE_MS)
            spends(life)

        return enrol

    def _prescribe(self, session: Session, life: Life, *, now_ms: int) -> None:
        by = self._staff.prescriber_of(life)
        if life.person.case is Case.PRESCRIBER_LEFT:
            by = self._place.prescribers[-1]
        ends = life.person.case is Case.COURSE_ENDS
        chance = life.phone.chance.of("threshold")
        patient_id = life.phone.patient_id
        Prescribing(session, self._place, by, patient_id, now_ms=now_ms).course(
            life.person.protocol_id,
            threshold_percent=chance.whole(40, 60),
            sessions=COURSE_ENDS_SESSIONS if ends else None,
        )

    def _open(self, session: Session, now_ms: int) -> None:
        key = self._place.identity.servers["care"]
        care.open_new(session, self._place.clinic_id, key, now_ms=now_ms)
        checkins.open_new(session, self._place.clinic_id, key, now_ms=now_ms)

    def _look(self, session: Session, now_ms: int) -> None:
        standing.look(session, self._place.clinic_id, self._place.times, now_ms=now_ms)

    def _at(self, day: date, minute: int) -> int:
        return self._place.times.begins(day) + minute * MINUTE_MS
