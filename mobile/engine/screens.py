"""Where in the app the person is: one small value for each place, with what it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mobile.engine.places.place import Place

if TYPE_CHECKING:
    from mobile.engine.places.place import Place


@dataclass(frozen=True)
class Welcome:
    """Code and birth date."""

    busy: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class Finding:
    """The band is to be found; a search ends at ``until_ms`` of the phone's running time."""

    searching: bool = False
    problem: str | None = None
    until_ms: int | None = None


@dataclass(frozen=True)
class Comparing:
    """Two numbers are to be compared, until ``until_ms`` of the phone's running time."""

    number: int
    until_ms: int | None = None


@dataclass(frozen=True)
class Settling:
    """The band is made the person's; it waits for its button until ``until_ms``."""

    press_button: bool = False
    problem: str | None = None
    until_ms: int | None = None


@dataclass(frozen=True)
class Today:
    """The day at a glance."""


@dataclass(frozen=True)
class Sitting:
    """A session: armed, running, paused, or lost sight of."""


@dataclass(frozen=True)
class Helping:
    """Emergency and help, and where to go back to."""

    back_to: Screen | Place


Screen = Welcome | Finding | Comparing | Settling | Today | Sitting | Helping
