"""The screen-privacy port: whether the task switcher and screenshots may show the screen."""

from __future__ import annotations

from typing import Protocol


class ScreenPrivacy(Protocol):
    """Hides the window's contents from everything but the screen itself."""

    @property
    def can_hide(self) -> bool:
        """Whether this system lets an app do that."""

    async def hide(self, *, hidden: bool) -> None:
        """Hide the contents from now on, or no longer."""
