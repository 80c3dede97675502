"""How many messages may be under way at once, so that no gateway holds up another's messages.

A gateway that doesn't answer keeps its place for as long as a message is given. So places are
counted: of all, of one host, of one clinic and of one gateway. A gateway whose last message took
long is slow, and slow ones share one half of each: the other half is for those that answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from cloud.channels.service import WEBHOOK

ALL_PLACES = 32
HOST_PLACES = 16
"""Of a host that many clinics call, and of the mail server."""
CLINIC_PLACES = 8
GATEWAY_PLACES = 6
"""So that a gateway that stops answering leaves its clinic's others something."""
SLOW_S = 3.0
"""A gateway that took longer with its last message is slow (all figures are own choices)."""


@dataclass(frozen=True)
class Gateway:
    """What takes a clinic's messages in: a host that it calls, or the operator's mail server."""

    clinic_id: str
    host: str

    @classmethod
    def of(cls, clinic_id: str, kind: str, address: str) -> Gateway:
        """Return the gateway behind a channel."""
        return cls(clinic_id, urlsplit(address).netloc.lower() if kind == WEBHOOK else "")


class Places:
    """The places of one courier; of one thread."""

    def __init__(self) -> None:
        self._taken = Counter[Gateway]()
        self._slow: set[Gateway] = set()

    def free(self, gateway: Gateway) -> int:
        """Return how many more messages may go to a gateway now."""
        taken = tuple(self._taken.elements())
        shares = (
            (ALL_PLACES, taken),
            (HOST_PLACES, tuple(each for each in taken if each.host == gateway.host)),
            (CLINIC_PLACES, tuple(each for each in taken if each.clinic_id == gateway.clinic_id)),
            (GATEWAY_PLACES, (gateway,) * self._taken[gateway]),
        )
        left = min(most - len(those) for most, those in shares)
        if gateway in self._slow:
            slow = (most // 2 - sum(each in self._slow for each in those) for most, those in shares)
            left = min(left, *slow)
        return max(0, left)

    def take(self, gateway: Gateway) -> None:
        """Count a message as under way."""
        self._taken[gateway] += 1

    def leave(self, gateway: Gateway, took_s: float) -> None:
        """Count it no more; how long it took says whether the gateway is slow from now on."""
        self._taken[gateway] -= 1
        if not self._taken[gateway]:
            del self._taken[gateway]
        if took_s > SLOW_S:
            self._slow.add(gateway)
        else:
            self._slow.discard(gateway)
