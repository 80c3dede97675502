"""What the person chose for this phone: kept sealed, read at the start, changed at a touch."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from typing import Any

from mobile.presenters.appearance import Appearance, Contrast
from mobile.store import Store

log = logging.getLogger(__name__)

_SETTING = "preferences"


@dataclass(frozen=True)
class Preferences:
    """Empty or None where nothing was chosen: then the phone's own look stands."""

    contrast: str | None = None
    text_percent: int | None = None
    still: bool = False
    sound: bool = True
    vibration: bool = True
    spoken: bool = False
    scan_ms: int = 0
    """How long the focus stays at each thing, for one switch; 0 leaves it to the keyboard."""
    hidden: bool = True
    """Whether the task switcher and screenshots are kept from showing the screen."""
    caregiver_name: str = ""
    caregiver_number: str = ""

    def appearance(self, usual: Appearance, *, language: str, mirrored: bool) -> Appearance:
        """Return how the app is to look; ``usual`` is how it looks unless the person chose."""
        return Appearance(
            contrast=usual.contrast if self.contrast is None else Contrast(self.contrast),
            text_percent=self.text_percent or usual.text_percent,
            mirrored=usual.mirrored or mirrored,
            still=self.still or usual.still,
            language=language,
            scan_ms=self.scan_ms,
        )


def keep(store: Store, preferences: Preferences) -> None:
    """Keep what was chosen."""
    store.settings.put(_SETTING, json.dumps(asdict(preferences)).encode())


def kept(store: Store) -> Preferences:
    """Return what was chosen; what can't be read counts as not chosen."""
    data = store.settings.get(_SETTING)
    if not data:
        return Preferences()
    known = {each.name: each for each in fields(Preferences)}
    try:
        values: dict[str, Any] = json.loads(data)
        chosen = Preferences(**{name: value for name, value in values.items() if name in known})
        chosen.appearance(Appearance(), language="en", mirrored=False)
    except (ValueError, TypeError, AttributeError):
        log.warning("what was chosen for this phone can't be read")
        return Preferences()
    return chosen
