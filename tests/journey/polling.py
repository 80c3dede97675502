"""Looks again until something of another process is so; for what sends no event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_S = 0.05


async def until(
    look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], *, within_s: float = 60
) -> T:
    """Return what was seen when it was as wanted; raise TimeoutError with what it was instead."""
    seen = await look()
    begun = asyncio.get_running_loop().time()
    while not wanted(seen):
        if asyncio.get_running_loop().time() - begun > within_s:
            raise TimeoutError(f"it stayed {seen!r:.2000}")
        await asyncio.sleep(LOOK_EVERY_S)
        seen = await look()
    return seen
