"""Android's FLAG_SECURE, by `Screen.java` on the thread that owns the window."""

from __future__ import annotations

from mobile.platform.android.bridge import Bridge

NEEDS: tuple[str, ...] = ()


class AndroidScreenPrivacy:
    """Neither task switcher nor screenshot nor a mirrored screen shows a hidden window."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._screen = bridge.own("Screen")

    @property
    def can_hide(self) -> bool:
        return True

    async def hide(self, *, hidden: bool) -> None:
        self._screen.hide(self._bridge.activity, hidden)
