"""The device's two times (R5): proven elapsed time, and the trusted wall clock.

Proven time is uptime summed over all boots and, for the gap between two boots, the backed clock's
count where its flag proves that it never broke. Anchors are written at least every five minutes.
The wall clock is the backed clock's count plus an offset that a time token set (R7).
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import BackedClock, Flash
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

ANCHOR_EVERY_MS = 5 * 60_000
_ANCHOR_PAGE, _WALL_PAGE = "anchor", "wall"
STEP_TOLERANCE_MS = 2_000
DRIFT_PPM = 100


@dataclass(frozen=True)
class Anchor:
    """Proven time and backed count at one instant."""

    proven_ms: int = wire(1)
    backed_count_ms: int = wire(2)
    boot_count: int = wire(3)


@dataclass(frozen=True)
class WallSetting:
    """Wall time at a backed count, and the first setting since the last loss."""

    wall_ms: int = wire(1)
    backed_count_ms: int = wire(2)
    first_wall_ms: int = wire(3)
    first_count_ms: int = wire(4)


class Timekeeping:
    """Both times over flash pages and the backed clock."""

    def __init__(self, flash: Flash, clock: BackedClock) -> None:
        self._flash, self._clock = flash, clock
        self._uptime_ms = 0
        self._base_ms = 0
        self._boot_count = 0
        self._anchored_ms = 0
        self._wall: WallSetting | None = None

    @property
    def uptime_ms(self) -> int:
        """Milliseconds since this boot."""
        return self._uptime_ms

    @property
    def boot_count(self) -> int:
        """How many boots, this one included."""
        return self._boot_count

    @property
    def proven_ms(self) -> int:
        """Proven elapsed time now."""
        return self._base_ms + self._uptime_ms

    @property
    def base_ms(self) -> int:
        """Proven elapsed time at this boot."""
        return self._base_ms

    def boot(self, *, at_least_ms: int, boots: int) -> bool:
        """Begin a boot; return whether the backed clock proved the gap.

        ``at_least_ms`` and ``boots`` are proven time and boot count of the newest record: neither
        goes back, even where the anchor's page was lost.
        """
        anchor = self._anchor()
        reading = self._clock.read()
        base_ms = max(at_least_ms, anchor.proven_ms)
        if reading.unbroken:
            gap_ms = max(0, reading.count_ms - anchor.backed_count_ms)
            base_ms = max(base_ms, anchor.proven_ms + gap_ms)
        self._base_ms, self._uptime_ms = base_ms, 0
        self._boot_count = max(anchor.boot_count, boots) + 1
        self._wall = self._wall_setting() if reading.unbroken else None
        self._write_anchor()
        return reading.unbroken

    def advance(self, uptime_ms: int) -> None:
        """Go on to an uptime; an earlier one changes nothing."""
        self._uptime_ms = max(self._uptime_ms, uptime_ms)
        if self._uptime_ms - self._anchored_ms >= ANCHOR_EVERY_MS:
            self._write_anchor()

    def wall_ms(self) -> int | None:
        """Return the trusted wall clock; None while it is lost."""
        reading = self._clock.read()
        if self._wall is None or not reading.unbroken:
            return None
        return self._wall.wall_ms + reading.count_ms - self._wall.backed_count_ms

    def wall_s(self) -> int | None:
        """Return the trusted wall clock in whole seconds; None while it is lost."""
        wall_ms = self.wall_ms()
        return None if wall_ms is None else wall_ms // 1000

    def require_wall_s(self) -> int:
        """Return the trusted wall clock in whole seconds, or refuse."""
        wall_s = self.wall_s()
        if wall_s is None:
            raise Refused(StatusCode.WRONG_STATE, "clock_not_trusted")
        return wall_s

    def may_set(self, wall_ms: int, *, newest_trusted_ms: int) -> bool:
        """Return whether a token may set the clock to ``wall_ms`` (R7).

        Never before the newest trusted record; once set, all corrections since the last loss
        together stay within 100 ppm of the time passed.
        """
        if wall_ms < newest_trusted_ms:
            return False
        if self._wall is None or self.wall_ms() is None:
            return True
        passed_ms = self._clock.read().count_ms - self._wall.first_count_ms
        expected_ms = self._wall.first_wall_ms + passed_ms
        allowed_ms = passed_ms * DRIFT_PPM // 1_000_000 + STEP_TOLERANCE_MS
        return abs(wall_ms - expected_ms) <= allowed_ms

    def set_wall(self, wall_ms: int) -> None:
        """Set the trusted wall clock; the backup flag comes last: it vouches for the page."""
        first = None if self.wall_ms() is None else self._wall
        count_ms = self._clock.read().count_ms
        self._wall = WallSetting(
            wall_ms,
            count_ms,
            wall_ms if first is None else first.first_wall_ms,
            count_ms if first is None else first.first_count_ms,
        )
        self._flash.write_page(_WALL_PAGE, fields.pack(self._wall))
        self._write_anchor()
        self._clock.mark_trusted()

    def _write_anchor(self) -> None:
        anchor = Anchor(self.proven_ms, self._clock.read().count_ms, self._boot_count)
        self._flash.write_page(_ANCHOR_PAGE, fields.pack(anchor))
        self._anchored_ms = self._uptime_ms

    def _anchor(self) -> Anchor:
        page = self._flash.read_page(_ANCHOR_PAGE)
        return Anchor(0, 0, 0) if page is None else fields.unpack(Anchor, page)

    def _wall_setting(self) -> WallSetting | None:
        page = self._flash.read_page(_WALL_PAGE)
        return None if page is None else fields.unpack(WallSetting, page)
