"""What a system lacks, said plainly: biometrics, a window that it hides, links while it runs."""

from __future__ import annotations

from collections.abc import Callable

from mobile.platform.biometrics import Recognised


class NoBiometrics:
    """The app's PIN stands alone."""

    @property
    def are_there(self) -> bool:
        return False

    async def ask(self, title: str, reason: str, leave: str) -> Recognised:
        return Recognised.UNAVAILABLE


class NoScreenPrivacy:
    """A desktop's task switcher shows windows as they are."""

    @property
    def can_hide(self) -> bool:
        return False

    async def hide(self, *, hidden: bool) -> None:
        return


class StartLink:
    """The link that the app was started with, if any: a desktop starts a process for each."""

    def __init__(self, link: str | None = None) -> None:
        self._link = link

    def watch(self, opened: Callable[[str], None]) -> None:
        if self._link is not None:
            opened(self._link)
