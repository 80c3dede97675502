"""Android's time zone, as it is now."""

from __future__ import annotations

from mobile.platform.android.bridge import Bridge

NEEDS: tuple[str, ...] = ()


class AndroidZone:
    """ICU's and IANA's names are the same but for a few fixed offsets, which `zone_of` takes as
    UTC."""

    def __init__(self, bridge: Bridge) -> None:
        self._zones = bridge.java("java.util.TimeZone")

    def name(self) -> str:
        return str(self._zones.getDefault().getID())
