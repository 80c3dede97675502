"""What may never happen while the monkey is at the app: errors in the log, or unheard ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OF_THE_KILL = "bumble."
"""The virtual radio's own stack complains when a killed engine's command is answered after all."""


class Watch(logging.Handler):
    """Collects what is wrong; empty means all is well."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.wrong: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record of level ERROR or worse."""
        if record.name.startswith(OF_THE_KILL):
            return
        cause = record.exc_info[1] if record.exc_info else None
        self.wrong.append(f"{record.name}: {record.getMessage()} {cause!r}")

    def unheard(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take an exception that no task was asked for."""
        self.wrong.append(f"{context.get('message')}: {context.get('exception')!r}")


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch logs and loop until left."""
    watch, root, loop = Watch(), logging.getLogger(), asyncio.get_running_loop()
    before = loop.get_exception_handler()
    root.addHandler(watch)
    loop.set_exception_handler(watch.unheard)
    try:
        yield watch
    finally:
        root.removeHandler(watch)
        loop.set_exception_handler(before)
