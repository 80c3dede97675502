"""How fast values leave the band: so many bytes in a connection event, one indication in each.

One for each connection. The virtual radio itself takes no time. Not for what is sent.
"""

from __future__ import annotations

from firmware_bridge.emulator.profile.figures import Profile
from firmware_bridge.timebase import Clock


class Airtime:
    """Lets the time pass that sending takes."""

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self._profile = profile
        self._clock = clock
        self._sent_bytes = 0

    async def spend(self, message_bytes: int, *, confirmed: bool) -> None:
        """Return when a message of so many bytes may leave; a confirmed one needs an event."""
        if self._profile.is_free:
            return
        self._sent_bytes += message_bytes
        events, self._sent_bytes = divmod(self._sent_bytes, self._profile.bytes_per_event)
        events = max(events, int(confirmed))
        await self._clock.sleep_ms(events * self._profile.connection_interval_ms)
