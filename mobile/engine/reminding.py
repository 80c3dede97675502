"""Keeps the phone's alarms in step with what is known: plans anew at each change, hands it over.

What rings and when is worked out in `mobile.reminders`; the phone rings. A phone whose clock is
set wrong rings by its own clock, so the plan is moved by as much.
"""

from __future__ import annotations

import asyncio
import logging

from mobile.engine.context import Context
from mobile.engine.reminder_facts import ReminderFacts
from mobile.engine.reminder_settings import kept_reminders
from mobile.platform import NoticeNotShown
from mobile.platform.alarms import Alarm, AlarmPlan
from mobile.platform.zone import zone_of
from mobile.reminders import Reminder, plan
from mobile.reminders.words import nothing_clinical, reminder_words

log = logging.getLogger(__name__)

NOTICE = "reminder"
_SETTLE_MS = 2_000
_LOOK_EVERY_MS = 60_000
_WRONG_CLOCK_MS = 60_000


class Reminding:
    """Plans a moment after the last change, and once a minute: the zone changes unseen."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._facts = ReminderFacts(context)
        self._handed: AlarmPlan | None = None
        self._changed = asyncio.Event()

    def look(self) -> None:
        """Something has changed."""
        self._changed.set()

    async def run(self) -> None:
        """Live until cancelled."""
        context = self._context
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(context.phone.alarms.run(context.clock))
            while True:
                await context.clock.sleep_ms(_SETTLE_MS)
                self._changed.clear()
                await self._hand_over(self.plan())
                await self._until_change()

    def plan(self) -> AlarmPlan:
        """Return what is to ring, by the phone's own clock."""
        context = self._context
        settings = kept_reminders(context.store)
        zone_name = context.zone_name
        reminders = plan(
            self._facts.now(), settings, now_ms=context.instants.wall_ms(), zone=zone_of(zone_name)
        )
        moved_ms = self._phone_is_ahead_ms()
        return AlarmPlan(
            tuple(_alarm(each, moved_ms, says_what=settings.says_what) for each in reminders),
            zone_name,
            nothing_clinical(),
            settings.quiet_from_minute,
            settings.quiet_to_minute,
        )

    async def _hand_over(self, wanted: AlarmPlan) -> None:
        phone = self._context.phone
        if wanted == self._handed:
            return
        try:
            if wanted.alarms and self._handed is None:
                await phone.notices.ask()
            await phone.alarms.replace(wanted)
        except NoticeNotShown as problem:
            log.info("%s", problem)
        self._handed = wanted

    async def _until_change(self) -> None:
        try:
            await self._context.clock.wait_for(self._changed.wait(), _LOOK_EVERY_MS)
        except TimeoutError:
            return

    def _phone_is_ahead_ms(self) -> int:
        """By how much the phone's clock is ahead, in whole minutes; a small error is none."""
        context = self._context
        ahead_ms = context.clock.wall_ms() - context.instants.wall_ms()
        return round(ahead_ms / _WRONG_CLOCK_MS) * _WRONG_CLOCK_MS


def _alarm(reminder: Reminder, moved_ms: int, *, says_what: bool) -> Alarm:
    return Alarm(
        NOTICE,
        reminder.at_ms + moved_ms,
        reminder_words(reminder.kinds, says_what=says_what),
        reminder.floating,
    )
