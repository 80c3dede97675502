"""The device's wall clock, as the tokens that it took make it (R5, R7), held against the truth."""

from __future__ import annotations

from dataclasses import dataclass

from tests.campaign.schedules.oracle.figures import DRIFT_PPM, HOUR_US, JUMP_MS, STEP_MS


@dataclass
class Wall:
    """How far the device's clock is off the true one; None while it may believe nothing."""

    begin_wall_ms: int
    off_ms: int | None = None
    first: tuple[int, int] = (0, 0)
    provisional: tuple[int, int] | None = None
    before_ms: int | None = None
    certain: bool = True
    """Whether the device has shown since the last loss that it goes by what it was given: it may
    have missed more time than was lost, and so find a true hour far off (R7)."""

    def true_ms(self, at_us: int) -> int:
        """The true hour."""
        return self.begin_wall_ms + at_us // 1000

    def ms(self, at_us: int) -> int | None:
        """The hour that the device goes by."""
        return None if self.off_ms is None else self.true_ms(at_us) + self.off_ms

    def s(self, at_us: int) -> int | None:
        """The same in whole seconds."""
        ms = self.ms(at_us)
        return None if ms is None else ms // 1000

    def lose(self) -> None:
        """The backed clock broke."""
        if self.off_ms is not None:
            self.before_ms = self.off_ms
        self.off_ms = self.provisional = None
        self.certain = False

    def shown(self) -> None:
        """The device took something that needs a trusted clock."""
        self.certain = self.off_ms is not None

    def take(self, token_ms: int, at_us: int) -> str | None:
        """The device took a token; return what was wrong with that."""
        off_ms = token_ms - self.true_ms(at_us)
        if self.off_ms is not None:
            return self._again(off_ms, at_us)
        if self.provisional is not None and not self._differs(off_ms, self.provisional, at_us):
            if at_us - self.provisional[1] >= HOUR_US - 1:
                self._trust(off_ms, at_us)
        elif self.before_ms is not None and off_ms - self.before_ms > JUMP_MS:
            self.provisional = (off_ms, at_us)
        else:
            self._trust(off_ms, at_us)
        return None

    def _again(self, off_ms: int, at_us: int) -> str | None:
        if not self._differs(off_ms, self.first, at_us):
            self.off_ms = off_ms
        elif self.certain:
            return "a time token moved the clock by more than its drift"
        else:
            self.off_ms = self.provisional = None
            return self.take(self.true_ms(at_us) + off_ms, at_us)
        return None

    def _trust(self, off_ms: int, at_us: int) -> None:
        self.off_ms, self.first, self.provisional = off_ms, (off_ms, at_us), None

    def _differs(self, off_ms: int, first: tuple[int, int], at_us: int) -> bool:
        allowed_ms = STEP_MS + (at_us - first[1]) // 1000 * DRIFT_PPM // 1_000_000
        return abs(off_ms - first[0]) > allowed_ms + 1
