"""What the person wants of reminders, as it's kept on this phone."""

from __future__ import annotations

import logging

from mobile.reminders import ReminderSettings
from mobile.store import Store
from shared.wire import fields
from shared.wire.errors import WireError

log = logging.getLogger(__name__)

_SETTING = "reminders"


def keep_reminders(store: Store, settings: ReminderSettings) -> None:
    """Keep what the person wants of reminders; the next change of anything plans by it."""
    store.settings.put(_SETTING, fields.pack(settings))


def kept_reminders(store: Store) -> ReminderSettings:
    """Return what the person wants of reminders; what can't be read counts as not chosen."""
    data = store.settings.get(_SETTING)
    try:
        return fields.unpack(ReminderSettings, data) if data else ReminderSettings()
    except WireError as problem:
        log.warning("the reminders' settings can't be read: %s", problem)
        return ReminderSettings()
