"""The phone's sign of life while a session is armed or runs (R11).

It runs on the link's event loop and outlives a lost link: on the next one it goes on. The person's
own sign, `still_here`, is asked of the person and never sent from here.
"""

from firmware_bridge.link.errors import DeviceRefused, LinkError
from firmware_bridge.link.stimulator import StimulatorClient
from firmware_bridge.timebase import Clock, fine_steps

PERIOD_MS = 1_000


class Beat:
    """Sends beats until cancelled, or until the band no longer takes them."""

    def __init__(
        self, stimulator: StimulatorClient, clock: Clock, *, period_ms: int = PERIOD_MS
    ) -> None:
        self._stimulator = stimulator
        self._clock = clock
        self._period_ms = period_ms
        self._heard_at_ms: int | None = None
        self._missed = 0

    @property
    def heard_at_ms(self) -> int | None:
        """When the band last answered one, by the clock's elapsed time."""
        return self._heard_at_ms

    @property
    def missed(self) -> int:
        """How many in a row the band hasn't answered."""
        return self._missed

    async def run(self) -> DeviceRefused:
        """Beat; returns the refusal by which the band ended it."""
        with fine_steps(self._clock):
            while True:
                try:
                    await self._once()
                except DeviceRefused as refusal:
                    return refusal
                await self._clock.sleep_ms(self._period_ms)

    async def _once(self) -> None:
        try:
            await self._stimulator.beat(self._period_ms)
        except DeviceRefused:
            raise
        except LinkError:
            self._missed += 1
        else:
            self._missed = 0
            self._heard_at_ms = self._clock.elapsed_ms()
