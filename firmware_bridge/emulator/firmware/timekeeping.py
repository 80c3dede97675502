"""The device's two times (R5): proven elapsed time, and the trusted wall clock.

Proven time is uptime summed over all boots and, for the gap between two boots, the backed clock's
count where its flag proves that it never broke. Anchors are written at least every five minutes.
The wall clock is the backed clock's count plus an offset that a time token set (R7).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum, auto

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import BackedClock, Flash
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

ANCHOR_EVERY_MS = 5 * 60_000
STEP_TOLERANCE_MS = 2_000
DRIFT_PPM = 100
JUMP_MS = 86_400_000
"""After a loss, a token further than this from what was to be expected is provisional."""

AGREES_AFTER_MS = 3_600_000
"""So long after a provisional setting a second token that agrees makes it trusted."""

_ANCHOR_PAGE, _WALL_PAGE = "anchor", "wall"


class Judgement(Enum):
    """What a time token is worth."""

    REFUSED = auto()
    TRUSTED = auto()
    PROVISIONAL = auto()
    TOO_SOON = auto()
    """It agrees with a provisional setting that is less than an hour old: nothing changes."""


@dataclass(frozen=True)
class Anchor:
    """Proven time and backed count at one instant; with it the newest trusted wall clock, and
    proven time at that."""

    proven_ms: int = wire(1)
    backed_count_ms: int = wire(2)
    boot_count: int = wire(3)
    trusted_wall_ms: int | None = wire(4, default=None)
    trusted_proven_ms: int = wire(5, default=0)


@dataclass(frozen=True)
class WallSetting:
    """Wall time at a backed count, and the first setting since the last loss.

    ``provisional_ms`` is proven time at a setting that nothing goes by yet; ``loss_recorded`` says
    that the ledger tells of the loss that ended this setting.
    """

    wall_ms: int = wire(1)
    backed_count_ms: int = wire(2)
    first_wall_ms: int = wire(3)
    first_count_ms: int = wire(4)
    provisional_ms: int | None = wire(5, default=None)
    loss_recorded: bool = wire(6, default=False)


class Timekeeping:
    """Both times over flash pages and the backed clock."""

    def __init__(self, flash: Flash, clock: BackedClock) -> None:
        self._flash, self._clock = flash, clock
        self._uptime_ms = 0
        self._base_ms = 0
        self._boot_count = 0
        self._anchored_ms: int
        self._anchor: Anchor
        self._wall: WallSetting | None = None

    # Proven time

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
        anchor = self._anchor = self._read_anchor()
        reading = self._clock.read()
        base_ms = max(at_least_ms, anchor.proven_ms)
        if reading.unbroken:
            gap_ms = max(0, reading.count_ms - anchor.backed_count_ms)
            base_ms = max(base_ms, anchor.proven_ms + gap_ms)
        self._base_ms, self._uptime_ms = base_ms, 0
        self._boot_count = max(anchor.boot_count, boots) + 1
        self._wall = self._wall_setting()
        self._write_anchor()
        return reading.unbroken

    def advance(self, uptime_ms: int) -> None:
        """Go on to an uptime; an earlier one changes nothing."""
        self._uptime_ms = max(self._uptime_ms, uptime_ms)
        if self._uptime_ms - self._anchored_ms >= ANCHOR_EVERY_MS:
            self._write_anchor()

    def gain(self, gained_ms: int) -> None:
        """Go on by lost time that a prescriber attested, after its record (R6)."""
        self._base_ms += gained_ms
        self._write_anchor()

    # The wall clock

    def wall_ms(self) -> int | None:
        """Return the trusted wall clock; None while it is lost or provisional."""
        setting, reading = self._wall, self._clock.read()
        if setting is None or setting.provisional_ms is not None or not reading.unbroken:
            return None
        return setting.wall_ms + reading.count_ms - setting.backed_count_ms

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

    @property
    def has_unrecorded_loss(self) -> bool:
        """True where a setting was lost of which the ledger does not tell yet."""
        setting = self._wall
        return setting is not None and not setting.loss_recorded and not self._clock.read().unbroken

    def note_loss_recorded(self) -> None:
        """The ledger tells of the loss from now on."""
        if self._wall is not None:
            self._keep(dataclasses.replace(self._wall, loss_recorded=True))

    def judge(self, wall_ms: int, *, earliest_ms: int, newest_trusted_ms: int) -> Judgement:
        """Return what a token is worth (R7).

        Never before the newest trusted record or anything that was signed or built. Once set, all
        corrections since the last loss together stay within 100 ppm of the time passed; after a
        loss a jump of more than a day needs a second token an hour later.
        """
        if wall_ms < max(earliest_ms, newest_trusted_ms):
            return Judgement.REFUSED
        setting = self._wall if self._clock.read().unbroken else None
        if setting is None:
            return self._after_loss(wall_ms, newest_trusted_ms)
        agrees = self._agrees(setting, wall_ms)
        if setting.provisional_ms is None:
            return Judgement.TRUSTED if agrees else Judgement.REFUSED
        if not agrees:
            return self._after_loss(wall_ms, newest_trusted_ms)
        old_enough = self.proven_ms - setting.provisional_ms >= AGREES_AFTER_MS
        return Judgement.TRUSTED if old_enough else Judgement.TOO_SOON

    def _after_loss(self, wall_ms: int, newest_trusted_ms: int) -> Judgement:
        """The first setting ever is trusted; a later one where it lies near what was to be
        expected. Proven time has passed for certain: a setting before it is none."""
        expected_ms, anchor, since_ms = newest_trusted_ms, self._anchor, 0
        if anchor.trusted_wall_ms is not None:
            since_ms = self.proven_ms - anchor.trusted_proven_ms
            expected_ms = max(expected_ms, anchor.trusted_wall_ms + since_ms)
        if wall_ms < expected_ms - _drift_ms(since_ms):
            return Judgement.REFUSED
        jumps = expected_ms > 0 and abs(wall_ms - expected_ms) > JUMP_MS
        return Judgement.PROVISIONAL if jumps else Judgement.TRUSTED

    def _agrees(self, setting: WallSetting, wall_ms: int) -> bool:
        passed_ms = self._clock.read().count_ms - setting.first_count_ms
        return abs(wall_ms - setting.first_wall_ms - passed_ms) <= _drift_ms(passed_ms)

    def set_wall(self, wall_ms: int, *, provisional: bool) -> None:
        """Set the wall clock; the backup flag comes last: it vouches for the page.

        What was provisional is no first setting, for nothing ever went by it.
        """
        reading, first = self._clock.read(), self._wall
        if provisional or not reading.unbroken or (first and first.provisional_ms is not None):
            first = None
        count_ms = reading.count_ms
        self._keep(
            WallSetting(
                wall_ms,
                count_ms,
                wall_ms if first is None else first.first_wall_ms,
                count_ms if first is None else first.first_count_ms,
                self.proven_ms if provisional else None,
            )
        )
        self._write_anchor()
        self._clock.mark_trusted()

    # Pages

    def _keep(self, setting: WallSetting) -> None:
        self._flash.write_page(_WALL_PAGE, fields.pack(setting))
        self._wall = setting

    def _write_anchor(self) -> None:
        count_ms, wall_ms = self._clock.read().count_ms, self.wall_ms()
        before = self._anchor
        newest = (before.trusted_wall_ms, before.trusted_proven_ms)
        if wall_ms is not None:
            newest = (wall_ms, self.proven_ms)
        self._anchor = Anchor(self.proven_ms, count_ms, self._boot_count, *newest)
        self._flash.write_page(_ANCHOR_PAGE, fields.pack(self._anchor))
        self._anchored_ms = self._uptime_ms

    def _read_anchor(self) -> Anchor:
        page = self._flash.read_page(_ANCHOR_PAGE)
        return Anchor(0, 0, 0) if page is None else fields.unpack(Anchor, page)

    def _wall_setting(self) -> WallSetting | None:
        page = self._flash.read_page(_WALL_PAGE)
        return None if page is None else fields.unpack(WallSetting, page)


def _drift_ms(passed_ms: int) -> int:
    """Return how far two clocks may part in that time (R7), and two seconds (own figure)."""
    return passed_ms * DRIFT_PPM // 1_000_000 + STEP_TOLERANCE_MS
