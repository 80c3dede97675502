"""One parser of untrusted bytes: how to call it, what it may raise, what makes its inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fuzz.sources import Source


@dataclass(frozen=True)
class Parser:
    """``again`` writes what was read of the given bytes; it must give the same bytes."""

    name: str
    read: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...]
    source: Source
    again: Callable[[Any, bytes], bytes] | None = None
