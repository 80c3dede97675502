"""Makes sure that a task which was told to end does end.

In Python 3.11 `asyncio.wait_for` loses a cancellation that comes in the same turn as its result,
and the Bluetooth stack waits by it: what catches errors and goes round again has to look.
"""

from __future__ import annotations

import asyncio


def end_if_told() -> None:
    """Raise CancelledError in a task that was cancelled and has gone on all the same."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
