"""Channels: adding and removing them, and planning what goes out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from cloud.channels.models import Channel, Delivery
from cloud.channels.webhook import check_url
from cloud.errors import NotFound, Refused
from cloud.people.authority import Act
from cloud.people.models import Member
from cloud.people.service import is_here, members_who

MAIL, WEBHOOK = "mail", "webhook"
ADDRESS_MAX = 254
SECRET_BYTES = 32
WAITS = ""
"""What ``ended`` says of a message that still waits."""


@dataclass(frozen=True)
class Occasion:
    """What a message is about: an alert at one step of its ladder, or a drill."""

    name: str
    level: str
    alert_id: bytes | None = None
    drill_id: bytes | None = None


def add_channel(
    session: Session, clinic_id: str, staff_id: bytes, kind: str, address: str, *, now_ms: int
) -> Channel:
    """Add a way to reach a member; raise Refused for one who may open no alert, or an address that
    can't be one."""
    if not is_here(session, clinic_id, staff_id):
        raise NotFound("There is no such member.")
    if staff_id not in members_who(session, clinic_id, Act.ANSWER_DRILL):
        raise Refused(
            "This member's role may open no alert, so they are told of none.", code="staff"
        )
    address = address.strip()
    if not 3 <= len(address) <= ADDRESS_MAX or not address.isascii() or not address.isprintable():
        raise Refused(
            "An address has 3 to {most} plain characters.", code="address", most=ADDRESS_MAX
        )
    if kind == MAIL:
        _check_mail(address)
    elif kind == WEBHOOK:
        check_url(address)
    else:
        raise Refused("A channel is mail or webhook.", code="kind")
    channel = Channel(
        clinic_id=clinic_id,
        channel_id=secrets.token_bytes(16),
        staff_id=staff_id,
        kind=kind,
        address=address,
        secret=secrets.token_bytes(SECRET_BYTES) if kind == WEBHOOK else None,
        added_ms=now_ms,
        removed_ms=None,
    )
    session.add(channel)
    session.flush()
    return channel


def remove_channel(session: Session, clinic_id: str, channel_id: bytes, *, now_ms: int) -> None:
    """Use a channel no more."""
    found = session.get(Channel, (clinic_id, channel_id))
    if found is not None and found.removed_ms is None:
        found.removed_ms, found.secret = now_ms, None


def remove_channels_of(session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int) -> None:
    """Use none of a member's channels any more."""
    session.execute(
        update(Channel)
        .where(Channel.clinic_id == clinic_id, Channel.staff_id == staff_id)
        .where(Channel.removed_ms.is_(None))
        .values(removed_ms=now_ms, secret=None)
    )


def channels_of(session: Session, clinic_id: str) -> Sequence[Channel]:
    """Return the channels in use of who is here, in the order in which they were added."""
    return session.scalars(
        select(Channel)
        .join(
            Member,
            (Member.clinic_id == Channel.clinic_id) & (Member.staff_id == Channel.staff_id),
        )
        .where(Channel.clinic_id == clinic_id, Channel.removed_ms.is_(None))
        .where(Member.left_ms.is_(None))
        .order_by(Channel.added_ms, Channel.channel_id)
    ).all()


def reachable_members(session: Session, clinic_id: str) -> Sequence[Member]:
    """Return the members who are here and have a channel, by name."""
    return session.scalars(
        select(Member)
        .where(
            Member.clinic_id == clinic_id,
            Member.left_ms.is_(None),
            Member.staff_id.in_(
                select(Channel.staff_id).where(
                    Channel.clinic_id == clinic_id, Channel.removed_ms.is_(None)
                )
            ),
        )
        .order_by(Member.name, Member.staff_id)
    ).all()


@dataclass(frozen=True)
class HeldUp:
    """Messages that a channel's gateway did not take yet, and when the next is tried again."""

    count: int
    next_ms: int


def held_up(session: Session, clinic_id: str) -> Mapping[bytes, HeldUp]:
    """Return what waits to be tried again over each channel where something does."""
    failed = or_(Delivery.attempts > 1, and_(Delivery.attempts == 1, Delivery.until_ms == 0))
    found = session.execute(
        select(Delivery.channel_id, func.count(), func.min(Delivery.due_ms))
        .where(Delivery.clinic_id == clinic_id, Delivery.ended == WAITS, failed)
        .group_by(Delivery.channel_id)
    )
    return {channel_id: HeldUp(count, next_ms) for channel_id, count, next_ms in found}


def plan(
    session: Session, channel: Channel, occasion: Occasion, *, due_ms: int, now_ms: int
) -> bool:
    """Plan a message, once for each occasion and channel; return whether it is a new one."""
    named = f"{occasion.name}/{channel.channel_id.hex()}"
    delivery_id = hashlib.sha256(named.encode()).digest()[:16]
    if session.get(Delivery, (channel.clinic_id, delivery_id)) is not None:
        return False
    session.add(
        Delivery(
            clinic_id=channel.clinic_id,
            delivery_id=delivery_id,
            channel_id=channel.channel_id,
            alert_id=occasion.alert_id,
            drill_id=occasion.drill_id,
            level=occasion.level,
            planned_ms=now_ms,
            due_ms=due_ms,
            holder="",
            until_ms=0,
            attempts=0,
            ended=WAITS,
            ended_ms=None,
        )
    )
    session.flush()
    return True


def _check_mail(address: str) -> None:
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or set(address) & set(' ,;<>"()[]\\'):
        raise Refused("This is no mail address.", code="address")
