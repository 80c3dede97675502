"""A stimulation pattern as bursts: one train of them, exact in integers.

Repetitive stimulation is bursts of one pulse; theta burst has several pulses a burst. Rates are in
millihertz, so that every published rate is a whole number and no pulse time drifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.wire.fields import wire

_MICROSECONDS_MILLIHERTZ = 1_000_000_000


class PatternKind(IntEnum):
    """Families of patterns."""

    REPETITIVE = 1
    THETA_BURST = 2
    SINGLE = 3


@dataclass(frozen=True)
class Pattern:
    """One train: ``bursts_per_train`` bursts at ``rate_mhz``, each of ``pulses_per_burst``."""

    kind: PatternKind = wire(1)
    rate_mhz: int = wire(2, minimum=1, maximum=100_000)
    pulses_per_burst: int = wire(3, minimum=1, maximum=10)
    intra_burst_mhz: int = wire(4, maximum=100_000)
    bursts_per_train: int = wire(5, minimum=1, maximum=3000)

    def __post_init__(self) -> None:
        if self.pulses_per_burst > 1 and self.intra_burst_mhz <= self.rate_mhz:
            raise ValueError("intra_burst_mhz: pulses of a burst must lie closer than bursts")
        if self.pulses_per_burst > 1 and self._burst_us() >= self._period_us(1):
            raise ValueError("pulses_per_burst: a burst must end before the next begins")

    @property
    def pulses_per_train(self) -> int:
        """Pulses in one train."""
        return self.pulses_per_burst * self.bursts_per_train

    @property
    def train_us(self) -> int:
        """Length of a train in microseconds, its last period included (R4), rounded up."""
        return -(-self.bursts_per_train * _MICROSECONDS_MILLIHERTZ // self.rate_mhz)

    def pulse_us(self, index: int) -> int:
        """Microseconds from the train's begin to its pulse number ``index`` (from 0), rounded
        down once."""
        burst, within = divmod(index, self.pulses_per_burst)
        if not within:
            return self._period_us(burst)
        periods = burst * self.intra_burst_mhz + within * self.rate_mhz
        return periods * _MICROSECONDS_MILLIHERTZ // (self.rate_mhz * self.intra_burst_mhz)

    def _period_us(self, bursts: int) -> int:
        return bursts * _MICROSECONDS_MILLIHERTZ // self.rate_mhz

    def _burst_us(self) -> int:
        return (self.pulses_per_burst - 1) * _MICROSECONDS_MILLIHERTZ // self.intra_burst_mhz
