"""Alarms by Android's AlarmManager: they ring with the app closed, the phone asleep or restarted.

The work is done by `Alarms.java`, which alone runs at that moment; here the plan is handed over.
"""

from __future__ import annotations

import json

from firmware_bridge.timebase import Clock
from mobile.platform.alarms import Alarm, AlarmPlan, Exactness
from mobile.platform.android.bridge import OURS, Bridge

NEEDS = (
    "android.permission.SCHEDULE_EXACT_ALARM",
    "android.permission.RECEIVE_BOOT_COMPLETED",
)
_ASK_EXACT = "android.settings.REQUEST_SCHEDULE_EXACT_ALARM"


class AndroidAlarms:
    """Exact where the person allows it, otherwise within Android's window."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._alarms = bridge.own("Alarms")

    @property
    def exactness(self) -> Exactness:
        exact = self._bridge.service("alarm").canScheduleExactAlarms()
        return Exactness.EXACT if exact else Exactness.ABOUT

    async def ask_for_exactness(self) -> None:
        java = self._bridge.java
        package = java("android.net.Uri").parse(f"package:{OURS}")
        self._bridge.activity.startActivity(java("android.content.Intent")(_ASK_EXACT, package))

    async def replace(self, plan: AlarmPlan) -> None:
        self._alarms.replace(self._bridge.activity, as_json(plan))

    async def run(self, clock: Clock) -> None:
        return


def as_json(plan: AlarmPlan) -> str:
    """Return the plan as `Alarms.java` reads it."""
    return json.dumps(
        {
            "zone": plan.zone,
            "quiet_from_minute": plan.quiet_from_minute,
            "quiet_to_minute": plan.quiet_to_minute,
            "title": plan.after_restart.title,
            "body": plan.after_restart.body,
            "alarms": [_fields(alarm) for alarm in plan.alarms],
        }
    )


def _fields(alarm: Alarm) -> dict[str, str | int | bool]:
    return {
        "name": alarm.name,
        "at_ms": alarm.at_ms,
        "floating": alarm.floating,
        "title": alarm.words.title,
        "body": alarm.words.body,
    }
