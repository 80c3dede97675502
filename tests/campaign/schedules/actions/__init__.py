"""What may happen: one function each, by name, with a weight. A chance of its own for each.

- `sessions`: what person and app do around a session. `faults`: power, flash, link, phone, clock.
- `attacks`: replay, forgery, lies. `words`: holds, gates, time. `plans`: prescriptions and keys.
- `owners`: apps, hand-over, reset, roots. `anything`: every operation at any moment.
- `hardware`: parts that fail.
"""

from tests.campaign.schedules.actions import (
    anything,
    attacks,
    faults,
    hardware,
    owners,
    plans,
    sessions,
    words,
)
from tests.campaign.schedules.actions.registry import ACTIONS, Action, Done

__all__ = [
    "ACTIONS",
    "Action",
    "Done",
    "anything",
    "attacks",
    "faults",
    "hardware",
    "owners",
    "plans",
    "sessions",
    "words",
]
