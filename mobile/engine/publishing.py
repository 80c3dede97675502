"""Gives each new view and look to whoever subscribed, from the engine's thread, never one twice."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View

log = logging.getLogger(__name__)

Subscriber = Callable[[View], None]
Wearer = Callable[[Appearance], None]


class Audience:
    """Subscribers from any thread; a new one hears the newest view at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[Subscriber] = []
        self._newest: View | None = None
        self._wearers: list[Wearer] = []
        self._worn: Appearance | None = None

    @property
    def newest(self) -> View | None:
        """The view that was shown last."""
        return self._newest

    def join(self, subscriber: Subscriber) -> None:
        """Hear of each view from now on."""
        with self._lock:
            self._subscribers.append(subscriber)
            newest = self._newest
        if newest is not None:
            subscriber(newest)

    def show(self, view: View) -> None:
        """Tell everybody, if it's another view than the last."""
        with self._lock:
            if view == self._newest:
                return
            self._newest = view
            subscribers = list(self._subscribers)
        for subscriber in subscribers:
            subscriber(view)

    def join_wearing(self, wearer: Wearer) -> None:
        """Hear of each look from now on; before the view that is to have it."""
        with self._lock:
            self._wearers.append(wearer)
            worn = self._worn
        if worn is not None:
            wearer(worn)

    def wear(self, appearance: Appearance) -> None:
        """Tell everybody how it's to look, if that's new."""
        with self._lock:
            if appearance == self._worn:
                return
            self._worn = appearance
            wearers = list(self._wearers)
        for wearer in wearers:
            wearer(appearance)


class Publisher:
    """Makes the view when something has changed; many changes in one turn make one view."""

    def __init__(
        self, audience: Audience, make: Callable[[], View], look: Callable[[], Appearance]
    ) -> None:
        self._audience = audience
        self._make = make
        self._look = look
        self._due = asyncio.Event()
        self._due.set()

    def due(self) -> None:
        """Something has changed."""
        self._due.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            self._audience.wear(self._look())
            self._audience.show(self._make())
