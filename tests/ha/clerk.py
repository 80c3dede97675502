"""Somebody whose acts are written into the audit log without end, as staff's are by the pages."""

from __future__ import annotations

import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from cloud.audit.service import in_order, record
from tests.cloud.worlds import World

EVERY_S = 0.2


class Clerk(threading.Thread):
    """Acts until the end; `done` is the oracle: the subject of every act that was committed."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world, self._stop_asked = world, threading.Event()
        self.done: list[str] = []
        self.refused = 0

    def run(self) -> None:
        number = 0
        while not self._stop_asked.wait(EVERY_S):
            number += 1
            try:
                self._act(f"act/{number}")
            except SQLAlchemyError:
                self.refused += 1

    def _act(self, subject: str) -> None:
        now_ms = time.time_ns() // 1_000_000
        with self._world.database.write("demo") as session:
            record(session, "demo", actor="clerk", action="acts", subject=subject, now_ms=now_ms)
        self.done.append(subject)

    def end(self) -> None:
        """Let it finish the act that it is at."""
        self._stop_asked.set()
        self.join()

    def lost(self) -> list[str]:
        """The acts that were committed and don't stand in the log exactly once."""
        with self._world.database.read("demo") as session:
            there = [event.subject for event in in_order(session, "demo")]
        return [each for each in self.done if there.count(each) != 1]
