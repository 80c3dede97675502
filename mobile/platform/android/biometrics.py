"""Android's BiometricPrompt, by `OwnerAsk.java`: its callback is a class, which Python can't be."""

from __future__ import annotations

import asyncio
from typing import Any

from mobile.platform.android.bridge import OURS, Bridge
from mobile.platform.biometrics import Recognised

NEEDS = ("android.permission.USE_BIOMETRIC",)
_ANSWER = (f"{OURS.replace('.', '/')}/OwnerAsk$Answer", "answered", "(I)V")
_WEAK, _SUCCESS = 0xFF, 0
_ANSWERS = {0: Recognised.YES, 1: Recognised.NO, 2: Recognised.LEFT, 3: Recognised.UNAVAILABLE}


class AndroidBiometrics:
    """Face, finger or iris, whichever the phone's owner has set up."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._ask = bridge.own("OwnerAsk")
        self._kept: Any = None

    @property
    def are_there(self) -> bool:
        return bool(self._bridge.service("biometric").canAuthenticate(_WEAK) == _SUCCESS)

    async def ask(self, title: str, reason: str, leave: str) -> Recognised:
        if not self.are_there:
            return Recognised.UNAVAILABLE
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Recognised] = loop.create_future()

        def settle(code: int) -> None:
            if not answer.done():
                answer.set_result(_ANSWERS.get(code, Recognised.UNAVAILABLE))

        def answered(code: int) -> None:
            loop.call_soon_threadsafe(settle, code)

        self._kept = self._bridge.listener(*_ANSWER, answered)
        self._ask.ask(self._bridge.activity, title, reason, leave, self._kept)
        return await answer
