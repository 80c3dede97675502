"""What goes on after the course if the person wants it: further check-ins, their own signs."""

from __future__ import annotations

from mobile.store import Store

_FURTHER, _SIGNS = "further-checkins", "relapse-signs"


def further_days(store: Store) -> int | None:
    """Return every how many days the person wants to be asked: 0 never, None not picked yet."""
    data = store.settings.get(_FURTHER)
    return int(data) if data else None


def keep_further(store: Store, days: int) -> None:
    """Keep how often the person wants to be asked; 0 is never."""
    store.settings.put(_FURTHER, str(days).encode())


def own_signs(store: Store) -> str:
    """Return the person's own early signs; they never leave this phone."""
    data = store.settings.get(_SIGNS)
    return data.decode() if data else ""


def keep_signs(store: Store, text: str) -> None:
    """Keep the person's own early signs."""
    if text != own_signs(store):
        store.settings.put(_SIGNS, text.encode())
