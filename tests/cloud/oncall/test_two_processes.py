"""Two workers as processes: one is killed in the middle of a message, and the other follows."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.models import Alert
from cloud.alerts.service import About, raise_alert
from cloud.channels import claims
from cloud.channels.models import Delivery
from cloud.worker.health import Heard, look
from cloud.worker.leases import LEASE, LEASE_MS
from cloud.worker.models import Work
from tests.cloud.channels.servers import Mailbox, mail_server
from tests.cloud.oncall.fleet import LINK, alerts_in, let_ring, set_clock, workers_of
from tests.cloud.worlds import World, add_clinic, make_identity
from tests.journey.polling import until

pytestmark = pytest.mark.both_databases
CLINICS = 12
"""So many that hardly ever one of two workers has none of them."""
ROUND_S = 5
"""Beside the lease: the round in which it is seen to have ended, on a slow machine."""


@pytest.fixture
def town(world: World, tmp_path: Path) -> World:
    """Clinics that ring."""
    for number in range(1, CLINICS):
        add_clinic(world, make_identity(tmp_path / f"of-{number}", f"clinic-{number:02}"))
    for clinic_id in world.database.all_clinics():
        let_ring(world, clinic_id)
    return world


async def holders(world: World) -> dict[str, int]:
    """The process that holds each clinic; 0 where nobody does."""
    found = {}
    for clinic_id in world.database.all_clinics():
        with world.database.read(clinic_id) as session:
            lease = session.get(Work, (clinic_id, LEASE))
            found[clinic_id] = 0 if lease is None else int(lease.holder.split("/")[1])
    return found


def raise_now(world: World, clinic_id: str, name: str) -> str:
    """Raise an alert about the clinic itself; return its id."""
    now_ms = set_clock(world)
    with world.database.write(clinic_id) as session:
        raise_alert(session, About(clinic_id), Cause(name, NOW, name), "Why.", now_ms=now_ms)
        found = session.scalars(
            select(Alert).where(Alert.clinic_id == clinic_id, Alert.cause == name)
        )
        return found.one().alert_id.hex()


def mailed(mailbox: Mailbox) -> Iterator[tuple[str, float]]:
    """Each mail about an alert: which, and when it came."""
    for mail, at_s in zip(mailbox.came, mailbox.at_s, strict=True):
        for alert in LINK.findall(mail.as_string()):
            yield alert, at_s


def wait_for(mailbox: Mailbox, alerts: set[str], within_s: float) -> None:
    with mailbox.arrived:
        assert mailbox.arrived.wait_for(lambda: alerts <= alerts_in(mailbox.came), within_s)


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_killed_worker_is_followed_in_time_and_nothing_is_done_twice(town: World) -> None:
    with mail_server() as mailbox, workers_of(town, mailbox, 2) as workers:
        dead, alive = (each.pid for each in workers.running)
        both = {dead, alive}
        held = await until(lambda: holders(town), lambda seen: set(seen.values()) == both)
        left = [name for name, holder in held.items() if holder == dead]
        own = next(name for name, holder in held.items() if holder == alive)

        mailbox.is_slow = True
        before = {raise_now(town, clinic_id, "before") for clinic_id in left}
        assert mailbox.waits.wait(60), "a message is under way"
        workers.kill_one(0)
        killed_s = time.monotonic()
        mailbox.may_refuse.set()
        after = {raise_now(town, clinic_id, "after") for clinic_id in left}
        beside = {raise_now(town, own, "beside")}
        wait_for(mailbox, beside | after, LEASE_MS / 1000 + ROUND_S)
        for alert, at_s in mailed(mailbox):
            if alert in after:
                assert at_s - killed_s <= LEASE_MS / 1000 + ROUND_S
            if alert in beside:
                assert at_s - killed_s <= ROUND_S, "the other's own clinics don't wait"
        assert set((await holders(town)).values()) == {alive}
        set_clock(town)
        assert look(town.database, town.clock, Heard()).worker == "watching"

        every = before | after | beside
        wait_for(mailbox, every, claims.LEASE_MS / 1000 + ROUND_S)
        assert Counter(alert for alert, _ in mailed(mailbox)) == dict.fromkeys(every, 1)
        # A courier sends several at once: all that were under way were lost with it, and no other.
        lost = range(1, len(before) + 1)
        tried = [sorted([1] * (len(every) - count) + [2] * count) for count in lost]
        await until(lambda: tries(town), lambda seen: seen in tried)


async def tries(world: World) -> list[int]:
    """How often each message that was sent was tried."""
    found = list[int]()
    for clinic_id in world.database.all_clinics():
        with world.database.read(clinic_id) as session:
            sent = select(Delivery.attempts).where(
                Delivery.clinic_id == clinic_id,
                Delivery.alert_id.is_not(None),
                Delivery.ended == claims.SENT,
            )
            found.extend(session.scalars(sent))
    return sorted(found)
