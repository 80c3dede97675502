"""How much somebody may bring: so much at once, and so much a second after that."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

FULL_ENOUGH = 0.8
"""An account that holds so much of what it can is asked for no more."""
KEPT = 10_000
"""Accounts that are remembered; one that is forgotten was quiet for longest, and begins full."""


@dataclass(frozen=True)
class Allowance:
    """``at_once`` is what an account holds when full, ``per_s`` what flows back into it."""

    at_once: float
    per_s: float


class Accounts:
    """Accounts of one allowance by name. One may be overdrawn by as much as it can hold, and is
    then empty for longer.

    Times are seconds of a clock that never goes back.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, now_s: float, wanted: float = 1) -> int:
        """Return after how many whole seconds the account holds what's wanted, or is all but full;
        0: it does now."""
        most = FULL_ENOUGH * self._allowance.at_once
        missing = min(wanted, most) - self._balance(name, now_s)
        return 0 if missing <= 0 else math.ceil(missing / self._allowance.per_s)

    def take(self, name: str, amount: float, now_s: float) -> float:
        """Take an amount out of the account; return how much of it the account held."""
        balance = self._balance(name, now_s)
        self._held[name] = max(balance - amount, -self._allowance.at_once), now_s
        self._held.move_to_end(name)
        while len(self._held) > KEPT:
            self._held.popitem(last=False)
        return max(0.0, min(amount, balance))

    def _balance(self, name: str, now_s: float) -> float:
        full = self._allowance.at_once
        balance, then_s = self._held.get(name, (full, now_s))
        return min(full, balance + (now_s - then_s) * self._allowance.per_s)
