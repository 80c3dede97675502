"""The proof: phones send, the primary dies; what they were told is held against what there is."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx2
from sqlalchemy import text

from cloud.migrations.run import migrate
from cloud.operations import verifying
from tests.cloud.cluster import APP, OWNER
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.operations.processes import Process
from tests.cloud.operations.senders import (
    Sender,
    acknowledged_records,
    count,
    stored_records,
    wait_for_checkins,
)
from tests.cloud.phone import Phone
from tests.cloud.worlds import World, make_world
from tests.ha.clerk import Clerk
from tests.ha.nodes import LOOK_EVERY_S, Node, Nodes

PHONES = 4
CALM_S = 6.0
"""How long phones send before and after each disturbance."""
WITHIN_S = 180.0
"""A disturbance that isn't over by then has failed."""


class PatientSender(Sender):
    """A phone that a failover doesn't put off."""

    within_s = 240


class Failed(AssertionError):
    """Something acknowledged is gone, or a part didn't come back."""


@dataclass(frozen=True)
class Outage:
    """What phones saw of one disturbance, in seconds.

    Attributes:
        what: which one.
        refused_s: the longest time in which no phone's batch was acknowledged.
        each_s: the same for each phone by itself, the longest last.
        worker_s: from it to the worker's first whole round under the new primary.
    """

    what: str
    refused_s: float
    each_s: tuple[float, ...]
    worker_s: float


@dataclass(frozen=True)
class Figures:
    """What one run came to."""

    outages: tuple[Outage, ...]
    rejoined_s: float
    acknowledged: int
    duplicates: int
    records: int
    checkins: int
    acts: int
    refused: Counter[str]
    load_s: float
    processors: int
    load_before: float


def measured(folder: Path) -> Figures:
    """Start everything, let it live through, judge it, and end everything.

    Raises:
        Failed: an acknowledged item is gone or doubled, or a chain doesn't verify.
        TimeoutError: a part didn't come back.
        tests.ha.errors.CannotStart: a program is missing.
    """
    load_before = os.getloadavg()[0]
    with ExitStack() as ending:
        nodes = Nodes()
        ending.callback(nodes.remove)
        nodes.start()
        say("two nodes, the second in step")
        migrate(nodes.url(OWNER))
        world = make_world(folder, nodes.url(APP), devices=PHONES, vaults=PHONES)
        ending.callback(world.database.close)
        set_clock(world)
        processes = [Process(world, name) for name in ("ingest", "worker")]
        for process in processes:
            ending.callback(process.kill)
        clerk = Clerk(world)
        with sending(world, processes[0].url) as senders:
            clerk.start()
            try:
                return lived_through(nodes, world, senders, clerk, load_before)
            finally:
                clerk.end()


@contextmanager
def sending(world: World, url: str) -> Iterator[list[Sender]]:
    """Phones that send until the end of the block, or until `halt` was called."""
    stop = threading.Event()
    with httpx2.Client(base_url=url, timeout=30) as client:
        senders: list[Sender] = []
        for number, device_id in enumerate(world.identity.devices):
            phone = Phone(world, client)
            code = world.enrol(f"Patient {number}", device_id=device_id)[1]
            if phone.enrol(code).status_code != 200:
                raise Failed("a phone can't enrol")
            senders.append(PatientSender(world, phone, device_id, stop))
        for sender in senders:
            sender.start()
        try:
            yield senders
        finally:
            halt(senders)


def halt(senders: Sequence[Sender]) -> None:
    """Let every phone end with the batch that it is at."""
    for sender in senders:
        sender.ask_to_stop()
    for sender in senders:
        sender.join()


def lived_through(
    nodes: Nodes, world: World, senders: list[Sender], clerk: Clerk, load_before: float
) -> Figures:
    """Kill the primary, let it come back, switch over; then judge."""
    began_s = time.monotonic()
    wait(CALM_S)
    old = nodes.leader()
    new = next(each for each in nodes.both if each is not old)
    killed = disturb("killed", old.kill, lambda: {new.name: "leader"}, nodes, world, senders)
    say(f"{old.name} killed; no phone was heard for {killed.refused_s:.1f} s")
    lost_at_once(new, senders)
    old.start()
    in_step = {old.name: "sync_standby", new.name: "leader"}
    rejoined_s = nodes.wait_for(in_step, within_s=WITHIN_S)
    say(f"{old.name} is back and in step after {rejoined_s:.1f} s")
    back = {old.name: "leader", new.name: "sync_standby"}
    switched = disturb("switched over", nodes.switch_over, lambda: back, nodes, world, senders)
    say(f"switched over; no phone was heard for {switched.refused_s:.1f} s")
    halt(senders)
    clerk.end()
    load_s = time.monotonic() - began_s
    checkins = judge(world, senders, clerk)
    answers = sum((each.answers for each in senders), Counter[str]())
    return Figures(
        outages=(killed, switched),
        rejoined_s=rejoined_s,
        acknowledged=sum(len(each.acknowledged) for each in senders),
        duplicates=answers["duplicate"],
        records=count(senders, "record"),
        checkins=checkins,
        acts=len(clerk.done),
        refused=sum((each.refused for each in senders), Counter[str]()),
        load_s=load_s,
        processors=os.cpu_count() or 1,
        load_before=load_before,
    )


def disturb(
    what: str,
    act: Callable[[], None],
    roles: Callable[[], dict[str, str]],
    nodes: Nodes,
    world: World,
    senders: Sequence[Sender],
) -> Outage:
    """Do something to the nodes; return how long phones and worker went without them."""
    at_s, at_ms = time.monotonic(), time.time_ns() // 1_000_000
    act()
    nodes.wait_for(roles(), within_s=WITHIN_S)
    led_s, led_ms = time.monotonic(), time.time_ns() // 1_000_000
    for sender in senders:
        wait_for_yes(sender, after_s=led_s)
    worker_s = (resumed(world, after_ms=led_ms) - at_ms) / 1000
    wait(CALM_S)
    every = [tuple(each.said_yes_s) for each in senders]
    each_s = sorted(silence(times, at_s) for times in every)
    return Outage(what, silence(sorted(sum(every, ())), at_s), tuple(each_s), worker_s)


def silence(said_yes_s: Sequence[float], from_s: float) -> float:
    """The longest time without a yes from the last one before a moment on, in seconds."""
    before = [each for each in said_yes_s if each <= from_s][-1:]
    times = [*before, *(each for each in said_yes_s if each > from_s)]
    return max(later - one for one, later in pairwise(times))


def wait_for_yes(sender: Sender, *, after_s: float) -> None:
    """Wait until a phone's batch was acknowledged after a moment."""
    ends_s = after_s + WITHIN_S
    while not any(each > after_s for each in tuple(sender.said_yes_s)):
        if time.monotonic() > ends_s or sender.failed is not None:
            raise TimeoutError(f"a phone is refused for good: {sender.failed}")
        wait(LOOK_EVERY_S)


def resumed(world: World, *, after_ms: int) -> int:
    """Wait until the worker has looked after the clinic again; return when it did."""
    ends_s = time.monotonic() + WITHIN_S
    asked = text("SELECT max(at_ms) FROM heartbeats")
    while time.monotonic() < ends_s:
        with world.database.read("demo") as session:
            at_ms: int = session.scalar(asked) or 0
        if at_ms > after_ms:
            return at_ms
        wait(LOOK_EVERY_S)
    raise TimeoutError("the worker didn't resume")


def lost_at_once(new: Node, senders: Sequence[Sender]) -> None:
    """Hold what was acknowledged until now against the new primary, asked without the cloud."""
    told = sum(name.startswith("checkin/") for each in senders for name in tuple(each.acknowledged))
    ((there,),) = new.execute("SELECT count(*) FROM checkins", "circlet")
    if there < told:
        raise Failed(f"{told} check-ins were acknowledged, {there} are on the new primary")


def judge(world: World, senders: Sequence[Sender], clerk: Clerk) -> int:
    """Hold what phones were told against what there is; return how many check-ins were opened.

    Raises:
        Failed: with what is missing, doubled or broken.
    """
    problems = [str(each.failed) for each in senders if each.failed is not None]
    if stored_records(world) != acknowledged_records(senders):
        problems.append("records that were acknowledged are gone, or some are there twice")
    problems += [f"{each} was committed and isn't in the audit log" for each in clerk.lost()]
    opened = wait_for_checkins(world, count(senders, "checkin"))
    problems += verifying.wrongs(world.database)
    if problems:
        raise Failed("; ".join(problems))
    return opened


def wait(seconds: float) -> None:
    """Let the phones send for a while."""
    threading.Event().wait(seconds)


def say(words: str) -> None:
    """A line for who watches."""
    print(f"test-ha: {words}", flush=True)
