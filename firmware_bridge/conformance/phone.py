"""Over the link: what an app would ask, and what the band says of itself meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from firmware_bridge.conformance.findings import Deviation
from firmware_bridge.link import Beat, Connection, LinkError, StimulatorClient
from shared.wire.operations import Nothing, Operation, StatementArguments
from shared.wire.status import Status, Telemetry

READY_WITHIN_S = 20.0
STATUS_WITHIN_MS = 5_000
ON_THE_WAY_S = 1.0


class Phone:
    """A kept connection to the bonded band."""

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection, self.client = connection, StimulatorClient(connection)
        self._address = address
        self._keeping: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[Any] | None = None

    async def connect(self) -> None:
        """Be connected, as an app stays."""
        self._keeping = asyncio.create_task(self.connection.keep(self._address), name="keep")
        ready = asyncio.create_task(self.connection.until_ready(int(READY_WITHIN_S * 1000)))
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await asyncio.wait([self._keeping, ready], return_when=asyncio.FIRST_COMPLETED)
            if self._keeping.done():
                self._keeping.result()
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)

    async def hang_up(self) -> None:
        """Let the band go."""
        await self.fall_silent()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    # Asking

    async def ask(self, operation: Operation, arguments: Any = None) -> Any:
        """Any operation of the table with these arguments; DeviceRefused where the band says no."""
        given = Nothing() if arguments is None else arguments
        return await self.connection.session.control.ask(operation, lambda: given)

    async def ask_sealed(self, operation: Operation, seal: Callable[[], Any]) -> Any:
        """The same with arguments that are sealed when it is the request's turn: beats go out
        meanwhile, and their counters rise too."""
        return await self.connection.session.control.ask(operation, seal)

    async def say(
        self, operation: Operation, statement: bytes, certificate: bytes | None = None
    ) -> Any:
        """Hand over a signed statement; the operation's result."""
        return await self.ask(operation, StatementArguments(statement, certificate))

    # Hearing

    async def status(self) -> Status:
        """What the band says of itself now, freshly read."""
        await self.connection.session.sync()
        status = self.connection.status
        if status is None:
            raise Deviation("a status", "none")
        return status

    async def until(
        self, wanted: Callable[[Status], bool], expected: str, within_ms: int = STATUS_WITHIN_MS
    ) -> Status:
        """The first status that is as wanted, told by the band without being asked."""
        seen: asyncio.Future[Status] = asyncio.get_running_loop().create_future()

        def look(status: Status) -> None:
            if wanted(status) and not seen.done():
                seen.set_result(status)

        leave = self.connection.watch_status(look)
        try:
            if self.connection.status is not None:
                look(self.connection.status)
            return await self._in_time(seen, within_ms)
        except TimeoutError as error:
            raise Deviation(
                f"{expected} within {within_ms} ms", f"{self.connection.status}"
            ) from error
        finally:
            leave()

    async def _in_time(self, seen: asyncio.Future[Status], within_ms: int) -> Status:
        """Within the time on the band's clock, and what is then on the way through the air."""
        try:
            return await self.connection.clock.wait_for(asyncio.shield(seen), within_ms)
        except TimeoutError:
            async with asyncio.timeout(ON_THE_WAY_S):
                return await seen

    async def telemetry(self, samples: int, within_ms: int) -> list[Telemetry]:
        """So many samples of telemetry."""
        arrived: asyncio.Queue[Telemetry] = asyncio.Queue()
        leave = self.connection.watch_telemetry(arrived.put_nowait)
        taken: list[Telemetry] = []
        try:
            while len(taken) < samples:
                taken.append(await self.connection.clock.wait_for(arrived.get(), within_ms))
        except TimeoutError as error:
            raise Deviation(
                f"{samples} samples of telemetry, each within {within_ms} ms", f"{len(taken)}"
            ) from error
        finally:
            leave()
        return taken

    # Beating

    async def beat(self) -> None:
        """Give the phone's sign of life from now on."""
        await self.fall_silent()
        beat = Beat(self.client, self.connection.clock)
        self._beating = asyncio.create_task(beat.run(), name="beat")

    async def fall_silent(self) -> None:
        """Give none any more."""
        if self._beating is not None:
            self._beating.cancel()
            try:
                await asyncio.gather(self._beating, return_exceptions=True)
            except LinkError:
                return
            finally:
                self._beating = None
