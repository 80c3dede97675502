"""How far a transfer has come, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """So much of all: bytes of a blob that have left, records that have arrived."""

    done: int
    total: int


Watch = Callable[[Progress], None]


def unwatched(_: Progress) -> None:
    """Nobody looks."""
