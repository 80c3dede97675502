"""The bound on what anybody may send."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from cloud.errors import CloudError

BODY_BYTES_MAX = 8 * 1024 * 1024
READ_WITHIN_S = 60.0
"""Own figure: an app's largest upload, 400 kB, at 7 kB a second. Who trickles holds no place for
longer."""
READ_AND_DROPPED_MAX = 1024 * 1024
"""Of a refused request; the connection of a longer one is closed."""


class TooLarge(CloudError):
    """The request is longer than the limit."""

    code = "too_large"
    status = 413


class TooSlow(CloudError):
    """The request's body didn't come in time."""

    code = "too_slow"
    status = 408


async def read_body(request: Request) -> bytes:
    """Return the body; raise TooLarge before more than the limit is held, and before any of it is
    where its length is said beforehand, TooSlow where it isn't here in time."""
    require_length(request)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            async for part in request.stream():
                body += part
                if len(body) > BODY_BYTES_MAX:
                    raise _too_large()
    except TimeoutError as problem:
        raise TooSlow(f"A request is to come within {READ_WITHIN_S:.0f} s.") from problem
    return bytes(body)


def require_length(request: Request) -> None:
    """Raise TooLarge for a body that is said to be longer than the limit."""
    if said_length(request) > BODY_BYTES_MAX:
        raise _too_large()


def said_length(request: Request) -> int:
    """Return how long the body is said to be; 0 where that isn't said."""
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdecimal() else 0


async def throw_away(request: Request) -> None:
    """Read a body that is no longer than what an app sends, and hold none of it."""
    if not 0 < said_length(request) <= READ_AND_DROPPED_MAX:
        return
    async for _ in request.stream():
        pass


def _too_large() -> TooLarge:
    return TooLarge(f"A request has at most {BODY_BYTES_MAX // 1024 // 1024} MB.")
