"""The app's own place for somebody close, over a real store and the clinic's real server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC
from types import SimpleNamespace
from typing import Any, cast

from mobile.engine import close_by
from mobile.engine.caring import Caring, default_card
from mobile.engine.places.close_by import CloseBy
from mobile.engine.places.place import Ways
from mobile.engine.preferences import Preferences
from mobile.platform import KeyName, signer
from mobile.platform.silent import silent_phone
from mobile.presenters.words import Now
from mobile.sync.answers import Look
from tests.mobile.sync.season import Season


class App:
    """As much of the engine as the place works with; `life` has store, keys and client."""

    def __init__(self, life: Season) -> None:
        self.life, self.store, self.enrolment = life, life.store, life.enrolment
        self.app_key = signer(life.keys, KeyName.APP)
        self.caring, self.card = Caring(life.store), default_card("Demo clinic")
        self.preferences, self.phone, self.dials = Preferences(), silent_phone(), True
        self.instants = SimpleNamespace(wall_ms=life.clock.wall_ms)
        self.reachable, self.reached_wall_ms, self.watched_wall_ms = True, None, None
        self.flows: list[Coroutine[Any, Any, None]] = []
        nothing = cast(Any, None)
        ways = Ways(
            cast(Any, self), nothing, nothing, self.flows.append, self.flows.append, {}, nothing
        )
        self.place = CloseBy(ways, {})

    @property
    def now(self) -> Now:
        return Now(self.life.clock.wall_ms(), UTC)

    @property
    def shown(self) -> str:
        """The page that stands there."""
        return str(self.place.view())

    def require_enrolment(self) -> object:
        return self.enrolment

    def wake(self) -> None:
        """The test says when the phone is in reach of the clinic."""

    def changed(self) -> None:
        """The test looks when it wants."""

    def say(self, title: str, body: str, tone: object = None) -> None:
        raise AssertionError(f"{title}: {body}")

    async def press(self, *buttons: str) -> None:
        """Touch buttons, each to the end of what it begins."""
        for button in buttons:
            self.place.press(button)
            await asyncio.gather(*self.flows)
            self.flows.clear()

    async def reach_the_clinic(self) -> None:
        """Send what waits, then fetch and take in what waits there."""
        for _ in range(2):
            assert await self.life.exchange()
        self.caring.take_in(self.enrolment, now_ms=self.life.clock.wall_ms())

    @property
    def link(self) -> str:
        """The invitation's link."""
        found = close_by.now_about(cast(Any, self))
        assert found is not None
        return close_by.link_of(found)

    async def looks(self) -> tuple[Look, ...]:
        """Who looked, as the phone is told."""
        return await self.life.client.looks()

    def names(self) -> dict[bytes, str]:
        """Whom the person let in, by id."""
        return dict(close_by.names(cast(Any, self)))
