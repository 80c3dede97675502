"""Reminders: which there are and when they ring. Pure: no clock of its own, no I/O, no toolkit.

- `facts`: what reminders follow from. `settings`: what the person wants of them.
- `planning`: facts and settings to reminders. `words`: what stands on a locked screen.
- `local_time`: hours of the day and instants. `quiet`: hours in which nothing rings.
"""

from mobile.reminders.facts import Facts
from mobile.reminders.planning import Kind, Reminder, plan
from mobile.reminders.quiet import QuietHours
from mobile.reminders.settings import ReminderSettings

__all__ = ["Facts", "Kind", "QuietHours", "Reminder", "ReminderSettings", "plan"]
