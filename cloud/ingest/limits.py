"""Bounds on what anybody may send: body size, and tries by address."""

from __future__ import annotations

from collections import deque

from starlette.requests import Request

from cloud.clock import Clock
from cloud.errors import CloudError

BODY_BYTES_MAX = 8 * 1024 * 1024
WINDOW_MS = 10 * 60_000
ADDRESSES_MAX = 10_000


class TooLarge(CloudError):
    """The request is longer than the limit."""

    code = "too_large"
    status = 413


class TooMany(CloudError):
    """Too many tries from one address."""

    code = "too_many"
    status = 429


async def read_body(request: Request) -> bytes:
    """Return the body; raise TooLarge before more than the limit is held."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES_MAX:
            raise TooLarge(f"A request has at most {BODY_BYTES_MAX // 1024 // 1024} MB.")
    return bytes(body)


class TryLimit:
    """At most ``limit`` tries an address in ten minutes, in this process's memory."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self._clock, self._limit = clock, limit
        self._tries: dict[str, deque[int]] = {}

    def count(self, address: str) -> None:
        """Count one try; raise TooMany above the limit."""
        now_ms = self._clock.wall_ms()
        if len(self._tries) > ADDRESSES_MAX:
            self._tries.clear()
        tries = self._tries.setdefault(address, deque())
        while tries and tries[0] <= now_ms - WINDOW_MS:
            tries.popleft()
        if len(tries) >= self._limit:
            raise TooMany("Too many tries. Wait ten minutes and try again.")
        tries.append(now_ms)
