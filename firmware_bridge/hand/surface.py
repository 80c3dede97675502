"""The emulator's control surface as a client: see what the band shows, press, break parts of it."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

from firmware_bridge.hand.errors import SurfaceGone, SurfaceRefused

ASK_WITHIN_S = 60.0
"""Real time; the band holds its button in its own time, which a clock server may let wait."""


class Surface:
    """The HTTP API of one emulated band, or of the radio."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self._base = address if "://" in address else f"http://{address}"
        self._token = token

    async def state(self) -> dict[str, Any]:
        """Everything there is to see."""
        return await self.call("GET", "/state")

    async def press(self, held_ms: int | None = None) -> None:
        """Press the button and let go, after so long of the band's own time."""
        asked: dict[str, Any] = {"press": True} if held_ms is None else {"hold_ms": held_ms}
        await self.call("POST", "/button", asked)

    async def fault(self, **faults: Any) -> None:
        """Change what the sensors feel, or break a part."""
        await self.call("POST", "/fault", faults)

    async def drop(self, for_ms: int = 0) -> None:
        """Break the link: at the band, or at the radio for so many real milliseconds."""
        await self.call("POST", "/drop", {"for_ms": for_ms} if for_ms else {})

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """One request, bounded; SurfaceGone or SurfaceRefused says why not."""
        return await asyncio.to_thread(self.call_now, method, path, body)

    def call_now(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The same for whoever has no event loop."""
        request = urllib.request.Request(
            self._base + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"} | self._authority(),
        )
        try:
            with urllib.request.urlopen(request, timeout=ASK_WITHIN_S) as answer:
                said = json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise SurfaceRefused(path, refusal.code, _words(refusal)) from refusal
        except (OSError, ValueError) as problem:
            raise SurfaceGone(self._base, problem) from problem
        return said if isinstance(said, dict) else {"answer": said}

    def _authority(self) -> dict[str, str]:
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}


def _words(refusal: urllib.error.HTTPError) -> str:
    text = refusal.read().decode(errors="replace")
    try:
        return str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return text[:200]
