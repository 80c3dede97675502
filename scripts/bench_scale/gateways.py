"""What gateways that take calls and never answer cost another clinic's message: the time from when
its courier is told of it until its gateway has the call.

Twice: while nothing is known of the silent ones, and when they were found slow and are tried again.
"""

from __future__ import annotations

import itertools
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from cloud.alerts.findings import NOW
from cloud.channels.claims import WAITS_MS
from cloud.channels.courier import Courier
from cloud.channels.sending import Sender
from cloud.channels.service import WEBHOOK, Occasion, add_channel, channels_of, plan
from cloud.channels.webhook import CONNECT_S
from cloud.people.authority import Role
from cloud.people.service import add_member
from scripts.bench.figures import Row
from scripts.bench_scale.costs import Costs
from scripts.bench_scale.scale import Scale
from tests.cloud.channels.servers import Gateway, Silence, gateway, silent_gateway
from tests.cloud.cluster import Cluster
from tests.cloud.worlds import World, add_clinic, make_identity, make_world

SILENT = ((0, 0), (1, 1), (24, 24), (100, 1))
"""Clinics, and the silent hosts that they call."""
AT_MOST_S = CONNECT_S / 2
"""So that none of the silent ones was waited for until it was cut off."""
GIVEN_S = 60.0
"""However many are silent: it comes, or the run fails."""


def gateways(_cluster: Cluster, _scale: Scale, _costs: Costs) -> Iterator[Row]:
    """Yield seconds until a clinic's message is delivered, beside so many silent gateways."""
    with tempfile.TemporaryDirectory() as folder:
        for count, hosts in SILENT:
            own = Path(folder) / str(count)
            own.mkdir()
            world = make_world(own)
            name = f"a message beside {count} clinics that call {hosts} silent hosts"
            first_s, again_s = _measured(world, own, count, hosts)
            yield Row(name, first_s, "s", at_most=AT_MOST_S)
            yield Row(f"{name}, once known", again_s, "s", at_most=AT_MOST_S)
            world.database.close()


def _measured(world: World, folder: Path, count: int, hosts: int) -> tuple[float, float]:
    """Have messages sent to the silent ones, and when they are under way to the other."""
    clinics = [f"silent-{number:03}" for number in range(count)]
    for clinic_id in clinics:
        add_clinic(world, make_identity(folder / clinic_id, clinic_id))
    settings = world.settings.model_copy(update={"webhook_private": True})
    courier = Courier(world.database, world.clock, Sender(settings, world.clock))
    stop = threading.Event()
    running = threading.Thread(target=courier.run, args=(stop,))
    with ExitStack() as open_:
        listening = [open_.enter_context(silent_gateway()) for _ in range(hosts)]
        silent = dict(zip(clinics, itertools.cycle(listening), strict=False))
        there = open_.enter_context(gateway())
        for clinic_id, url in [("demo", there.url), *((c, s.url) for c, s in silent.items())]:
            _add(world, clinic_id, url)
        running.start()
        try:
            first_s = _delivered_s(world, courier, silent, there, 1)
            _wait_for_all(courier)
            world.clock.now_ms += WAITS_MS[0]
            again_s = _delivered_s(world, courier, silent, there, 2)
        finally:
            stop.set()
            running.join()
    return first_s, again_s


def _delivered_s(
    world: World, courier: Courier, silent: Mapping[str, Silence], there: Gateway, turn: int
) -> float:
    some = next(iter(silent.values()), None)
    calls = len(some.taken) + 1 if some else 0
    for clinic_id in silent:
        _plan(world, clinic_id, f"alert {turn}")
        courier.tell(clinic_id)
    if some and not some.wait_for(calls, GIVEN_S):
        raise TimeoutError("no call came to the first silent gateway")
    _plan(world, "demo", f"alert {turn}")
    told_s = time.monotonic()
    courier.tell("demo")
    if not there.wait_for(turn, GIVEN_S):
        raise TimeoutError("no call came to the gateway that answers")
    return time.monotonic() - told_s


def _wait_for_all(courier: Courier) -> None:
    until_s = time.monotonic() + GIVEN_S
    while courier.is_busy:
        if time.monotonic() > until_s:
            raise TimeoutError("messages are still under way")
        time.sleep(0.01)


def _add(world: World, clinic_id: str, url: str) -> None:
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        member = add_member(session, clinic_id, "On Call", Role.PRESCRIBER, now_ms=now_ms)
        add_channel(session, clinic_id, member.staff_id, WEBHOOK, url, now_ms=now_ms)


def _plan(world: World, clinic_id: str, name: str) -> None:
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        (channel,) = channels_of(session, clinic_id)
        plan(session, channel, Occasion(name, NOW), due_ms=now_ms, now_ms=now_ms)
