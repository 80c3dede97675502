"""Ways out of the app on Android: the keypad with a number in it, whatever opens an address, or the
system's sheet of apps that take words."""

from __future__ import annotations

from typing import Any

from mobile.platform.android.bridge import Bridge
from mobile.platform.errors import NotOpened
from mobile.platform.ways_out import checked, dialled

NEEDS: tuple[str, ...] = ()
"""None: ACTION_DIAL shows the number, the person presses call."""
_DIAL, _VIEW = "android.intent.action.DIAL", "android.intent.action.VIEW"
_SEND, _TEXT = "android.intent.action.SEND", "android.intent.extra.TEXT"
_NEW_TASK = 0x10000000


class AndroidWaysOut:
    """One intent each."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def dial(self, number: str) -> None:
        self._start(_DIAL, dialled(number), number)

    async def open(self, address: str) -> None:
        self._start(_VIEW, checked(address), address)

    async def hand_on(self, text: str) -> None:
        java = self._bridge.java
        intent = java("android.content.Intent")(_SEND)
        intent.setType("text/plain")
        intent.putExtra(_TEXT, text)
        self._go(intent, text)

    def _start(self, action: str, address: str, named: str) -> None:
        java = self._bridge.java
        self._go(
            java("android.content.Intent")(action, java("android.net.Uri").parse(address)), named
        )

    def _go(self, intent: Any, named: str) -> None:
        intent.addFlags(_NEW_TASK)
        try:
            self._bridge.activity.startActivity(intent)
        except self._bridge.java_error as problem:
            raise NotOpened(named) from problem
