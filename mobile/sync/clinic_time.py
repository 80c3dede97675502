"""The clinic's clock as last heard, carried on by elapsed time.

A phone's own wall clock may be set wrong; what the phone signs for the clinic shouldn't be.
Nothing that the band decides rests on this.
"""

from __future__ import annotations

from firmware_bridge.timebase import Clock


class ClinicTime:
    """The phone's wall clock until the clinic was heard, then the clinic's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ms: int | None = None

    def heard(self, now_ms: int) -> None:
        """The clinic has said what time it is."""
        self._offset_ms = now_ms - self._clock.elapsed_ms()

    def now_ms(self) -> int:
        """Return the best guess at the clinic's time, in Unix milliseconds."""
        if self._offset_ms is None:
            return self._clock.wall_ms()
        return self._offset_ms + self._clock.elapsed_ms()
