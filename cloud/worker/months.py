"""Has the months made ahead in which PostgreSQL keeps what comes in bulk (ADR 43); SQLite has none.

The worker's role makes no tables. It asks a function of the tables' owner, which makes this month's
partitions and the next two months', where they aren't there, and nothing else. Where that fails for
months rows lie in the partition for the rest: nothing is refused.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from cloud.logs import log

EVERY_MS = 3_600_000


class Months:
    """Asks now and then; of one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._asked_ms = engine, -EVERY_MS

    def look(self, now_ms: int) -> int:
        """Have made what is missing, at most once an hour; return how many partitions that was."""
        if self._engine.dialect.name != "postgresql" or now_ms < self._asked_ms + EVERY_MS:
            return 0
        self._asked_ms = now_ms
        try:
            with self._engine.begin() as connection:
                asked = connection.exec_driver_sql("SELECT circlet_make_months()")
                made = int(asked.scalar_one())
        except SQLAlchemyError as problem:
            log.error("months not made", problem=type(problem).__name__)
            return 0
        if made:
            log.info("months made", made=made)
        return made
