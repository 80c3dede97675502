"""Awaiting the Bluetooth stack without losing a cancellation in it.

The stack waits for its controller with Python 3.11's `asyncio.wait_for`, which swallows a
cancellation that comes together with the result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def await_stack(work: Awaitable[T]) -> T:
    """Await `work`; if this task was cancelled meanwhile, be cancelled whatever came of it."""
    result = await work
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    return result
