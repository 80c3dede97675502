"""What staff do on their days: see to what is open, answer, sign, hold and lift.

They work as people do: within a working day or so for what is due today, at once for "now".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW
from cloud.alerts.models import Alert
from cloud.alerts.service import About, acknowledge, open_alerts
from cloud.audit.service import record
from cloud.care.service import mark_seen, send_message
from cloud.demo_data.chance import Chance
from cloud.demo_data.life import Life
from cloud.demo_data.place import Place, Prescriber
from cloud.demo_data.prescribing import Prescribing
from cloud.holds.service import ask
from cloud.patients.service import device_of
from cloud.proof.service import clear, name_of, of_patient

AUTHOR = "Your clinic"
SEEN_AT_ONCE = 0.85
"""Of what is due today, so much is seen to when staff first look; the rest the next time."""
SOFTER_SHARE = 0.5
ANSWER = "Thank you. We look into it and call you."
HELD_DAYS = (2, 4)
END_AFTER_DAYS = 5


class Staff:
    """Everybody who works there."""

    def __init__(self, place: Place, lives: Mapping[bytes, Life]) -> None:
        self._place, self._lives = place, lives
        self._lifts: dict[bytes, date] = {}

    def work(self, session: Session, day: date, *, now_ms: int, workday: bool) -> None:
        """See to what is open: "now" always, the rest on a working day."""
        chance = self._place.chance.of(f"staff/{now_ms}")
        for alert in open_alerts(session, self._place.clinic_id):
            if alert.patient_id is None:
                continue
            at_once = alert.urgency == NOW
            if at_once or (workday and chance.happens(SEEN_AT_ONCE)):
                self._see_to(session, alert, day, chance, now_ms=now_ms)
        if workday:
            self._lift(day)
            self._end(session, day, now_ms=now_ms)

    def prescriber_of(self, life: Life) -> Prescriber:
        """Return who treats a patient; who left treats nobody anew."""
        staying = self._place.prescribers[:-1]
        return staying[life.person.number % len(staying)]

    def _see_to(
        self, session: Session, alert: Alert, day: date, chance: Chance, *, now_ms: int
    ) -> None:
        assert alert.patient_id is not None
        life, about = self._lives[alert.patient_id], About(alert.clinic_id, alert.patient_id)
        by = self.prescriber_of(life)
        acknowledge(session, about, alert.alert_id, by=by.staff_id, now_ms=now_ms)
        self._audit(session, by, "acknowledged an alert", f"alert/{alert.alert_id.hex()}", now_ms)
        family, _, rest = (alert.told or alert.cause).partition("/")
        signing = Prescribing(session, self._place, by, alert.patient_id, now_ms=now_ms)
        if family in ("threshold", "prescription"):
            if life.goes_on(day):
                signing.measured_anew()
        elif family == "course" and alert.value == 2:
            self._after_course(signing, life, day)
        elif family == "red-flag":
            self._hold(session, life, by, day, chance, now_ms=now_ms)
        elif family == "side-effect":
            if chance.happens(SOFTER_SHARE):
                signing.softer()
        elif family == "message":
            self._answer(session, life, by, rest, now_ms=now_ms)
        elif family in ("self-harm", "worse", "missed"):
            self._write(session, life, by, now_ms=now_ms)
        else:
            self._clear_flaws(session, life, by, now_ms=now_ms)

    def _after_course(self, signing: Prescribing, life: Life, day: date) -> None:
        if life.weekly_from is None and life.person.weekly_weeks and life.goes_on(day):
            signing.weekly(life.person.weekly_weeks)
            life.begins_weekly(day + timedelta(days=7))
        else:
            life.over = True

    def _hold(
        self,
        session: Session,
        life: Life,
        by: Prescriber,
        day: date,
        chance: Chance,
        *,
        now_ms: int,
    ) -> None:
        patient_id = life.phone.patient_id
        device = device_of(session, self._place.clinic_id, patient_id)
        ask(session, device, patient_id, "side-effect", by.staff_id, now_ms=now_ms)
        self._audit(session, by, "asked for a hold", f"patient/{patient_id.hex()}", now_ms)
        self._lifts[patient_id] = day + timedelta(days=chance.whole(*HELD_DAYS))

    def _lift(self, day: date) -> None:
        for patient_id, lifted in list(self._lifts.items()):
            if day >= lifted:
                self._lives[patient_id].phone.lifts = True
                del self._lifts[patient_id]

    def _end(self, session: Session, day: date, *, now_ms: int) -> None:
        """Sign the end for who gave up and said so; their band is brought back."""
        for life in self._lives.values():
            leaves = life.person.leaves_day
            if leaves is None or life.over or life.person.is_lost:
                continue
            if day >= leaves + timedelta(days=END_AFTER_DAYS):
                by = self.prescriber_of(life)
                patient_id = life.phone.patient_id
                Prescribing(session, self._place, by, patient_id, now_ms=now_ms).end()
                life.over = True
                life.phone.bring_to_the_clinic(session, now_ms=now_ms)

    def _answer(
        self, session: Session, life: Life, by: Prescriber, item_id: str, *, now_ms: int
    ) -> None:
        mark_seen(
            session,
            self._place.clinic_id,
            life.phone.patient_id,
            item_id,
            by=AUTHOR,
            actor=by.actor,
            now_ms=now_ms,
        )
        self._write(session, life, by, now_ms=now_ms)

    def _write(self, session: Session, life: Life, by: Prescriber, *, now_ms: int) -> None:
        send_message(
            session,
            self._place.clinic_id,
            life.phone.patient_id,
            ANSWER,
            author=AUTHOR,
            actor=by.actor,
            now_ms=now_ms,
        )

    def _clear_flaws(self, session: Session, life: Life, by: Prescriber, *, now_ms: int) -> None:
        patient_id = life.phone.patient_id
        for flaw in of_patient(session, self._place.clinic_id, patient_id):
            if flaw.ended_ms is None and flaw.kind != "gap":
                clear(
                    session,
                    flaw.clinic_id,
                    patient_id,
                    name_of(flaw),
                    "Looked into with the patient; the band is sound.",
                    actor=by.actor,
                    now_ms=now_ms,
                )

    def _audit(
        self, session: Session, by: Prescriber, action: str, subject: str, now_ms: int
    ) -> None:
        clinic_id = self._place.clinic_id
        record(session, clinic_id, actor=by.actor, action=action, subject=subject, now_ms=now_ms)
