"""The patient's hand at the band, and the engineer's eye inside: its control surface."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx


class EmulatedBand:
    """The emulator's control surface, and the radio's."""

    def __init__(
        self, control_port: int, token: str, radio_port: int, host: str = "127.0.0.1"
    ) -> None:
        self._http = httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {token}"})
        self._band = f"http://{host}:{control_port}"
        self._radio = f"http://{host}:{radio_port}"

    async def state(self) -> dict[str, Any]:
        """Return everything there is to see."""
        return await self._call("GET", f"{self._band}/state")

    async def press(self) -> None:
        """Press the button and let go."""
        await self._call("POST", f"{self._band}/button", {"press": True})

    async def hold(self, ms: int = 3200) -> None:
        """Hold the button, long enough to open pairing."""
        await self._call("POST", f"{self._band}/button", {"hold_ms": ms})

    async def fault(self, **faults: Any) -> None:
        """Change what the sensors feel, or break a part."""
        await self._call("POST", f"{self._band}/fault", faults)

    async def ledger(self) -> list[bytes]:
        """Return every record that the band holds."""
        answer = await self._call("GET", f"{self._band}/ledger")
        return [bytes.fromhex(record["record"]) for record in answer["records"]]

    async def drop_link(self, for_ms: int) -> None:
        """Break the link in the air, on both sides, for some real milliseconds."""
        await self._call("POST", f"{self._radio}/drop", {"for_ms": for_ms})

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def _call(
        self, method: str, url: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = await self._http.request(method, url, json=body)
        assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text}"
        value: dict[str, Any] = answer.json()
        return value
