"""What bleak has to be told on Android: ask for Bluetooth, not for the person's whereabouts.

bleak 3.1.0 asks for three location permissions before each scan and refuses to scan without any.
Since Android 12 a scan needs none where the manifest says ``neverForLocation``; this app runs on
nothing older. So its scanner's question is put in other words: the same call, our permissions.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from mobile.platform.android.bridge import Bridge

SCAN = "android.permission.BLUETOOTH_SCAN"
CONNECT = "android.permission.BLUETOOTH_CONNECT"
NEEDS = (SCAN, CONNECT)
SCANNER = "bleak.backends.p4android.scanner"
QUESTION = "request_permissions"


def ask_for_bluetooth_only(bridge: Bridge) -> None:
    """Change what bleak's scanner asks for. `android_check` holds that it still asks this way."""
    scanner = importlib.import_module(SCANNER)
    if not callable(getattr(scanner, QUESTION, None)):
        raise AttributeError(f"{SCANNER} asks for permissions in another way than bleak 3.1.0")

    def ask(_location: list[str], answered: Callable[[list[str], list[bool]], None]) -> None:
        bridge.ask_permissions(list(NEEDS), answered)

    setattr(scanner, QUESTION, ask)
