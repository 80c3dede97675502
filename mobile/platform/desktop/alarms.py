"""Alarms on the desktop: they ring while the app is open, and it says so."""

from __future__ import annotations

import asyncio
import logging
from typing import NoReturn

from firmware_bridge.timebase import Clock
from mobile.platform.alarms import Alarm, AlarmPlan, Exactness
from mobile.platform.errors import NoticeNotShown
from mobile.platform.notices import Notices

log = logging.getLogger(__name__)

LOOK_EVERY_MS = 30_000
"""The wall clock may be set while we wait: it's looked at this often."""


class DesktopAlarms:
    """A look at the wall clock every half minute, and at each new plan."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._waiting: tuple[Alarm, ...] = ()
        self._changed = asyncio.Event()

    @property
    def exactness(self) -> Exactness:
        return Exactness.WHILE_OPEN

    async def ask_for_exactness(self) -> None:
        return

    async def replace(self, plan: AlarmPlan) -> None:
        self._waiting = plan.alarms
        self._changed.set()

    async def run(self, clock: Clock) -> NoReturn:
        while True:
            now_ms = clock.wall_ms()
            due = [alarm for alarm in self._waiting if alarm.at_ms <= now_ms]
            self._waiting = tuple(alarm for alarm in self._waiting if alarm.at_ms > now_ms)
            for alarm in due:
                await self._ring(alarm)
            await self._until_next(clock)

    async def _ring(self, alarm: Alarm) -> None:
        try:
            await self._notices.show(alarm.name, alarm.words)
        except NoticeNotShown as problem:
            log.info("%s: %s", alarm.name, problem)

    async def _until_next(self, clock: Clock) -> None:
        left_ms = [alarm.at_ms - clock.wall_ms() for alarm in self._waiting]
        self._changed.clear()
        try:
            await clock.wait_for(self._changed.wait(), max(1, min([LOOK_EVERY_MS, *left_ms])))
        except TimeoutError:
            return
