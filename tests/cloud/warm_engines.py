"""Engines that know what engines before them compiled, as a process that has served for a while.

Each world and each app of a test has an engine of its own, and each of these would compile every
statement anew, which takes longer than to run it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event

STATEMENTS = 5_000
"""So many statements are kept: more than the cloud has."""
_connected: dict[tuple[str, str], Engine] = {}
"""Of each database and driver the first engine that has connected."""


def create_engine(url: str, **options: Any) -> Engine:
    """Stand in for SQLAlchemy's own function."""
    engine = sqlalchemy.create_engine(url, query_cache_size=STATEMENTS, **options)
    kind = (engine.dialect.name, engine.dialect.driver)
    first = _connected.get(kind)
    if first is None:
        event.listen(engine, "connect", lambda *_: _connected.setdefault(kind, engine))
    else:
        # What was compiled is kept for one dialect alone.
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return engine
