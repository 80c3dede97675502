"""One schedule from its snapshot to its verdict."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import traceback
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from shared.wire.status import DeviceState
from tests.campaign.schedules.actions import ACTIONS, Done
from tests.campaign.schedules.actions.faults import back_on
from tests.campaign.schedules.air import Weather
from tests.campaign.schedules.facts import World
from tests.campaign.schedules.kinds import kind_named
from tests.campaign.schedules.memory_store import Shelf
from tests.campaign.schedules.oracle.judging import Broken, Verdict, judge
from tests.campaign.schedules.remembered import remembering
from tests.campaign.schedules.schedule import Schedule
from tests.campaign.schedules.setting_up import build_snapshot
from tests.campaign.schedules.stage import Snapshot, Stage, without_chance
from tests.campaign.schedules.timeline import Stuck, Timeline

REAL_STORE_EVERY = 50
"""One schedule in so many runs over the phone's real tables."""

SELDOM = (50_000, 20, 50)
"""A schedule makes much that goes at once."""

ROUNDS = 4
ROUND_MS = 60_000
QUIET_MS = 700_000
FAR_BYTES = 10**9
AGREES_MS = 3_601_000
"""After a loss a second time token has to agree an hour later."""


@dataclass
class Outcome:
    """What came of one schedule."""

    schedule: Schedule
    broken: tuple[Broken, ...]
    world: World
    pulses: int = 0
    sessions: int = 0
    whole: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    met: set[tuple[str, str]] = field(default_factory=set)
    ended_in_service: bool = False


class Runner:
    """Runs schedules one after the other; keeps what they begin with."""

    def __init__(self) -> None:
        logging.disable(logging.CRITICAL)
        gc.set_threshold(*SELDOM)
        self._timeline, self._shelf = Timeline(), Shelf()
        self._snapshots: dict[tuple[str, int, bool], Snapshot] = {}

    def prepare(self, schedule: Schedule) -> None:
        """Build what the schedule begins with, if it isn't there yet."""
        self._shelf.real = schedule.seed % REAL_STORE_EVERY == 0
        self._snapshot(schedule.kind, schedule.sessions)

    def run(self, schedule: Schedule) -> Outcome:
        """Run one and judge it."""
        self._shelf.real = schedule.seed % REAL_STORE_EVERY == 0
        snapshot = self._snapshot(schedule.kind, schedule.sessions)
        stage = Stage(self._timeline, self._shelf, snapshot.kind, schedule.seed % 2**31, snapshot)
        outcome = Outcome(schedule, (), stage.world)
        with ExitStack() as patches:
            for patch in without_chance(schedule.seed):
                patches.enter_context(patch)
            if not self._shelf.real:
                patches.enter_context(remembering())
            asyncio.set_event_loop(self._timeline)
            try:
                self._timeline.run_until_complete(self._live(stage, schedule, outcome))
            except Stuck:
                outcome.broken = (Broken("campaign", "everybody waits"),)
                return outcome
            except Exception as error:
                outcome.broken = (Broken("campaign", _raised(error)),)
                return outcome
        self._judge(stage, outcome)
        return outcome

    def _snapshot(self, kind: str, sessions: int) -> Snapshot:
        key = (kind, sessions, self._shelf.real)
        if key not in self._snapshots:
            made = build_snapshot(self._timeline, self._shelf, kind_named(kind), sessions=sessions)
            self._snapshots[key] = made
        return self._snapshots[key]

    async def _live(self, stage: Stage, schedule: Schedule, outcome: Outcome) -> None:
        met = outcome.met
        stage.band.watch = lambda state, event: met.add((state.name, event.name))  # type: ignore[attr-defined]
        snapshot = self._snapshot(schedule.kind, schedule.sessions)
        stage.band.switch_on()
        stage.open_app(snapshot.image)
        await ACTIONS["keep_flash"].act(Done(stage, random.Random(0), outcome.faults))
        for step in schedule.steps:
            done = Done(stage, random.Random(step.seed), outcome.faults)
            await back_on(done)
            if not done.phone.alive:
                stage.open_app(None)
            await done.phone.ready()
            outcome.actions[step.name] += 1
            await ACTIONS[step.name].act(done)
        await self._settle(stage, outcome)
        counts = vars(stage.air.counts)
        outcome.faults.update({f"frame {name}": count for name, count in counts.items() if count})
        await stage.settle()

    async def _settle(self, stage: Stage, outcome: Outcome) -> None:
        """Fair weather, power, and time: phone and cloud must come to know everything."""
        done = Done(stage, random.Random(outcome.schedule.seed), outcome.faults)
        vars(stage.air.weather).update(vars(Weather()))
        stage.cloud.reachable, stage.cloud.answers_lost, stage.cloud.time_off_ms = True, 0, 0
        stage.air.back_in_reach()
        stage.band.cut_after(FAR_BYTES, 0)
        await back_on(done)
        await stage.sleep_ms(QUIET_MS)
        world, band = stage.world, stage.band
        world.faulty = band.state is DeviceState.FAULT
        if not world.faulty:
            for _ in range(ROUNDS):
                await done.ask(done.phone.round(), ROUND_MS)
                if self._is_synced(stage):
                    break
                await stage.sleep_ms(AGREES_MS)
            world.faulty = band.state is DeviceState.FAULT
            world.synced = not world.faulty and self._can_follow(stage)
        world.logs.append((len(world.pulses), band.log_area()))
        for phone in stage.phones:
            for problem in phone.problems:
                outcome.broken += (Broken("app", f"{type(problem).__name__}: {problem}"),)

    def _can_follow(self, stage: Stage) -> bool:
        """Whether the band is still the phone's clinic's, and its record goes on from the phone's.

        A phone that is enrolled after receipted records gave way has no beginning to go on from.
        """
        phone = stage.phone
        assert phone is not None
        known = phone.ledger.next_number >= stage.band.firmware.record_range()[0]
        return known and stage.band.clinic_id == phone.enrolment.clinic_id

    def _is_synced(self, stage: Stage) -> bool:
        phone = stage.phone
        assert phone is not None
        waits = phone.store.outbox.waiting()
        return not waits and phone.ledger.state.number == stage.band.firmware.record_range()[1]

    def _judge(self, stage: Stage, outcome: Outcome) -> None:
        verdict: Verdict = judge(stage.world)
        outcome.broken += verdict.broken
        outcome.pulses = len(stage.world.pulses)
        outcome.sessions = len(verdict.sessions)
        outcome.ended_in_service = not stage.world.faulty


def _raised(error: Exception) -> str:
    """What was raised, and where."""
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def same_failure(first: Outcome, second: Outcome) -> bool:
    """Return whether both broke a rule in common."""
    return bool({each.rule for each in first.broken} & {each.rule for each in second.broken})


__all__ = ["Outcome", "Runner", "replace", "same_failure"]
