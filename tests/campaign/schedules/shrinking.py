"""The shortest schedule that still fails: actions are left out while the same rule breaks."""

from __future__ import annotations

from collections.abc import Callable

from tests.campaign.schedules.schedule import Schedule, Step

Fails = Callable[[Schedule], bool]
TRIES = 200


def shrink(schedule: Schedule, fails: Fails) -> Schedule:
    """Return a schedule that fails and has no chunk, down to single actions, to spare."""
    steps, size, tries = list(schedule.steps), max(1, len(schedule.steps) // 2), 0
    while tries < TRIES:
        at, shorter = 0, False
        while at < len(steps) and tries < TRIES:
            without: list[Step] = steps[:at] + steps[at + size :]
            tries += 1
            if fails(schedule.with_steps(without)):
                steps, shorter = without, True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = max(1, size // 2)
    return schedule.with_steps(steps)
