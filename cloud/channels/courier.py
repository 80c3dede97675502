"""The courier: claims messages that are due, sends them, and writes down what became of them.

It looks where it is told to look: the worker, which looks at the clinics of its share anyway, sees
there whether a message is due. So couriers deal by the workers' leases, and a clinic without a
message costs nothing here.

A claim is a lease in the row, since no transaction may wait for a network. A courier that is killed
between sending and writing leaves the lease to end, and another one sends again under the same
name: at least once, and one thing to whoever receives it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.models import Alert
from cloud.alerts.service import About, raise_alert
from cloud.channels.errors import NotSent
from cloud.channels.models import Channel, Delivery
from cloud.channels.sending import Outgoing
from cloud.channels.service import WAITS
from cloud.clock import Clock
from cloud.db import Database
from cloud.language import ENGLISH
from cloud.logs import log
from cloud.oncall import drills
from cloud.operations.metrics import MESSAGES
from cloud.people.models import Member

PERIOD_S = 0.5
CLAIMED_AT_ONCE = 8
LEASE_MS = 60_000
"""Longer than any message may take."""
WAITS_MS = (5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000)
"""Between one try and the next; after the last one the channel has failed."""
ALIVE_S = 60.0
SENT, FAILED, VOID = "sent", "failed", "void"


class Courier:
    """Sends until it is asked to end."""

    def __init__(self, database: Database, clock: Clock, send: Callable[[Outgoing], None]) -> None:
        self._database, self._clock, self._send = database, clock, send
        self._pool = ThreadPoolExecutor(CLAIMED_AT_ONCE, thread_name_prefix="sending")
        self._round_s = time.monotonic()
        self._told: dict[str, None] = {}
        self._telling = threading.Lock()
        self._under_way: set[str] = set()
        self.name = secrets.token_hex(6)

    def tell(self, clinic_id: str) -> None:
        """Have this clinic's messages that are due sent; may be said by any thread, and again."""
        with self._telling:
            self._told[clinic_id] = None

    def run(self, stop: threading.Event) -> None:
        """Make a round twice a second of real time until ``stop`` is set."""
        while not stop.is_set():
            try:
                self.round()
                self._round_s = time.monotonic()
            except Exception as problem:
                log.error("courier failed", problem=type(problem).__name__)
            stop.wait(PERIOD_S)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def give_back(self) -> None:
        """Let another courier have at once what this one claimed and didn't come to send."""
        for clinic_id in tuple(self._under_way):
            with self._database.write(clinic_id) as session:
                session.execute(
                    update(Delivery)
                    .where(Delivery.clinic_id == clinic_id, Delivery.holder == self.name)
                    .where(Delivery.ended == WAITS, Delivery.until_ms > 0)
                    .values(until_ms=0)
                )

    def lives(self) -> bool:
        """Return whether it came through a round of late."""
        return time.monotonic() - self._round_s < ALIVE_S

    def round(self) -> int:
        """Send what is due in the clinics that it was told of; return how many were sent."""
        with self._telling:
            told, self._told = self._told, {}
        sent = 0
        for clinic_id in told:
            try:
                sent += self._clinic(clinic_id)
            except Exception as problem:
                _say("clinic failed", clinic_id, problem)
        return sent

    def _clinic(self, clinic_id: str) -> int:
        self._under_way.add(clinic_id)
        try:
            with self._database.write(clinic_id) as session:
                claimed = self._claim(session, clinic_id)
            if claimed:
                self.tell(clinic_id)
            return self._send_all(clinic_id, claimed)
        finally:
            self._under_way.discard(clinic_id)

    def _send_all(self, clinic_id: str, claimed: Sequence[Outgoing]) -> int:
        sent = list(self._pool.map(self._attempt, claimed))
        for outgoing, problem in zip(claimed, sent, strict=True):
            try:
                with self._database.write(clinic_id) as session:
                    self._note(session, outgoing, problem)
            except Exception as unnoted:
                _say("not noted", clinic_id, unnoted)
        return sum(problem is None for problem in sent)

    def _attempt(self, outgoing: Outgoing) -> NotSent | None:
        try:
            self._send(outgoing)
        except NotSent as problem:
            return problem
        except Exception as problem:
            return NotSent("setup", type(problem).__name__)
        return None

    def _claim(self, session: Session, clinic_id: str) -> list[Outgoing]:
        now_ms = self._clock.wall_ms()
        query = due(clinic_id, now_ms).order_by(Delivery.due_ms).limit(CLAIMED_AT_ONCE)
        claimed = []
        for delivery in session.scalars(query.with_for_update(skip_locked=True)).all():
            channel = session.get_one(Channel, (clinic_id, delivery.channel_id))
            if channel.removed_ms is not None or _is_over(session, delivery):
                delivery.ended, delivery.ended_ms = VOID, now_ms
                continue
            delivery.holder, delivery.until_ms = self.name, now_ms + LEASE_MS
            delivery.attempts += 1
            member = session.get_one(Member, (clinic_id, channel.staff_id))
            claimed.append(_outgoing(delivery, channel, member))
        return claimed

    def _note(self, session: Session, outgoing: Outgoing, problem: NotSent | None) -> None:
        now_ms = self._clock.wall_ms()
        delivery = session.scalar(
            select(Delivery)
            .where(
                Delivery.clinic_id == outgoing.clinic_id,
                Delivery.delivery_id == bytes.fromhex(outgoing.name),
            )
            .with_for_update()
        )
        MESSAGES.labels(outgoing.kind, "failed" if problem else "sent").inc()
        if delivery is None or delivery.ended != WAITS:
            return
        delivery.until_ms = 0
        if problem is None:
            delivery.ended, delivery.ended_ms = SENT, now_ms
        elif delivery.attempts <= len(WAITS_MS):
            delivery.due_ms = now_ms + WAITS_MS[delivery.attempts - 1]
        else:
            delivery.ended, delivery.ended_ms = FAILED, now_ms
        if problem is not None:
            log.warning(
                "not sent", clinic=outgoing.clinic_id, kind=outgoing.kind, code=problem.code
            )
        _tell(session, delivery, now_ms=now_ms)


def _say(what: str, clinic_id: str, problem: Exception) -> None:
    log.error(f"courier: {what}", clinic=clinic_id, problem=type(problem).__name__)


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
