"""Links that Android hands to the app: with its start, and while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mobile.platform.android.bridge import Bridge

NEEDS: tuple[str, ...] = ()


class AndroidLinks:
    """The manifest's intent filters say which links come here."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def watch(self, opened: Callable[[str], None]) -> None:
        def arrived(intent: Any) -> None:
            link = intent.getDataString()
            if link:
                opened(link)

        arrived(self._bridge.activity.getIntent())
        self._bridge.on_new_intent(arrived)
