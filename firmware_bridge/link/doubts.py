"""Commands whose answer was lost: each is a doubt until the band has said what became of it.

The link asks as soon as it stands again, before anything new is sent; nothing is ever sent a
second time to find out. Not for what follows from the truth: that is the app's to do.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.wire.operations import (
    Operation,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
)

log = logging.getLogger(__name__)

REMEMBERED = 16
"""The band remembers no more requests either."""

Ask = Callable[[RequestOutcomeArguments], Awaitable[RequestOutcomeResult]]


@dataclass(frozen=True)
class Mark:
    """What the band's status said last: this boot, and how many requests it had taken."""

    boot_count: int = 0
    requests_taken: int = 0


class Uncertain:
    """One command that the band may have carried out."""

    def __init__(self, operation: Operation, request_id: int, request: bytes, mark: Mark) -> None:
        self.operation = operation
        self.request_id = request_id
        self.question = RequestOutcomeArguments(
            request_id, hashlib.sha256(request).digest(), mark.boot_count, mark.requests_taken
        )
        self._result: RequestOutcomeResult | None = None

    @property
    def result(self) -> RequestOutcomeResult | None:
        """What became of it; None while nobody knows.

        UNKNOWN and BOOTED_SINCE are for good: then only facts settle it, `session_outcome`, the
        status and the record.
        """
        return self._result

    @property
    def may_be_done(self) -> bool:
        """Whether the band may have carried it out, by all that is known."""
        not_done = (RequestOutcome.NEVER_ARRIVED, RequestOutcome.REFUSED)
        return self._result is None or self._result.outcome not in not_done

    def settle(self, result: RequestOutcomeResult) -> None:
        """The band has said what became of it."""
        log.info("%s: %s", self.operation.name.lower(), result.outcome.name.lower())
        self._result = result


class Doubts:
    """What is in doubt at the moment, over all connections to the band."""

    def __init__(self) -> None:
        self._open: list[Uncertain] = []
        self._settling = asyncio.Lock()

    def add(self, doubt: Uncertain) -> None:
        """Remember it until it's settled; of too many the oldest stay unknown."""
        self._open.append(doubt)
        while len(self._open) > REMEMBERED:
            self._open.pop(0).settle(RequestOutcomeResult(RequestOutcome.UNKNOWN))

    async def settle(self, ask: Ask) -> None:
        """Ask the band about each; what `ask` raises leaves the rest open."""
        async with self._settling:
            while self._open:
                doubt = self._open[0]
                result = await ask(doubt.question)
                doubt.settle(result)
                if doubt in self._open:
                    self._open.remove(doubt)
