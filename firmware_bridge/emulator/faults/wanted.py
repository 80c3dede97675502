"""Which values a fault takes: each kind says so in words, and checks.

`usual` is the value where none is given; MUST_BE_GIVEN where there is no such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from firmware_bridge.emulator.parts.slots import PAGE_NAME

MUST_BE_GIVEN = object()


class Wanted(Protocol):
    """One kind of value."""

    @property
    def usual(self) -> Any:
        """The value that is meant where none is given."""

    @property
    def words(self) -> str:
        """What is wanted, for the person who gave something else."""

    def accepts(self, value: Any) -> bool:
        """Whether it is such a value."""


@dataclass(frozen=True)
class Happens:
    """No choice: it happens."""

    usual: bool = True
    words: str = "true"

    def accepts(self, value: Any) -> bool:
        """Only true."""
        return value is True


@dataclass(frozen=True)
class Flag:
    """True or false; `usual` is the one that is the fault."""

    usual: bool = True
    words: str = "true or false"

    def accepts(self, value: Any) -> bool:
        """Either."""
        return type(value) is bool


@dataclass(frozen=True)
class Integer:
    """A whole number between limits; with `or_none` in words, null is taken too."""

    least: int
    most: int
    usual: Any = MUST_BE_GIVEN
    or_none: str = ""

    @property
    def words(self) -> str:
        """The limits."""
        limits = f"an integer from {self.least} to {self.most}"
        return f"{limits}, or null {self.or_none}" if self.or_none else limits

    def accepts(self, value: Any) -> bool:
        """Within the limits."""
        if value is None:
            return bool(self.or_none)
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True)
class Page:
    """The name of a page of flash."""

    usual: Any = MUST_BE_GIVEN
    words: str = "a page's name"

    def accepts(self, value: Any) -> bool:
        """Written as pages are named."""
        return type(value) is str and PAGE_NAME.fullmatch(value) is not None
