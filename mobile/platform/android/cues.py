"""Android's cues: tones through AudioTrack, vibrations through the default vibrator."""

from __future__ import annotations

from typing import Any

from mobile.language import _
from mobile.platform.android.bridge import Bridge
from mobile.platform.cues import Cue
from mobile.platform.tones import RATE_HZ, samples

NEEDS = ("android.permission.VIBRATE",)
_USAGE_ALARM, _USAGE_SONIFICATION, _CONTENT_SONIFICATION = 4, 13, 4
_PCM_16_BIT, _MONO, _STATIC = 2, 4, 0
_ONCE = -1


class AndroidCues:
    """An urgent cue plays as an alarm: also on a phone that is set to silent."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._track: Any = None

    @property
    def sentence(self) -> str:
        if self._vibrator().hasVibrator():
            return _("This phone plays sounds and vibrates.")
        return _("This phone plays sounds; it doesn't vibrate.")

    async def give(self, cue: Cue, *, sound: bool = True, vibration: bool = True) -> None:
        if sound:
            self._play(samples(cue.value.tones), urgent=cue.value.urgent)
        if vibration:
            self._vibrate(cue.value.vibrations_ms)

    def _vibrate(self, vibrations_ms: tuple[int, ...]) -> None:
        # Android's pattern begins with a rest.
        pattern = [0, *vibrations_ms]
        effect = self._bridge.java("android.os.VibrationEffect").createWaveform(pattern, _ONCE)
        self._vibrator().vibrate(effect)

    def _vibrator(self) -> Any:
        return self._bridge.service("vibrator_manager").getDefaultVibrator()

    def _play(self, tones: bytes, *, urgent: bool) -> None:
        if self._track is not None:
            self._track.release()
        java = self._bridge.java
        attributes = (
            java("android.media.AudioAttributes$Builder")()
            .setUsage(_USAGE_ALARM if urgent else _USAGE_SONIFICATION)
            .setContentType(_CONTENT_SONIFICATION)
            .build()
        )
        form = (
            java("android.media.AudioFormat$Builder")()
            .setEncoding(_PCM_16_BIT)
            .setSampleRate(RATE_HZ)
            .setChannelMask(_MONO)
            .build()
        )
        self._track = (
            java("android.media.AudioTrack$Builder")()
            .setAudioAttributes(attributes)
            .setAudioFormat(form)
            .setTransferMode(_STATIC)
            .setBufferSizeInBytes(len(tones))
            .build()
        )
        self._track.write(tones, 0, len(tones))
        self._track.play()
