"""The notices port: what appears among the system's notifications at once.

Not for what is due later: that is handed to the alarms, which ring without this app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Words:
    """A notification's two lines. Nothing clinical unless the person has allowed it."""

    title: str
    body: str


class Notices(Protocol):
    """Shows and takes away notifications by name; a second one of a name takes the first's place.

    Raises NoticeNotShown where the system won't show any.
    """

    @property
    def sentence(self) -> str:
        """What this system shows, in words for the person."""

    async def ask(self) -> bool:
        """Ask the person to allow notifications, where the system wants that; return whether
        they're allowed now."""

    async def show(self, name: str, words: Words) -> None:
        """Show a notification."""

    async def take_away(self, name: str) -> None:
        """Take it away, if it's still there."""


class Standing(Protocol):
    """The notification that stays while a session is under way, also over a locked screen.

    Its button is STOP. What it calls comes from a thread of the system's own.
    """

    def when_stopped(self, stop: Callable[[], None]) -> None:
        """Call `stop` as soon as the notification's STOP is touched."""

    async def show(self, words: Words, stop_label: str) -> None:
        """Show it, or change its words. On a phone it also keeps the app running."""

    async def end(self) -> None:
        """Take it away: no session is under way."""
