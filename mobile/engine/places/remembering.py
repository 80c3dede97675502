"""Where the person was when the app was killed: kept sealed, read once at the next start."""

from __future__ import annotations

import json
import logging
from typing import Any

from mobile.engine.places.place import Draft, Place
from mobile.store import Store, StoreError

log = logging.getLogger(__name__)

_SETTING = "place"
MAXIMUM_BYTES = 64_000


class Remembering:
    """Writes the present place down where it has changed since."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._written: bytes | None = None

    def note(self, screen: object) -> None:
        """Write down where the person is; a full disk costs the place, not the day."""
        data = _packed(screen)
        if data == self._written or len(data) > MAXIMUM_BYTES:
            return
        try:
            self._store.settings.put(_SETTING, data)
        except StoreError as problem:
            log.warning("the place isn't kept: %s", problem)
            return
        self._written = data

    def keep(self, screen: object) -> None:
        """Write down, as a part of the caller's transaction, where the person will be; raise
        StoreError where it can't be, so that the rest of the transaction doesn't hold either."""
        self._written = None
        self._store.settings.put(_SETTING, _packed(screen))

    def recalled(self) -> tuple[str, Draft] | None:
        """Return where the person was, or None for the day itself."""
        data = self._store.settings.get(_SETTING)
        if not data:
            return None
        try:
            value: Any = json.loads(data)
            return str(value["name"]), dict(value["draft"])
        except (ValueError, KeyError, TypeError):
            log.warning("the place that was kept can't be read")
            return None


def _packed(screen: object) -> bytes:
    if not isinstance(screen, Place) or not screen.outlasts_the_app:
        return b""
    return json.dumps({"name": screen.name, "draft": dict(screen.draft())}).encode()
