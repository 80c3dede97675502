"""The hand at the clock server: how fast the day goes, and what time it is."""

from __future__ import annotations

from tests.journey.lines import Lines


class DayClock:
    """Control of the one time that all parts share."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def rate(self, rate: float) -> None:
        """Let ``rate`` simulated seconds pass in a real one."""
        await self._control({"rate": rate})

    async def advance(self, ms: int) -> None:
        """Let ``ms`` pass as fast as the parts can follow, and wait for it."""
        await self._control({"advance_ms": ms})

    async def wall_ms(self) -> int:
        """Return the wall time now (Unix milliseconds)."""
        lines = await Lines.connect(self._port)
        try:
            tick = await lines.ask({"join": "looker", "acks": False})
            return int(tick["wall_ms"])
        finally:
            await lines.close()

    async def _control(self, wish: dict[str, float | int]) -> None:
        lines = await Lines.connect(self._port)
        try:
            answer = await lines.ask({"control": wish}, within_s=120)
            while "done" not in answer:
                answer = await lines.next()
        finally:
            await lines.close()
