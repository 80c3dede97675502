"""Many schedules, in one process or two; what they met, and what broke."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.campaign.schedules.oracle.judging import Broken
from tests.campaign.schedules.remembered import forget
from tests.campaign.schedules.running import Outcome, Runner
from tests.campaign.schedules.schedule import Schedule, schedule_of
from tests.campaign.schedules.shrinking import shrink

SHARE = 50
"""So many schedules at once go to a process."""


@dataclass
class Failure:
    """A schedule that broke something, and the shortest that still does."""

    index: int
    schedule: Schedule
    shortest: Schedule
    broken: tuple[Broken, ...]


@dataclass
class Tally:
    """What a number of schedules came to."""

    schedules: int = 0
    processor_s: float = 0.0
    pulses: int = 0
    sessions: int = 0
    treated: int = 0
    out_of_service: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def note(self, outcome: Outcome) -> None:
        """Go on by one schedule."""
        self.schedules += 1
        self.pulses += outcome.pulses
        self.sessions += outcome.sessions
        self.treated += outcome.sessions > outcome.schedule.sessions
        self.out_of_service += not outcome.ended_in_service
        self.actions.update(outcome.actions)
        self.faults.update(outcome.faults)
        self.met.update(outcome.met)

    def add(self, other: Tally) -> None:
        """Go on by another tally."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(value)
            else:
                setattr(self, name, mine + value)


def run_share(seed: int, indices: Iterable[int], *, shortest: bool = True) -> Tally:
    """Run these schedules of a campaign; the first failure of a share is shrunk."""
    runs, tally = runner(), Tally()
    forget()
    begun_s = time.process_time()
    for index in indices:
        schedule = schedule_of(seed, index)
        outcome = runs.run(schedule)
        tally.note(outcome)
        if outcome.broken:
            short = _shortest(runs, outcome) if shortest and not tally.failures else schedule
            tally.failures.append(Failure(index, schedule, short, outcome.broken))
    tally.processor_s = time.process_time() - begun_s
    return tally


def run_campaign(seed: int, schedules: int, processes: int) -> Iterator[Tally]:
    """Yield the tally of each share as it comes."""
    shares = [
        (seed, range(first, min(first + SHARE, schedules))) for first in range(0, schedules, SHARE)
    ]
    if processes == 1:
        yield from (run_share(*share) for share in shares)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run_share, *share) for share in shares]):
            yield done.result()


def _shortest(runs: Runner, outcome: Outcome) -> Schedule:
    rules = {each.rule for each in outcome.broken}

    def fails(schedule: Schedule) -> bool:
        return any(each.rule in rules for each in runs.run(schedule).broken)

    return shrink(outcome.schedule, fails)


_RUNNERS: list[Runner] = []


def runner() -> Runner:
    """One runner a process: what schedules begin with is built once."""
    if not _RUNNERS:
        _RUNNERS.append(Runner())
    return _RUNNERS[0]
