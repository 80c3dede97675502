"""Android's TextToSpeech. It starts by itself in the background; until then nothing is said."""

from __future__ import annotations

from typing import Any

from mobile.language import _
from mobile.platform.android.bridge import Bridge

NEEDS: tuple[str, ...] = ()
_ON_INIT = ("android/speech/tts/TextToSpeech$OnInitListener", "onInit", "(I)V")
_SUCCESS, _AVAILABLE, _FLUSH = 0, 0, 0
_NAME = "cue"


class AndroidSpeech:
    """One engine for the life of the app."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._ready: bool | None = None
        self._listener = bridge.listener(*_ON_INIT, self._started)
        voice = bridge.java("android.speech.tts.TextToSpeech")
        self._voice: Any = voice(bridge.activity, self._listener)

    @property
    def is_there(self) -> bool:
        return bool(self._ready)

    @property
    def sentence(self) -> str:
        if self._ready is None:
            return _("This phone's voice is starting.")
        if self._ready:
            return _("Cues are spoken by this phone's voice.")
        return _("This phone has no voice. Its settings for text-to-speech change that.")

    async def say(self, text: str, language: str) -> None:
        if not self._ready:
            return
        locale = self._bridge.java("java.util.Locale").forLanguageTag(language)
        if self._voice.setLanguage(locale) >= _AVAILABLE:
            self._voice.speak(text, _FLUSH, None, _NAME)

    async def hush(self) -> None:
        if self._ready:
            self._voice.stop()

    def _started(self, status: int) -> None:
        self._ready = status == _SUCCESS
