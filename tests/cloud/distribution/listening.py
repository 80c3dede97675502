"""Hears each statement that the cloud's own code sends, in this process, on either database.

What a test itself asks is not judged: the function nearest to the statement, outside of libraries,
is its author.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from cloud.distribution.classes import ACROSS
from tests.cloud.distribution.statements import Asked, asked

_JUDGED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_LIBRARIES = ("site-packages", "/contextlib.py", __file__)


@dataclass(frozen=True)
class Heard:
    """A statement, what it touches, and the function that sent it."""

    author: str
    statement: str
    asked: Asked

    @property
    def offends(self) -> bool:
        """Whether it can't be sent to one node, and nothing says that it need not be."""
        excused = any(f"{self.author}.".startswith(f"{each}.") for each in ACROSS)
        return bool(self.asked.wrong) and not excused

    def __str__(self) -> str:
        return f"{self.author} {', '.join(self.asked.wrong)}:\n  {self.statement}"


@contextmanager
def listening(to: Callable[[Heard], None]) -> Iterator[None]:
    """Hand every statement of the cloud to ``to`` until the block ends."""

    def hear(
        connection: Connection,
        _cursor: Any,
        statement: str,
        _parameters: Any,
        _context: Any,
        _many: bool,
    ) -> None:
        if not statement.lstrip(" (").startswith(_JUDGED):
            return
        author = _author()
        if author.startswith("cloud."):
            to(Heard(author, statement, asked(statement, connection.dialect.name)))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def _author() -> str:
    frame = sys._getframe(2)
    while frame.f_back is not None and _of_a_library(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}"


@functools.cache
def _of_a_library(file: str) -> bool:
    return any(each in file for each in _LIBRARIES)
