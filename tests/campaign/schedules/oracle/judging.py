"""One world, one verdict: every rule that was broken, in words, each once."""

from __future__ import annotations

from dataclasses import dataclass

from tests.campaign.schedules.facts import (
    Asked,
    ClockBroke,
    Felt,
    Linked,
    Part,
    Power,
    Pressed,
    Restored,
    World,
)
from tests.campaign.schedules.oracle.dose import broken_dose
from tests.campaign.schedules.oracle.records import broken_records
from tests.campaign.schedules.oracle.sessions import Session, Sessions


@dataclass(frozen=True)
class Broken:
    """A rule, and how it was broken."""

    rule: str
    words: str


@dataclass(frozen=True)
class Verdict:
    """What the oracle found, and the sessions that it saw."""

    broken: tuple[Broken, ...]
    sessions: tuple[Session, ...]


def judge(world: World) -> Verdict:
    """Hold a world against the eight invariants."""
    found: dict[Broken, None] = {}

    def broken(rule: str, words: str) -> None:
        found.setdefault(Broken(rule, words))

    sessions = Sessions(world, broken)
    _follow(world, sessions)
    for rule, words in (*broken_dose(sessions.all), *broken_records(world)):
        broken(rule, words)
    return Verdict(tuple(found), tuple(each for each in sessions.all if each.pulses))


def _follow(world: World, sessions: Sessions) -> None:
    """Facts and pulses in the order in which they happened."""
    pulses = iter(world.pulses)
    pulse = next(pulses, None)
    for place, fact in enumerate(world.facts):
        while pulse is not None and pulse.after <= place:
            sessions.fired(pulse)
            pulse = next(pulses, None)
        if isinstance(fact, Asked):
            sessions.asked(fact)
        elif isinstance(fact, Part):
            sessions.door.blobs.part(fact.value)
        elif isinstance(fact, Linked):
            sessions.door.blobs.new_link()
        elif isinstance(fact, Pressed):
            sessions.pressed(fact)
        elif isinstance(fact, Power):
            sessions.boot(fact.at_us)
        elif isinstance(fact, ClockBroke):
            sessions.clock_broke()
        elif isinstance(fact, Felt):
            sessions.felt(fact)
        elif isinstance(fact, Restored):
            sessions.door.restored()
    while pulse is not None:
        sessions.fired(pulse)
        pulse = next(pulses, None)
