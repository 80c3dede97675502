"""Tones made by arithmetic: 16-bit mono samples, and a WAV file of them."""

from __future__ import annotations

import io
import math
import struct
import wave

from mobile.platform.cues import Tone

RATE_HZ = 22_050
SAMPLE_BYTES = 2
_LOUDNESS = 0.4 * 32_767
_RAMP_MS = 8


def samples(tones: tuple[Tone, ...]) -> bytes:
    """Return the tones, little endian, each fading in and out so that it doesn't click."""
    return b"".join(_samples(tone) for tone in tones)


def wave_file(tones: tuple[Tone, ...]) -> bytes:
    """Return the tones as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(SAMPLE_BYTES)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples(tones))
    return file.getvalue()


def _samples(tone: Tone) -> bytes:
    count, ramp = RATE_HZ * tone.length_ms // 1000, RATE_HZ * _RAMP_MS // 1000
    step = 2 * math.pi * tone.hertz / RATE_HZ
    levels = (
        int(_LOUDNESS * min(1.0, place / ramp, (count - place) / ramp) * math.sin(step * place))
        for place in range(count)
    )
    return struct.pack(f"<{count}h", *levels)
