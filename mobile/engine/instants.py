"""Which time it is, and which instant on the band's proven time is which hour for the person.

The band's own clock comes first, then the clinic's as last heard, then the phone's: a phone's
clock can be set wrong. Nothing here ends a lock; it only says when the band will.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.timebase import Clock
from mobile.store import Store
from mobile.sync.clinic_time import ClinicTime
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.status import Status

_SETTING = "band-seen"


@dataclass(frozen=True)
class Seen:
    """The band's proven time and the hour, at the last look at it."""

    proven_ms: int = wire(1)
    wall_ms: int = wire(2)
    battery_percent: int = wire(3, maximum=100)


class Instants:
    """Turns the band's proven time into hours and back."""

    def __init__(self, store: Store, clock: Clock, clinic: ClinicTime) -> None:
        self._store = store
        self._clock = clock
        self._clinic = clinic
        kept = store.settings.get(_SETTING)
        self.seen = None if kept is None else fields.unpack(Seen, kept)
        self._heard: tuple[Status, int] | None = None

    def heard(self, status: Status) -> None:
        """The band has said how it stands."""
        self._heard = (status, self._clock.elapsed_ms())
        self.seen = Seen(status.proven_ms, self.wall_ms(), status.battery_percent)

    def keep(self) -> None:
        """Remember the last look for after a restart."""
        if self.seen is not None:
            self._store.settings.put(_SETTING, fields.pack(self.seen))

    def since_heard_ms(self) -> int:
        """Return how long ago the band last said how it stands."""
        return 0 if self._heard is None else self._clock.elapsed_ms() - self._heard[1]

    def wall_ms(self) -> int:
        """Return the hour, in Unix milliseconds, by the best clock there is."""
        if self._heard is not None and self._heard[0].clock_ms is not None:
            return self._heard[0].clock_ms + self.since_heard_ms()
        return self._clinic.now_ms()

    def proven_ms(self) -> int:
        """Return the band's proven time now, as far as this phone can tell."""
        if self._heard is not None:
            return self._heard[0].proven_ms + self.since_heard_ms()
        if self.seen is None:
            return 0
        return self.seen.proven_ms + max(0, self.wall_ms() - self.seen.wall_ms)

    def wall_of(self, proven_ms: int) -> int:
        """Return the hour at which the band's proven time reaches an instant."""
        return self.wall_ms() + proven_ms - self.proven_ms()
