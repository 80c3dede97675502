"""Plans whom an open alert is told to, rung by rung, until somebody acknowledges it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.models import Alert
from cloud.alerts.recipients import may_be_told, replacing, told
from cloud.alerts.service import About, open_alerts, raise_alert
from cloud.alerts.untold import UNREACHABLE, untold
from cloud.channels.models import Channel
from cloud.channels.service import MAIL, Occasion, channels_of
from cloud.channels.service import plan as plan_message
from cloud.errors import NotFound, Refused
from cloud.oncall.ladder import Ladder, rung_of
from cloud.oncall.models import AlertSettings
from cloud.oncall.quiet import due_ms
from cloud.oncall.rota import Turn
from cloud.oncall.service import rota_of, settings_of
from cloud.people.service import is_here
from cloud.times import Times


def plan(session: Session, clinic_id: str, times: Times, *, now_ms: int) -> int:
    """Plan the messages that are due by now; return how many."""
    alerts = open_alerts(session, clinic_id)
    if not alerts:
        return 0
    settings = settings_of(session, clinic_id)
    turns, channels = rota_of(session, clinic_id), channels_of(session, clinic_id)
    planned, reached = 0, []
    for alert in alerts:
        step = _step(alert, settings, now_ms=now_ms)
        if step is None or (alert.step is not None and alert.step >= step):
            continue
        alert.step = step
        messages = _tell(session, alert, step, settings, turns, channels, times, now_ms=now_ms)
        planned += messages
        if alert.urgency == NOW and alert.cause != UNREACHABLE:
            reached.append(messages > 0)
    if reached:
        missed = not all(reached) or bool(untold(session, clinic_id))
        _say_whether_reached(session, clinic_id, reached=not missed, now_ms=now_ms)
    return planned


def hand_over(session: Session, clinic_id: str, alert_id: bytes, *, to: bytes, now_ms: int) -> None:
    """Hand an open alert to a member: told at once, beside those on call, until acknowledged."""
    alert = session.get(Alert, (clinic_id, alert_id))
    if alert is None or not is_here(session, clinic_id, to):
        raise NotFound("There is no such alert or member.")
    if alert.closed_ms is not None:
        raise Refused("This alert was acknowledged already.", code="closed")
    if to not in may_be_told(session, clinic_id, of_patient=alert.patient_id is not None):
        raise Refused("This member's role may not open this alert.", code="to")
    if not any(channel.staff_id == to for channel in channels_of(session, clinic_id)):
        raise Refused("This member has no channel by which to be told.", code="channel")
    alert.handed_to, alert.handed_ms, alert.step = to, now_ms, None


def take_back_alerts(session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int) -> None:
    """Take alerts back from who leaves; the ladder of each open one begins anew with the rota."""
    session.execute(
        update(Alert)
        .where(Alert.clinic_id == clinic_id, Alert.handed_to == staff_id)
        .where(Alert.closed_ms.is_(None))
        .values(handed_to=None, handed_ms=now_ms, step=None)
    )


def _step(alert: Alert, settings: AlertSettings, *, now_ms: int) -> int | None:
    """Return the step of its ladder that is due; None where it doesn't go out.

    The first rung is told first, however long nobody worked. A step below one that was told means
    that the clock was set back: the time of that step begins again.
    """
    if alert.urgency != NOW:
        return 0
    if settings.rings_since_ms is None:
        return None
    if alert.step is None:
        return 0
    since_ms = alert.handed_ms or max(alert.raised_ms, settings.rings_since_ms)
    ladder = Ladder(settings.step_minutes)
    due = ladder.step_at(since_ms, now_ms)
    if due < alert.step or since_ms > now_ms:
        alert.handed_ms = ladder.begun_at(alert.step, now_ms)
        return alert.step
    return due


def _tell(
    session: Session,
    alert: Alert,
    step: int,
    settings: AlertSettings,
    turns: Sequence[Turn],
    channels: Sequence[Channel],
    times: Times,
    *,
    now_ms: int,
) -> int:
    minute = times.minute_of_week(now_ms)
    of_patient = alert.patient_id is not None
    replaces = replacing(session, alert.clinic_id, channels, of_patient=of_patient, now_ms=now_ms)
    staff = set(told(alert, rung_of(step), turns, channels, minute, replaces))
    name = f"alert/{alert.alert_id.hex()}/{alert.handed_ms or 0}/{step}"
    due = due_ms(alert.urgency, settings.quiet_from, settings.quiet_to, times, now_ms=now_ms)
    return sum(
        plan_message(
            session,
            channel,
            Occasion(name, alert.urgency, alert_id=alert.alert_id),
            due_ms=due,
            now_ms=now_ms,
        )
        for channel in channels
        if channel.staff_id in staff and (alert.urgency == NOW or channel.kind == MAIL)
    )


def _say_whether_reached(session: Session, clinic_id: str, *, reached: bool, now_ms: int) -> None:
    cause = Cause(UNREACHABLE, NOW, "Nobody could be told of an alert", int(not reached))
    raise_alert(
        session,
        About(clinic_id),
        cause,
        "Nobody who may be told of it has a channel. Look at the rota and the channels.",
        now_ms=now_ms,
        ends_by_itself=True,
    )
