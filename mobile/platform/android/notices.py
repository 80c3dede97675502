"""Notifications on Android, and the foreground service whose notification carries STOP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mobile.language import _
from mobile.platform.android.asking import ask_for
from mobile.platform.android.bridge import Bridge
from mobile.platform.errors import NoticeNotShown
from mobile.platform.notices import Words

POST = "android.permission.POST_NOTIFICATIONS"
NEEDS = (
    POST,
    "android.permission.FOREGROUND_SERVICE",
    "android.permission.FOREGROUND_SERVICE_CONNECTED_DEVICE",
)
_RUN = ("java/lang/Runnable", "run", "()V")


class AndroidNotices:
    """Posts by the app's channel for reminders."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._notifications = bridge.own("Notifications")

    @property
    def sentence(self) -> str:
        if self._are_allowed():
            return _("Notifications are shown by this phone.")
        return _("This phone doesn't let Circlet show notifications. Its settings change that.")

    async def ask(self) -> bool:
        if not self._are_allowed():
            await ask_for(self._bridge, (POST,))
        return self._are_allowed()

    async def show(self, name: str, words: Words) -> None:
        if not self._are_allowed():
            raise NoticeNotShown(self.sentence)
        self._notifications.setChannels(self._bridge.activity, _("Reminders"), _("Session"))
        self._notifications.show(self._bridge.activity, name, words.title, words.body)

    async def take_away(self, name: str) -> None:
        self._notifications.takeAway(self._bridge.activity, name)

    def _are_allowed(self) -> bool:
        return bool(self._bridge.service("notification").areNotificationsEnabled())


class AndroidStanding:
    """Keeps the app's process in the foreground while a session is under way."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._service = bridge.own("SessionService")
        self._receiver = bridge.own("StopReceiver")
        self._notifications = bridge.own("Notifications")
        self._kept: Any = None

    def when_stopped(self, stop: Callable[[], None]) -> None:
        # Java holds no count of what Python made: it lives as long as this object does.
        self._kept = self._bridge.listener(*_RUN, stop)
        self._receiver.hear(self._kept)

    async def show(self, words: Words, stop_label: str) -> None:
        activity = self._bridge.activity
        self._notifications.setChannels(activity, _("Reminders"), _("Session"))
        self._service.show(activity, words.title, words.body, stop_label)

    async def end(self) -> None:
        self._service.end(self._bridge.activity)
