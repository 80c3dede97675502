"""Ledger records by the Record Access Control Point: asked from a number on, in order.

A report has an end that the band sets, so that what waits here for being stored stays bounded. The
next one is asked for before the last records of a full one are taken: two at most wait here.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from firmware_bridge.link.errors import (
    AttributeRefused,
    LinkError,
    LinkLost,
    LinkTimeout,
    TransferBroken,
)
from firmware_bridge.link.undoubled import Undoubled
from firmware_bridge.timebase import Clock
from shared.wire import racp
from shared.wire.batches import RECORDS_IN_A_REPORT, number_of, records_of
from shared.wire.errors import WireError
from shared.wire.framing import Reassembler

log = logging.getLogger(__name__)

# Between two records, or before the answer; a whole ledger may take as long as it takes.
SILENCE_LIMIT_MS = 10_000
SETTLING_TRIES = 20
SETTLING_PAUSE_MS = 50

_Arrived = list[bytes] | racp.Response | LinkError
WriteValue = Callable[[bytes], Awaitable[None]]


class RecordAccess:
    """The record access of one connection; one procedure at a time."""

    def __init__(self, write: WriteValue, clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._procedure = asyncio.Lock()
        self._arrived: asyncio.Queue[_Arrived] = asyncio.Queue()
        self._records = Reassembler()
        self._in_this_report = 0
        self._unfinished = False
        self._lost = False

    async def report(self, first: int) -> AsyncGenerator[list[bytes], None]:
        """The next records from number `first` on, as they come; no more are an empty sequence.

        It goes on while reports are full, so that the band sends while what came is stored.
        """
        async with self._procedure:
            await self._settle()
            await self._ask_from(first)
            taken = 0
            while isinstance(arrived := await self._next("records"), list):
                taken += len(arrived)
                if taken == RECORDS_IN_A_REPORT:
                    taken = 0
                    await self._ask_on(arrived[-1])
                yield arrived
            self._unfinished = False
            _check(arrived)

    async def count(self, first: int = 1) -> int:
        """How many records the band holds from number `first` on."""
        async with self._procedure:
            await self._settle()
            return await self._count(first)

    def record_received(self, value: bytes) -> None:
        """One notified value of Ledger Data."""
        self._undoubled_record(value)

    def answer_received(self, value: bytes) -> None:
        """One indicated value of the Record Access Control Point."""
        self._undoubled_answer(value)

    def _new_procedure(self) -> None:
        # Two procedures may well end by the same answer, and begin with the same record: copies
        # are told by their likeness within one procedure only.
        self._undoubled_record = Undoubled(self._take_record)
        self._undoubled_answer = Undoubled(self._take_answer)

    def _take_record(self, value: bytes) -> None:
        try:
            batch = self._records.feed(value)
            records = [] if batch is None else records_of(batch)
        except WireError as error:
            self._arrive(TransferBroken(f"A record came broken: {error}."))
            return
        self._in_this_report += len(records)
        if self._in_this_report > RECORDS_IN_A_REPORT:
            self._arrive(TransferBroken("The band sends more records than it was asked for."))
        elif records:
            self._arrive(records)

    def _take_answer(self, value: bytes) -> None:
        try:
            self._arrive(racp.decode_response(value))
        except WireError as error:
            self._arrive(TransferBroken(f"An answer came broken: {error}."))

    def _arrive(self, arrived: _Arrived) -> None:
        """Have it read in its turn; what comes on after a report's end is let go."""
        if self._arrived.qsize() <= RECORDS_IN_A_REPORT:
            self._arrived.put_nowait(arrived)

    def lost(self) -> None:
        """The link is gone: nobody waits any longer."""
        self._lost = True
        self._arrived.put_nowait(LinkLost())

    async def _begin(self, request: racp.Request) -> None:
        if self._lost:
            raise LinkLost()
        self._arrived = asyncio.Queue()
        self._in_this_report = 0
        self._records.reset()
        self._new_procedure()
        await self._write(racp.encode_request(request))

    async def _ask_from(self, first: int) -> None:
        await self._begin(racp.Request(racp.OpCode.REPORT, racp.Operator.FROM, first))
        self._unfinished = True

    async def _ask_on(self, last: bytes) -> None:
        """Have the next report come, once this one has ended with that record."""
        ended = await self._next("answer")
        if isinstance(ended, list):
            raise TransferBroken("The band goes on beyond the end of its report.")
        self._unfinished = False
        _check(ended)
        await self._ask_from(number(last) + 1)

    async def _next(self, what: str) -> list[bytes] | racp.Response:
        with self._clock.work():
            try:
                arrived = await self._clock.wait_for(self._arrived.get(), SILENCE_LIMIT_MS)
            except TimeoutError as error:
                raise LinkTimeout(what, SILENCE_LIMIT_MS) from error
        if isinstance(arrived, LinkError):
            raise arrived
        return arrived

    async def _count(self, first: int = 1) -> int:
        await self._begin(racp.Request(racp.OpCode.COUNT, racp.Operator.FROM, first))
        while isinstance(arrived := await self._next("count"), list):
            log.info("a record that nobody asked for")
        if arrived.count is None:
            raise TransferBroken("The band didn't count its records.")
        return arrived.count

    async def _settle(self) -> None:
        """End a transfer whose reader went away, and let pass what of it is still under way.

        The band may send a last record after it has answered the abort; a count comes after it.
        """
        if not self._unfinished:
            return
        await self._begin(racp.Request(racp.OpCode.ABORT))
        await self._let_pass("abort")
        for _ in range(SETTLING_TRIES):
            try:
                await self._count()
            except AttributeRefused:
                await self._clock.sleep_ms(SETTLING_PAUSE_MS)
            else:
                self._unfinished = False
                return
        raise TransferBroken("The band doesn't end the transfer of its records.")

    async def _let_pass(self, what: str) -> None:
        """Await an answer; records that come before it, whole or broken, are nobody's."""
        while True:
            with suppress(TransferBroken):
                if not isinstance(await self._next(what), list):
                    return


def number(record: bytes) -> int:
    """A record's number; `TransferBroken` for one that can't be read."""
    try:
        return number_of(record)
    except WireError as error:
        raise TransferBroken(f"A record can't be read: {error}.") from error


def _check(response: racp.Response) -> None:
    if response.result not in (racp.Result.SUCCESS, racp.Result.NO_RECORDS):
        word = "nothing" if response.result is None else response.result.name.lower()
        raise TransferBroken(f"The band ended the transfer of its records: {word}.")
