"""The cues port: short sounds and vibrations, each with a meaning of its own.

No cue is the only bearer of its meaning: the screen says the same in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True)
class Tone:
    """A sine tone; 0 Hz is a rest."""

    hertz: int
    length_ms: int


@dataclass(frozen=True)
class Signal:
    """How a cue sounds and feels; vibrations are lengths of on, off, on, ... in milliseconds."""

    tones: tuple[Tone, ...]
    vibrations_ms: tuple[int, ...]
    urgent: bool = False
    """An urgent one sounds like an alarm: also where a phone is set to silent."""


class Cue(Enum):
    """What a cue means. The figures are this product's own choice."""

    TRAIN_SOON = Signal((Tone(660, 120),), (60,))
    BREAK = Signal((Tone(440, 120),), (60,))
    DONE = Signal((Tone(523, 150), Tone(659, 150), Tone(784, 300)), (80, 80, 80))
    STOPPED = Signal((Tone(392, 200), Tone(262, 400)), (400,))
    STILL_HERE = Signal((Tone(880, 200), Tone(0, 150), Tone(880, 200)), (250, 150, 250), True)


class Cues(Protocol):
    """Sounds and vibrates where the system can; where it can't, it doesn't fail."""

    @property
    def sentence(self) -> str:
        """What this system can do of it, in words for the person."""

    async def give(self, cue: Cue, *, sound: bool = True, vibration: bool = True) -> None:
        """Give a cue, as far as the person wants sound and vibration."""
