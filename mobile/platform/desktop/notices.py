"""Notifications on the desktop, and the one with STOP that stays during a session."""

from __future__ import annotations

from collections.abc import Callable

from mobile.language import _
from mobile.platform.desktop.notification_service import NotificationService
from mobile.platform.notices import Words


class DesktopNotices:
    """One notification a name."""

    def __init__(self, service: NotificationService) -> None:
        self._service = service
        self._numbers: dict[str, int] = {}

    @property
    def sentence(self) -> str:
        return _("Notifications are shown by this desktop.")

    async def ask(self) -> bool:
        return True

    async def show(self, name: str, words: Words) -> None:
        replaces = self._numbers.get(name, 0)
        number = await self._service.notify(words.title, words.body, replaces=replaces)
        self._numbers[name] = number

    async def take_away(self, name: str) -> None:
        number = self._numbers.pop(name, None)
        if number is not None:
            await self._service.close(number)


class DesktopStanding:
    """Urgent, with a button: servers keep such a one until it's closed."""

    def __init__(self, service: NotificationService) -> None:
        self._service = service
        self._number = 0
        self._stop: Callable[[], None] = lambda: None

    def when_stopped(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    async def show(self, words: Words, stop_label: str) -> None:
        self._number = await self._service.notify(
            words.title,
            words.body,
            replaces=self._number,
            label=stop_label,
            when_acted=self._acted,
        )

    async def end(self) -> None:
        number, self._number = self._number, 0
        if number:
            await self._service.close(number)

    def _acted(self, key: str) -> None:
        if key == "stop":
            self._stop()
