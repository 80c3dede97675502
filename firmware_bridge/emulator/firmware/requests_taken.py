"""The newest requests that changed something and how they ended, so that a lost answer is settled.

In memory, across links, until the next boot; not on the record, which says what was done and not
who asked. A request is found by its id, its bytes and the phone that sent it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass

from shared.wire.operations import (
    Answer,
    Refusal,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
    StatusCode,
)

REMEMBERED = 16
"""How many are remembered (own figure): a phone settles its doubts before it asks for more."""


@dataclass(frozen=True)
class _Taken:
    request_id: int
    digest: bytes
    peer: str
    result: RequestOutcomeResult


class RequestsTaken:
    """Remembers a bounded number, and counts all."""

    def __init__(self) -> None:
        self._newest: deque[_Taken] = deque(maxlen=REMEMBERED)
        self._count = 0

    @property
    def count(self) -> int:
        """How many this boot has taken."""
        return self._count

    def note(self, request: bytes, peer: str, answer: Answer) -> None:
        """Remember how a request ended."""
        self._count += 1
        digest = hashlib.sha256(request).digest()
        self._newest.append(_Taken(answer.request_id, digest, peer, _result(answer)))

    def outcome(
        self, asked: RequestOutcomeArguments, peer: str, boot_count: int
    ) -> RequestOutcomeResult:
        """Return what became of a request of this phone; UNKNOWN rather than a guess."""
        if asked.boot_count != boot_count:
            return RequestOutcomeResult(RequestOutcome.BOOTED_SINCE)
        named = (asked.request_id, asked.digest)
        found = [each for each in self._newest if (each.request_id, each.digest) == named]
        if found:
            # The first is the phone's own; what came later is a copy of it.
            unknown = RequestOutcomeResult(RequestOutcome.UNKNOWN)
            return found[0].result if found[0].peer == peer else unknown
        if self._forgotten <= asked.requests_taken <= self._count:
            return RequestOutcomeResult(RequestOutcome.NEVER_ARRIVED)
        return RequestOutcomeResult(RequestOutcome.UNKNOWN)

    @property
    def _forgotten(self) -> int:
        return self._count - len(self._newest)


def _result(answer: Answer) -> RequestOutcomeResult:
    if answer.status is StatusCode.OK:
        return RequestOutcomeResult(RequestOutcome.CARRIED_OUT)
    assert isinstance(answer.result, Refusal)
    return RequestOutcomeResult(RequestOutcome.REFUSED, answer.status, answer.result)
