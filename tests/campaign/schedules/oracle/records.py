"""Invariants 4 and 8: reserved before fired, charged at least as much, all of it in the cloud."""

from __future__ import annotations

from collections.abc import Iterator

from tests.campaign.schedules.facts import Broke, Power, Pulse, Restored, World
from tests.campaign.schedules.oracle import ledger
from tests.campaign.schedules.oracle.figures import LOOK_US, SLICE_PULSES
from tests.campaign.schedules.oracle.reading import statement


def broken_records(world: World) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the record of a world."""
    yield from _reserved_first(world)
    yield from _charged_all(world)
    yield from _in_the_cloud(world)
    yield from _faults(world)


# In flash


def _reserved_first(world: World) -> Iterator[tuple[str, str]]:
    """Every pulse stood reserved in flash, and the outside counter had stepped, before it fired."""
    begin = 0
    for until, area in world.logs:
        account, at, since_reserved = ledger.Account(), 0, 0
        lines = ledger.lines_in(area)
        for index in range(until):
            pulse = world.pulses[index]
            while at < len(lines) and lines[at].end <= pulse.log_bytes:
                if lines[at].type == ledger.RESERVED:
                    since_reserved = 0
                account.take(lines[at])
                at += 1
            since_reserved += 1
            if index >= begin:
                yield from _covered(pulse, index, account, since_reserved)
        begin = until


def _covered(
    pulse: Pulse, index: int, account: ledger.Account, since_reserved: int
) -> Iterator[tuple[str, str]]:
    if account.open_counter is None or since_reserved > account.open_pulses:
        yield "reserve before fire", f"pulse {index} was fired without a reservation in flash"
    elif pulse.counter < account.open_counter + 1:
        yield "reserve before fire", f"pulse {index} was fired before the outside counter stepped"
    elif pulse.percent_mso > account.open_percent:
        yield "record", f"pulse {index} has more output than its slice's record"
    if index + 1 > account.total:
        yield "record", f"{index + 1} pulses were fired and {account.total} charged"


def _charged_all(world: World) -> Iterator[tuple[str, str]]:
    """At the end every fired pulse is charged, and at most a slice a power cut beyond them."""
    account = ledger.Account()
    for each in ledger.lines_in(world.logs[-1][1]):
        account.take(each)
    fired = len(world.pulses)
    cuts = sum(1 for fact in world.facts if isinstance(fact, Power) and not fact.on)
    if any(isinstance(fact, Restored) and fact.behind for fact in world.facts):
        return
    if fired > account.total:
        yield "record", f"{fired} pulses were fired, the ledger charges {account.total}"
    if account.total > fired + SLICE_PULSES * (cuts + world.may_be_faulty):
        yield "record", f"the ledger charges {account.total}, only {fired} pulses were fired"


# In the cloud


def _in_the_cloud(world: World) -> Iterator[tuple[str, str]]:
    chains: dict[bytes, dict[int, bytes]] = {}
    heads: dict[bytes, dict[int, bytes]] = {}
    for name, body in world.uploaded:
        kind, *place = name.split("/")
        if kind == "record":
            chain, number = chains.setdefault(bytes.fromhex(place[1]), {}), int(place[2])
            if chain.setdefault(number, body) != body:
                yield "record", f"record {number} came to the cloud with other bytes"
        elif kind == "head":
            said = statement(body)
            if said is None or not said.by(world.device_key):
                yield "record", "a head is not signed by the device"
            else:
                heads.setdefault(said.body[2], {})[said.body[3]] = said.body[4]
    for epoch, chain in chains.items():
        yield from _chain(world, epoch, chain, heads.get(epoch, {}))
    if world.synced:
        yield from _whole(world, chains, heads)


def _chain(
    world: World, epoch: bytes, chain: dict[int, bytes], heads: dict[int, bytes]
) -> Iterator[tuple[str, str]]:
    if sorted(chain) != list(range(1, len(chain) + 1)):
        yield "record", "the cloud's ledger has a gap"
        return
    at = ledger.first_hash(world.device_id, epoch)
    for number in range(1, len(chain) + 1):
        at = ledger.next_hash(at, chain[number])
        if heads.get(number, at) != at:
            yield "record", f"the head at {number} is over other records"


def _whole(
    world: World, chains: dict[bytes, dict[int, bytes]], heads: dict[bytes, dict[int, bytes]]
) -> Iterator[tuple[str, str]]:
    """After the last exchange the cloud has what lies in flash, byte for byte."""
    here = [each.data for each in ledger.lines_in(world.logs[-1][1])]
    if len(chains) != 1:
        yield "record", f"the cloud has {len(chains)} ledgers of one device"
        return
    ((epoch, chain),) = chains.items()
    if [chain.get(number) for number in range(1, len(here) + 1)] != here:
        yield "record", f"flash has {len(here)} records, the cloud {len(chain)}, or others"
    if max(heads.get(epoch, {0: b""})) != len(here):
        yield "record", "no signed head is over the newest record"


# Faults


def _faults(world: World) -> Iterator[tuple[str, str]]:
    behind = [fact.at_us for fact in world.facts if isinstance(fact, Restored) and fact.behind]
    if behind and not world.faulty:
        yield "rollback", "an older flash image against the counter is no fault"
    if behind and any(pulse.at_us > behind[0] for pulse in world.pulses):
        yield "rollback", "a pulse was fired by an older flash image"
    yield from _broken_parts(world)
    if world.faulty and not world.may_be_faulty:
        yield "service", "the device is out of service, and nothing was done to it"


def _broken_parts(world: World) -> Iterator[tuple[str, str]]:
    """What must end a device's service ends it: nothing fires after it, unless power went first."""
    for fact in world.facts:
        if isinstance(fact, Broke) and fact.fatal:
            later = [pulse for pulse in world.pulses if pulse.at_us > fact.at_us]
            if any(pulse.boot == fact.boot for pulse in later):
                yield "service", f"a pulse was fired after a fault ({fact.part})"
            if later and not _cut_at(world, fact):
                yield "service", f"a fault ({fact.part}) was forgotten"


def _cut_at(world: World, broke: Broke) -> bool:
    """Return whether power went before the device can have put it on the record."""
    return any(
        isinstance(fact, Power) and not fact.on and 0 <= fact.at_us - broke.at_us <= LOOK_US
        for fact in world.facts
    )
