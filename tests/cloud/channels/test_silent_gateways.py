"""A gateway that never answers holds up no other gateway's messages: nor another clinic's, nor its
own clinic's, nor the courier's end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud.alerts.findings import NOW
from cloud.channels import webhook
from cloud.channels.claims import LEASE_MS, WAITS_MS
from cloud.channels.courier import Courier
from cloud.channels.errors import NotSent
from cloud.channels.models import Channel, Delivery
from cloud.channels.places import CLINIC_PLACES, GATEWAY_PLACES, HOST_PLACES, SLOW_S
from cloud.channels.sending import Outgoing, Sender
from cloud.channels.service import MAIL, WEBHOOK, Occasion, add_channel, plan
from cloud.people.authority import Role
from cloud.people.service import add_member
from tests.cloud.channels.servers import gateway, silent_gateway
from tests.cloud.workers import deliver
from tests.cloud.worlds import World, add_clinic, make_identity

pytestmark = pytest.mark.both_databases
OTHER = "other"
WITHIN_S, NEVER_S = 20.0, 120.0


@dataclass
class Holding:
    """Sends nothing before it is let: ``begun`` are the messages in the order of their sending."""

    begun: list[Outgoing] = field(default_factory=list)
    let: dict[str, NotSent | None] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, outgoing: Outgoing) -> None:
        with self.changed:
            self.begun.append(outgoing)
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: outgoing.name in self.let, NEVER_S)
            problem = self.let.pop(outgoing.name)
        if problem is not None:
            raise problem

    def let_go(self, *outgoing: Outgoing, problem: NotSent | None = None) -> None:
        with self.changed:
            self.let |= dict.fromkeys((each.name for each in outgoing), problem)
            self.changed.notify_all()

    def wait_for(self, count: int) -> list[Outgoing]:
        """Wait until so many were begun; return them all."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.begun) >= count, WITHIN_S)
            return list(self.begun)


def add(world: World, clinic_id: str, kind: str, address: str) -> Channel:
    """Add a member with a channel."""
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        staff_id = add_member(session, clinic_id, "X", Role.PRESCRIBER, now_ms=now_ms).staff_id
        return add_channel(session, clinic_id, staff_id, kind, address, now_ms=now_ms)


def write(world: World, channel: Channel, count: int = 1) -> None:
    """Plan messages that are due now."""
    now_ms = world.clock.now_ms
    with world.database.write(channel.clinic_id) as session:
        for number in range(count):
            occasion = Occasion(f"alert {number} at {now_ms}", NOW)
            assert plan(session, channel, occasion, due_ms=now_ms, now_ms=now_ms)


def rows(world: World, clinic_id: str) -> list[tuple[str, int, int]]:
    """What each message became, how often it was tried, and until when somebody has it."""
    with world.database.read(clinic_id) as session:
        asked = select(Delivery.ended, Delivery.attempts, Delivery.until_ms)
        found = session.execute(asked.where(Delivery.clinic_id == clinic_id))
        return [(ended, tries, until_ms) for ended, tries, until_ms in found]


def under_way(world: World, clinic_id: str) -> int:
    """How many messages somebody has."""
    return sum(until_ms > 0 for _, _, until_ms in rows(world, clinic_id))


def until_begun(holding: Holding, courier: Courier, count: int) -> list[Outgoing]:
    """Let the courier note what ended until so many were begun."""
    while len(holding.begun) < count:
        assert courier.is_busy
        courier.settle(0.05)
        courier.round()
    return holding.wait_for(count)


def end(holding: Holding, *couriers: Courier) -> None:
    """Let all go that is under way."""
    while any(each.is_busy for each in couriers):
        holding.let_go(*holding.begun)
        for each in couriers:
            each.settle(WITHIN_S)
            each.round()


@contextmanager
def running(courier: Courier) -> Iterator[threading.Event]:
    """The courier's own thread, until the event is set or the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=courier.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(WITHIN_S)
        assert not thread.is_alive()


@pytest.fixture
def calling(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Courier:
    """A courier that calls in earnest and is patient, and a second clinic."""
    monkeypatch.setattr(webhook, "WHOLE_S", NEVER_S)
    monkeypatch.setattr(webhook, "CONNECT_S", NEVER_S)
    add_clinic(world, make_identity(tmp_path / OTHER, OTHER))
    settings = world.settings.model_copy(update={"webhook_private": True})
    return Courier(world.database, world.clock, Sender(settings, world.clock))


def test_it_holds_up_no_other_clinics_message(world: World, calling: Courier) -> None:
    with silent_gateway() as silent, gateway() as there, running(calling):
        write(world, add(world, "demo", WEBHOOK, silent.url), 2 * GATEWAY_PLACES)
        write(world, add(world, OTHER, WEBHOOK, there.url))
        calling.tell("demo")
        assert silent.wait_for(1, WITHIN_S)
        calling.tell(OTHER)
        assert there.wait_for(1, WITHIN_S), "it has come while the silent one is still waited for"


def test_it_holds_up_no_other_gateway_of_its_clinic(world: World, calling: Courier) -> None:
    with silent_gateway() as silent, gateway() as there, running(calling):
        write(world, add(world, "demo", WEBHOOK, silent.url), 2 * CLINIC_PLACES)
        calling.tell("demo")
        assert silent.wait_for(GATEWAY_PLACES, WITHIN_S)
        write(world, add(world, "demo", WEBHOOK, there.url), CLINIC_PLACES)
        calling.tell("demo")
        assert there.wait_for(CLINIC_PLACES, WITHIN_S)
        assert len(silent.taken) == GATEWAY_PLACES


def test_it_holds_up_neither_the_couriers_end_nor_who_follows(
    world: World, calling: Courier
) -> None:
    with silent_gateway() as silent:
        with running(calling):
            write(world, add(world, "demo", WEBHOOK, silent.url))
            calling.tell("demo")
            assert silent.wait_for(1, WITHIN_S)
        assert rows(world, "demo") == [("", 1, 0)], "given back, and due at once"
    sent = list[Outgoing]()
    follower = Courier(world.database, world.clock, sent.append)
    follower.tell("demo")
    assert deliver(follower) == 1


def test_a_slow_gateway_is_tried_with_half_as_many_until_it_answers_in_time(world: World) -> None:
    time_s, holding = [0.0], Holding()
    courier = Courier(world.database, world.clock, holding, lambda: time_s[0])
    channel = add(world, "demo", WEBHOOK, "https://one.example/")
    write(world, channel, GATEWAY_PLACES)
    courier.tell("demo")
    courier.round()
    begun = holding.wait_for(GATEWAY_PLACES)
    time_s[0] += SLOW_S + 1
    holding.let_go(*begun, problem=NotSent("connection", "TimeoutError"))
    courier.settle(WITHIN_S)
    world.clock.now_ms += WAITS_MS[0]
    courier.tell("demo")
    courier.round()
    half = GATEWAY_PLACES // 2
    *_, quick = holding.wait_for(GATEWAY_PLACES + half)
    courier.tell("demo")
    courier.round()
    assert under_way(world, "demo") == half
    holding.let_go(quick)
    until_begun(holding, courier, 2 * GATEWAY_PLACES)
    assert under_way(world, "demo") == GATEWAY_PLACES - 1
    end(holding, courier)
    assert rows(world, "demo") == [("sent", 2, 0)] * GATEWAY_PLACES


def test_clinics_that_wait_for_a_place_take_turns(world: World, tmp_path: Path) -> None:
    clinics = ["demo", *(f"more-{number}" for number in range(3))]
    for clinic_id in clinics[1:]:
        add_clinic(world, make_identity(tmp_path / clinic_id, clinic_id))
    holding = Holding()
    courier = Courier(world.database, world.clock, holding)
    for clinic_id in clinics:
        write(world, add(world, clinic_id, MAIL, "x@clinic.example"), 2 * GATEWAY_PLACES)
        courier.tell(clinic_id)
    courier.round()
    begun = holding.wait_for(HOST_PLACES)
    assert {each.clinic_id for each in begun} == set(clinics[:3])
    holding.let_go(begun[0], begun[1])
    next_ones = until_begun(holding, courier, HOST_PLACES + 2)[HOST_PLACES:]
    assert [each.clinic_id for each in next_ones] == [clinics[3]] * 2
    end(holding, courier)
    assert Counter(each.clinic_id for each in holding.begun) == dict.fromkeys(
        clinics, 2 * GATEWAY_PLACES
    )


def test_what_is_under_way_is_not_begun_again_though_its_lease_ended(world: World) -> None:
    holding = Holding()
    courier = Courier(world.database, world.clock, holding)
    write(world, add(world, "demo", MAIL, "x@clinic.example"))
    courier.tell("demo")
    courier.round()
    holding.wait_for(1)
    world.clock.now_ms += LEASE_MS
    courier.tell("demo")
    courier.round()
    end(holding, courier)
    assert len(holding.begun) == 1
    assert rows(world, "demo") == [("sent", 1, 0)]


def test_who_failed_late_frees_nothing_that_another_has(world: World) -> None:
    holdings = Holding(), Holding()
    late, other = (Courier(world.database, world.clock, each) for each in holdings)
    write(world, add(world, "demo", MAIL, "x@clinic.example"))
    for courier, holding in zip((late, other), holdings, strict=True):
        courier.tell("demo")
        courier.round()
        holding.wait_for(1)
        world.clock.now_ms += LEASE_MS
    before = rows(world, "demo")
    holdings[0].let_go(*holdings[0].begun, problem=NotSent("connection", "TimeoutError"))
    late.settle(WITHIN_S)
    assert rows(world, "demo") == before
    end(holdings[1], other)
    assert rows(world, "demo") == [("sent", 2, 0)]
