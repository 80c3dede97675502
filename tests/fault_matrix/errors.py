"""Errors that nobody caught: what the loop was told of, and what our own code logged as one.

Not for what a stack in between complains of by itself: it has no promise to keep here.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_OURS = ("mobile", "firmware_bridge", "shared", "asyncio")


class _Notes(logging.Handler):
    def __init__(self, noted: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._noted = noted

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in _OURS:
            why = "" if not record.exc_info else f": {record.exc_info[1]!r}"
            self._noted.append(f"{record.name} logged {record.getMessage()}{why}")


@contextmanager
def errors_noted(noted: list[str]) -> Iterator[None]:
    """Note what goes wrong unseen while this is open; afterwards nobody minds any more."""
    loop, root, notes = asyncio.get_running_loop(), logging.getLogger(), _Notes(noted)

    def hear(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        if problem is None or not _in_the_stack(problem):
            noted.append(f"{context['message']}: {problem!r}")

    loop.set_exception_handler(hear)
    root.addHandler(notes)
    try:
        yield
    finally:
        root.removeHandler(notes)
        loop.set_exception_handler(lambda *_: None)


def _in_the_stack(problem: BaseException) -> bool:
    frames = traceback.extract_tb(problem.__traceback__)
    return bool(frames) and "bumble" in frames[-1].filename
