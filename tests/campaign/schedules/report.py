"""What a campaign prints: figures, faults by kind, actions, states and events met, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firmware_bridge.emulator.firmware.states import COLUMNS, TABLE, Choice
from tests.campaign.schedules.actions import ACTIONS
from tests.campaign.schedules.campaign import Failure, Tally

_MARKS = {Choice.NOTHING: ".", Choice.REFUSED: "!", Choice.TAKEN: "="}


def report(tally: Tally, seed: int, elapsed_s: float) -> Iterator[str]:
    """Yield the lines of a campaign's report."""
    yield from _figures(tally, seed, elapsed_s)
    yield ""
    yield "faults injected"
    yield from _counted(tally.faults)
    yield "actions"
    yield from _counted(Counter({name: tally.actions[name] for name in ACTIONS}))
    yield from _coverage(tally)
    for failure in tally.failures[:20]:
        yield from _failure(failure, seed)


def _figures(tally: Tally, seed: int, elapsed_s: float) -> Iterator[str]:
    count = max(1, tally.schedules)
    yield f"{tally.schedules} schedules of seed {seed} in {elapsed_s:.0f} s"
    yield (
        f"{tally.schedules / max(elapsed_s, 0.001):.1f} schedules a second, "
        f"{tally.processor_s * 1000 / count:.1f} ms of processor time each"
    )
    yield (
        f"{tally.pulses} pulses in {tally.sessions} sessions; {tally.treated} schedules treated; "
        f"{tally.out_of_service} ended out of service, as they had to"
    )
    yield f"{len(tally.failures)} failed"


def _counted(counter: Counter[str]) -> Iterator[str]:
    for name, count in sorted(counter.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count:8d}  {name}"


def never_met(met: Counter[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of state and event that are decided and were not met."""
    decided = ((state.name, event.name) for event, row in TABLE.items() for state in row)
    return tuple(pair for pair in decided if pair not in met)


def _coverage(tally: Tally) -> Iterator[str]:
    decided = sum(len(row) for row in TABLE.values())
    missing = never_met(tally.met)
    yield f"pairs of state and event: {decided - len(missing)} of {decided} met"
    yield "(a pair that was met has its mark: = taken, ! refused, . nothing; else a blank)"
    yield f"  {'':22s}" + " ".join(COLUMNS)
    for event, row in TABLE.items():
        marks = (
            _MARKS[row[state].choice] if tally.met[state.name, event.name] else " "
            for state in COLUMNS.values()
        )
        yield f"  {event.name:22s}" + " ".join(marks)
    if missing:
        yield "never met: " + ", ".join(f"{event} in {state}" for state, event in missing)


def _failure(failure: Failure, seed: int) -> Iterator[str]:
    yield ""
    yield f"FAILED: SEED={seed} ONLY={failure.index}"
    for each in failure.broken:
        yield f"  {each.rule}: {each.words}"
    yield f"  schedule: {failure.schedule}"
    if failure.shortest != failure.schedule:
        yield f"  shortest: {failure.shortest}"
