"""Hears every cancellation through bumble.

bumble waits by Python 3.11's `asyncio.wait_for`, which loses a cancellation that comes in the same
turn of the loop as the result. What is cancelled once and goes on would never end.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def none_lost() -> Iterator[None]:
    """Raise CancelledError where the running task was cancelled inside, whatever else came of it.

    A cancellation from before is no reason: who is cancelled may still hang up.
    """
    before = _times_cancelled()
    try:
        yield
    finally:
        if _times_cancelled() > before:
            raise asyncio.CancelledError


def _times_cancelled() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
