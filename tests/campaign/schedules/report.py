"""What a campaign prints: figures, faults by kind, actions, states and events met, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firmware_bridge.emulator.firmware.states import TABLE, Choice, Event, Happening
from shared.wire.operations import Operation
from shared.wire.status import DeviceState
from tests.campaign.schedules.actions import ACTIONS
from tests.campaign.schedules.campaign import Failure, Tally

_BY_HAND = (Happening.BUTTON, Happening.BUTTON_HELD, Happening.UPDATE_BEGIN)


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


def can_occur() -> dict[Event, tuple[DeviceState, ...]]:
    """Return in which states each event can come at all, by the device's own table.

    Anybody may ask for any operation, press the button or try to update at any time; what the
    device finds by itself comes only where the table has it mean something.
    """
    return {
        event: tuple(
            state
            for state, cell in row.items()
            if _comes_from_outside(event) or cell.choice is not Choice.NOTHING
        )
        for event, row in TABLE.items()
    }


def _comes_from_outside(event: Event) -> bool:
    return isinstance(event, Operation) or event in _BY_HAND


def _coverage(tally: Tally) -> Iterator[str]:
    pairs = can_occur()
    never = {
        event.name: [state.name for state in states if not tally.met[state.name, event.name]]
        for event, states in pairs.items()
    }
    count = sum(len(states) for states in pairs.values())
    missing = sum(len(states) for states in never.values())
    yield f"pairs of state and event: {count - missing} of the {count} that can occur were met"
    for event, states in never.items():
        if states:
            yield f"  never met: {event}: {', '.join(states).lower()}"


def _failure(failure: Failure, seed: int) -> Iterator[str]:
    yield ""
    yield f"FAILED: SEED={seed} ONLY={failure.index}"
    for each in failure.broken:
        yield f"  {each.rule}: {each.words}"
    yield f"  schedule: {failure.schedule}"
    if failure.shortest != failure.schedule:
        yield f"  shortest: {failure.shortest}"
