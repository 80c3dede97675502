"""What a message's row says: that it is due, whose it is, and what became of it.

A claim is a lease in the row, since no transaction may wait for a network. A courier that is killed
between sending and noting leaves the lease to end, and another one sends again under the same
name: at least once, and one thing to whoever receives it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.models import Alert
from cloud.alerts.service import About, raise_alert
from cloud.channels.errors import NotSent
from cloud.channels.models import Channel, Delivery
from cloud.channels.sending import Outgoing
from cloud.channels.service import WAITS
from cloud.language import ENGLISH
from cloud.logs import log
from cloud.oncall import drills
from cloud.people.models import Member

LEASE_MS = 60_000
"""Longer than any message may take."""
WAITS_MS = (5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000)
"""Between one try and the next; after the last one the channel has failed."""
SENT, FAILED, VOID = "sent", "failed", "void"


def due(clinic_id: str | ColumnElement[str], now_ms: int | ColumnElement[int]) -> Select[Delivery]:
    """Select the messages of a clinic that are due and nobody has.

    What lies further ahead than it ever waits is due too: the clock was set back.
    """
    tried_ahead = (
        and_(Delivery.attempts == tries, Delivery.due_ms > now_ms + wait_ms)
        for tries, wait_ms in enumerate(WAITS_MS, start=1)
    )
    at_once = and_(Delivery.level == NOW, Delivery.attempts == 0)
    return select(Delivery).where(
        Delivery.clinic_id == clinic_id,
        Delivery.ended == WAITS,
        or_(Delivery.due_ms <= now_ms, at_once, *tried_ahead),
        or_(Delivery.until_ms <= now_ms, Delivery.until_ms > now_ms + 2 * LEASE_MS),
    )


def channels_due(session: Session, clinic_id: str, *, now_ms: int) -> list[Channel]:
    """Return the channels with a message due, first that with the one that is due longest."""
    oldest_ms = func.min(Delivery.due_ms)
    ids = session.scalars(
        due(clinic_id, now_ms)
        .with_only_columns(Delivery.channel_id)
        .group_by(Delivery.channel_id)
        .order_by(oldest_ms)
    ).all()
    return [session.get_one(Channel, (clinic_id, each)) for each in ids]


def claim(
    session: Session,
    channel: Channel,
    holder: str,
    *,
    most: int,
    besides: Sequence[str],
    now_ms: int,
) -> tuple[list[Outgoing], bool]:
    """Take up to so many of a channel's messages, those never tried first, and none of ``besides``;
    say whether more may be due.

    What is over before it went out ends here.
    """
    clinic_id = channel.clinic_id
    query = (
        due(clinic_id, now_ms)
        .where(Delivery.channel_id == channel.channel_id)
        .where(Delivery.delivery_id.not_in([bytes.fromhex(each) for each in besides]))
        .order_by(Delivery.attempts > 0, Delivery.due_ms)
        .limit(most)
    )
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    channel = session.get_one(Channel, (clinic_id, channel.channel_id))
    member = session.get_one(Member, (clinic_id, channel.staff_id))
    claimed = []
    for delivery in found:
        if channel.removed_ms is not None or _is_over(session, delivery):
            delivery.ended, delivery.ended_ms = VOID, now_ms
            continue
        delivery.holder, delivery.until_ms = holder, now_ms + LEASE_MS
        delivery.attempts += 1
        claimed.append(_outgoing(delivery, channel, member))
    return claimed, len(found) == most


def give_back(session: Session, clinic_id: str, holder: str) -> None:
    """Let another courier have at once what this one claimed and didn't come to send."""
    session.execute(
        update(Delivery)
        .where(Delivery.clinic_id == clinic_id, Delivery.holder == holder)
        .where(Delivery.ended == WAITS, Delivery.until_ms > 0)
        .values(until_ms=0)
    )


def note(
    session: Session, outgoing: Outgoing, holder: str, problem: NotSent | None, *, now_ms: int
) -> None:
    """Write down what became of a message: sent, or to be tried again, or given up.

    That it failed is said by who has it alone: its lease may have ended, and another sends it.
    """
    delivery = session.scalar(
        select(Delivery)
        .where(
            Delivery.clinic_id == outgoing.clinic_id,
            Delivery.delivery_id == bytes.fromhex(outgoing.name),
        )
        .with_for_update()
    )
    if delivery is None or delivery.ended != WAITS:
        return
    if problem is not None and delivery.holder != holder:
        return
    delivery.until_ms = 0
    if problem is None:
        delivery.ended, delivery.ended_ms = SENT, now_ms
    elif delivery.attempts <= len(WAITS_MS):
        delivery.due_ms = now_ms + WAITS_MS[delivery.attempts - 1]
    else:
        delivery.ended, delivery.ended_ms = FAILED, now_ms
    if problem is not None:
        log.warning("not sent", clinic=outgoing.clinic_id, kind=outgoing.kind, code=problem.code)
    _tell(session, delivery, now_ms=now_ms)


def _is_over(session: Session, delivery: Delivery) -> bool:
    """Return whether somebody acknowledged while the message waited to be tried again."""
    if delivery.alert_id is None:
        return False
    alert = session.get_one(Alert, (delivery.clinic_id, delivery.alert_id))
    return alert.closed_ms is not None


def _outgoing(delivery: Delivery, channel: Channel, member: Member) -> Outgoing:
    about = delivery.alert_id or delivery.drill_id or b""
    kind = "drills" if delivery.drill_id is not None else "alerts"
    return Outgoing(
        name=delivery.delivery_id.hex(),
        clinic_id=delivery.clinic_id,
        kind=channel.kind,
        address=channel.address,
        key_id=channel.channel_id.hex(),
        secret=channel.secret or b"",
        level=delivery.level,
        is_drill=delivery.drill_id is not None,
        path=f"/{kind}/{about.hex()}",
        language=member.language or ENGLISH.code,
    )


def _tell(session: Session, delivery: Delivery, *, now_ms: int) -> None:
    """A channel that failed is an alert until something goes out over it again."""
    if delivery.ended == FAILED and delivery.drill_id is not None:
        drills.fail(session, delivery.clinic_id, delivery.drill_id, now_ms=now_ms)
    if delivery.ended in (SENT, FAILED):
        failed = int(delivery.ended == FAILED)
        cause = Cause(
            f"channel/{delivery.channel_id.hex()}",
            NOW,
            "A channel for alerts does not work",
            failed,
        )
        raise_alert(
            session,
            About(delivery.clinic_id),
            cause,
            "Nothing went out over it in spite of several tries.",
            now_ms=now_ms,
            ends_by_itself=True,
        )
