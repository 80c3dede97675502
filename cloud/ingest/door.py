"""Lets tries of enrolment in: anybody may send one, and each costs scrypt's time and memory.

They are worked on in threads of their own, so that a flood of them takes no thread from phones that
are enrolled. A few wait; who comes then is told to come again. All of this is of one process.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import TypeVar

from cloud.errors import TooMany
from cloud.ingest.allowance import Accounts, Allowance
from cloud.limits.service import NETWORK_FACTOR, WINDOW_MS, network_of
from cloud.phones.codes import AT_ONCE

INSIDE_MAX, INSIDE_OF_A_NETWORK = 10, 4
"""Tries worked on or waiting; none waits longer than some tenths of a second."""
AGAIN_S = 2
_LATER = "Many phones are being enrolled just now. Try again a little later; the code stays good."

T = TypeVar("T")


class Door:
    """Tries of enrolment under way; ``tries`` is what one code has from one network."""

    def __init__(self, tries: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "enrolment")
        self._inside: Counter[str] = Counter()
        self._now_s, self._counting = now_s, Lock()
        at_once = tries * NETWORK_FACTOR
        self._strangers = Accounts(Allowance(at_once, at_once * 1000 / WINDOW_MS))

    async def through(self, address: str, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, done in a thread of the door's; raise TooMany where too
        many are inside."""
        network = network_of(address)
        if self._inside.total() >= INSIDE_MAX or self._inside[network] >= INSIDE_OF_A_NETWORK:
            raise TooMany(_LATER, retry_after_s=AGAIN_S)
        self._inside[network] += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, copy_context().run, work)
        finally:
            self._inside[network] -= 1
            self._inside = +self._inside

    def count_stranger(self, address: str) -> None:
        """Count a try at a clinic that isn't here, from any thread; raise TooMany above what a
        network has."""
        network, now_s = network_of(address), self._now_s()
        with self._counting:
            wait_s = self._strangers.wait_s(network, now_s)
            if not wait_s:
                self._strangers.take(network, 1, now_s)
        if wait_s:
            raise TooMany("Too many tries. Wait some minutes and try again.", retry_after_s=wait_s)

    def close(self) -> None:
        """Let the threads end; what is under way goes on to its end."""
        self._threads.shutdown(wait=False)
