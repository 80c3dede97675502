"""Which permissions the app stands on, adapter by adapter: what the manifest has to ask for.

Each adapter names its own as `NEEDS`, beside the calls that want them.
"""

from __future__ import annotations

from mobile.platform.android import (
    alarms,
    biometrics,
    bluetooth,
    cues,
    keystore,
    links,
    notices,
    privacy,
    speech,
    ways_out,
    zone,
)

ADAPTERS = (
    alarms,
    biometrics,
    bluetooth,
    cues,
    keystore,
    links,
    notices,
    privacy,
    speech,
    ways_out,
    zone,
)
ELSEWHERE = {"android.permission.INTERNET": "mobile.sync.client"}
"""What the app needs beside its adapters, and which module does."""
FOR_NO_LOCATION = "neverForLocation"
"""The flag with which `bluetooth.SCAN` is asked for: what is found says nothing of a place."""


def needed() -> dict[str, str]:
    """Return each permission with the module that needs it."""
    by_adapter = {
        permission: adapter.__name__ for adapter in ADAPTERS for permission in adapter.NEEDS
    }
    return by_adapter | ELSEWHERE
