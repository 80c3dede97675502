"""What the person wants of reminders. Hours are minutes of the day, wherever the person is."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.reminders.local_time import MINUTES_OF_A_DAY
from mobile.reminders.quiet import QuietHours
from shared.wire.fields import wire

_LAST_MINUTE = MINUTES_OF_A_DAY - 1


@dataclass(frozen=True)
class ReminderSettings:
    """The figures that stand here are this product's own choice; the person changes them.

    `says_what` allows the text to say what is due, also on a locked screen.
    """

    session: bool = wire(1, default=True)
    checkin: bool = wire(2, default=True)
    questions: bool = wire(3, default=True)
    clearance: bool = wire(4, default=True)
    charge: bool = wire(5, default=True)
    at_minute: int = wire(6, maximum=_LAST_MINUTE, default=18 * 60)
    quiet_from_minute: int = wire(7, maximum=_LAST_MINUTE, default=21 * 60)
    quiet_to_minute: int = wire(8, maximum=_LAST_MINUTE, default=8 * 60)
    says_what: bool = wire(9, default=False)

    @property
    def quiet(self) -> QuietHours:
        """When nothing rings."""
        return QuietHours(self.quiet_from_minute, self.quiet_to_minute)
