"""Alerts as the inbox shows them: whom they are about, who was told, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW
from cloud.alerts.in_words import detail_in_words
from cloud.alerts.models import Alert
from cloud.alerts.recipients import replacing, told
from cloud.alerts.service import open_alerts
from cloud.channels.claims import FAILED, SENT, VOID
from cloud.channels.models import Channel, Delivery
from cloud.channels.service import channels_of
from cloud.inbox.ahead import Ahead, ahead_of, end_said, rung_said
from cloud.inbox.choice import Choice, Show
from cloud.inbox.duty import reached_by
from cloud.language import _, n_
from cloud.language import told as in_language
from cloud.language.stored import stored
from cloud.oncall.ladder import rung_of
from cloud.oncall.models import AlertSettings
from cloud.oncall.rota import Turn
from cloud.oncall.service import rota_of, settings_of
from cloud.patients.models import Patient
from cloud.patients.service import age_of, all_patients
from cloud.people.authority import Act
from cloud.people.models import Member
from cloud.people.reach import within_reach
from cloud.people.service import Person
from cloud.times import Times

CLOSED_MS = 30 * 86_400_000
CLOSED_MAX = 200
"""The newest so many of 30 days are listed (own figures); all of them stay in the database."""


@dataclass(frozen=True)
class Telling:
    """A message about an alert: to whom, by which channel, and what became of it when."""

    name: str
    channel: str
    state: str
    said: str


@dataclass(frozen=True)
class Row:
    """An alert of the inbox, in words. ``age`` is None where it's about the clinic itself."""

    alert: Alert
    name: str
    age: int | None
    title: str
    detail: str
    rung: str
    tellings: tuple[Telling, ...]
    handed: str
    mine: bool
    next: str
    ended: str

    @property
    def about(self) -> str:
        """Whom it is about, as it's said in a dialogue that acts."""
        if self.age is None:
            return self.name
        return _("{name}, {age} years old").format(name=self.name, age=self.age)


class Inbox:
    """What one person sees of the clinic's alerts at one instant."""

    def __init__(self, session: Session, person: Person, times: Times, now_ms: int) -> None:
        self._session, self._person = session, person
        self._times, self._now_ms = times, now_ms
        clinic_id = person.clinic_id
        self.settings: AlertSettings = settings_of(session, clinic_id)
        self.turns: tuple[Turn, ...] = rota_of(session, clinic_id)
        self.channels: Sequence[Channel] = channels_of(session, clinic_id)
        members = session.scalars(select(Member).where(Member.clinic_id == clinic_id))
        self.names: Mapping[bytes, str] = {each.staff_id: each.name for each in members}
        everybody = all_patients(session, clinic_id)
        own = within_reach(session, person, everybody, Act.READ_PATIENT, now_ms=now_ms)
        self._patients: dict[bytes, Patient] = {each.patient_id: each for each in own}

    def alerts(self, show: Show) -> tuple[Alert, ...]:
        """Return the alerts within reach: open ones most urgent first, closed ones newest first."""
        clinic_id = self._person.clinic_id
        found = open_alerts(self._session, clinic_id) if show is Show.OPEN else self._closed()
        return tuple(
            each for each in found if each.patient_id is None or each.patient_id in self._patients
        )

    def others_have_some(self) -> bool:
        """Whether an alert is open about a patient out of the reader's reach."""
        found = open_alerts(self._session, self._person.clinic_id)
        return any(each.patient_id not in (None, *self._patients) for each in found)

    def rows(self, alerts: Sequence[Alert], choice: Choice) -> tuple[Row, ...]:
        """Return those of the alerts that were chosen."""
        chosen = choice.of_these(alerts, self._person.staff_id)
        tellings = self._tellings([each.alert_id for each in chosen])
        return tuple(self._row(each, tuple(tellings[each.alert_id])) for each in chosen)

    def _closed(self) -> Sequence[Alert]:
        return self._session.scalars(
            select(Alert)
            .where(
                Alert.clinic_id == self._person.clinic_id,
                Alert.closed_ms > self._now_ms - CLOSED_MS,
            )
            .order_by(Alert.closed_ms.desc(), Alert.alert_id)
            .limit(CLOSED_MAX)
        ).all()

    def _row(self, alert: Alert, tellings: tuple[Telling, ...]) -> Row:
        patient = None if alert.patient_id is None else self._patients[alert.patient_id]
        is_open = alert.closed_ms is None
        return Row(
            alert=alert,
            name=_("The clinic itself") if patient is None else patient.name,
            age=None if patient is None else age_of(patient, self._times.day(self._now_ms)),
            title=stored(alert.title),
            detail=detail_in_words(alert.detail),
            rung=_rung(alert),
            tellings=tellings,
            handed="" if alert.handed_to is None else self.names.get(alert.handed_to, ""),
            mine=alert.handed_to == self._person.staff_id,
            next=self._next(alert) if is_open else "",
            ended=self._ended(alert),
        )

    def _next(self, alert: Alert) -> str:
        ahead = ahead_of(alert, self.settings, now_ms=self._now_ms)
        if ahead is None:
            return end_said(alert, self.settings)
        names = self._told_at(alert, ahead)
        if not names:
            return _("Nobody on call can be reached. Look at the rota and the channels.")
        if ahead.due_ms <= self._now_ms:
            return _("Within moments: {names} ({rung}).").format(
                names=", ".join(names), rung=rung_said(ahead.rung)
            )
        return _("Unless acknowledged by {when}: {names} ({rung}).").format(
            when=self._times.said(ahead.due_ms, self._now_ms),
            names=", ".join(names),
            rung=rung_said(ahead.rung),
        )

    def _told_at(self, alert: Alert, ahead: Ahead) -> tuple[str, ...]:
        replaces = replacing(
            self._session,
            alert.clinic_id,
            self.channels,
            of_patient=alert.patient_id is not None,
            now_ms=self._now_ms,
        )
        minute = self._times.minute_of_week(ahead.due_ms)
        staff = told(alert, ahead.rung, self.turns, self.channels, minute, replaces)
        reachable = [each for each in staff if reached_by(each, self.channels)]
        return tuple(self.names.get(each, "") for each in reachable)

    def _ended(self, alert: Alert) -> str:
        if alert.closed_ms is None:
            return ""
        when = self._times.said(alert.closed_ms, self._now_ms)
        if alert.closed_by is None:
            return _("Ended by itself, {when}").format(when=when)
        name = self.names.get(alert.closed_by, "")
        return _("Acknowledged by {name}, {when}").format(name=name, when=when)

    def _tellings(self, alert_ids: Sequence[bytes]) -> defaultdict[bytes | None, list[Telling]]:
        found: defaultdict[bytes | None, list[Telling]] = defaultdict(list)
        deliveries = self._session.execute(
            select(Delivery, Channel)
            .join(
                Channel,
                (Channel.clinic_id == Delivery.clinic_id)
                & (Channel.channel_id == Delivery.channel_id),
            )
            .where(Delivery.clinic_id == self._person.clinic_id, Delivery.alert_id.in_(alert_ids))
            .order_by(Delivery.planned_ms, Delivery.delivery_id)
        )
        for delivery, channel in deliveries:
            telling = Telling(
                self.names.get(channel.staff_id, ""),
                in_language(channel.kind),
                delivery.ended,
                self._became(delivery),
            )
            found[delivery.alert_id].append(telling)
        return found

    def _became(self, delivery: Delivery) -> str:
        when = self._times.said(delivery.ended_ms or delivery.due_ms, self._now_ms)
        if delivery.ended == SENT:
            return _("told {when}").format(when=when)
        if delivery.ended == FAILED:
            return _("could not be sent, given up {when}").format(when=when)
        if delivery.ended == VOID:
            return _("not sent: it was over before")
        if delivery.attempts and delivery.due_ms > self._now_ms:
            return n_(
                "tried once, is tried again {when}",
                "tried {count} times, is tried again {when}",
                delivery.attempts,
            ).format(count=delivery.attempts, when=when)
        if delivery.due_ms > self._now_ms:
            return _("waits until {when}, for quiet hours").format(when=when)
        if delivery.attempts:
            return _("tried {count} times, goes on trying").format(count=delivery.attempts)
        return _("goes out now")


def _rung(alert: Alert) -> str:
    if alert.step is None:
        return _("Nobody was told yet")
    if alert.urgency != NOW:
        return _("Told once")
    return _("Step {step}: {rung}").format(step=alert.step + 1, rung=rung_said(rung_of(alert.step)))
