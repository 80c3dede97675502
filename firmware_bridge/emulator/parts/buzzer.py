"""The band's buzzer, as somebody beside it would hear it."""

from __future__ import annotations

from collections.abc import Callable


class HeardBuzzer:
    """Sounds for a while; a broken one is silent and doesn't know it."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._until_ms = 0
        self._mute = False

    def sound(self, duration_ms: int) -> None:
        """Sound for so long, from now."""
        self._until_ms = self._now_ms() + duration_ms

    @property
    def is_sounding(self) -> bool:
        """Whether there is anything to hear."""
        return not self._mute and self._now_ms() < self._until_ms

    def lose_power(self) -> None:
        """Fall silent."""
        self._until_ms = 0

    def mute(self) -> None:
        """Fault: make no sound from now on."""
        self._mute = True

    def mend(self) -> None:
        """Sound again."""
        self._mute = False
