"""Requests to the band and their answers, over one characteristic.

Each request has an id and exactly one answer. A request that has left whole and whose answer is
lost is uncertain where it changes something, and is never sent again from here. STOP waits for
nobody's message: one that is under way in several frames is left off for it, and begun again, for
the band takes a message only with its last frame.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Any, Protocol

from firmware_bridge.link.doubts import Doubts, Mark, Uncertain
from firmware_bridge.link.errors import (
    CommandUncertain,
    DeviceRefused,
    LinkError,
    LinkLost,
    LinkTimeout,
)
from firmware_bridge.link.turns import Turns, Urgency
from firmware_bridge.timebase import Clock
from shared.wire.errors import WireError
from shared.wire.framing import Reassembler, frames
from shared.wire.operations import (
    REPEATABLE,
    Answer,
    Operation,
    Refusal,
    Request,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
    StatusCode,
    answer_id_of,
    decode_answer,
    encode_request,
)

log = logging.getLogger(__name__)

ANSWER_LIMIT_MS = 5_000
LAST_REQUEST_ID = 2**32 - 1

_URGENCY = {
    Operation.STOP: Urgency.STOP,
    Operation.PAUSE: Urgency.STOP,
    Operation.BEAT: Urgency.SUPERVISION,
    Operation.STILL_HERE: Urgency.SUPERVISION,
}

_WITHOUT_RESPONSE = frozenset({Operation.HEAD})
"""Part of the ledger's transfer: its answer alone is waited for, and it is asked for again."""


class WriteFrame(Protocol):
    """Sends one frame; raises `LinkError`."""

    async def __call__(self, value: bytes, /, *, response: bool) -> None: ...


Arguments = Callable[[], Any]


class ControlPoint:
    """The control point of one connection; `write` sends one frame and raises `LinkError`."""

    def __init__(
        self,
        write: WriteFrame,
        value_bytes: int,
        clock: Clock,
        request_ids: "itertools.count[int]",
        doubts: Doubts,
    ) -> None:
        self._write = write
        self._value_bytes = value_bytes
        self._clock = clock
        self._request_ids = request_ids
        self._doubts = doubts
        self.turns = Turns()
        self.mark = Mark()
        self._answers = Reassembler()
        self._waiting: dict[int, _Waiting] = {}
        self._lost = False

    async def ask(
        self, operation: Operation, arguments: Arguments, limit_ms: int = ANSWER_LIMIT_MS
    ) -> Any:
        """Send a request and return its result; `DeviceRefused` where the band says no.

        The arguments are made when it's the request's turn, so that counters rise as sent.
        """
        if self._lost:
            raise LinkLost()
        waiting = _Waiting(operation, next(self._request_ids) % LAST_REQUEST_ID + 1)
        self._waiting[waiting.request_id] = waiting
        try:
            with self._clock.work():
                await self._send(waiting, arguments)
                return await self._answer_to(waiting, limit_ms)
        finally:
            del self._waiting[waiting.request_id]

    async def settle_doubts(self) -> None:
        """Ask the band what became of each command whose answer was lost."""
        await self._doubts.settle(self._request_outcome)

    def received(self, value: bytes) -> None:
        """One indicated value; what isn't an answer to an open request is let go."""
        try:
            message = self._answers.feed(value)
            if message is not None:
                self._settle(message)
        except WireError as error:
            log.warning("control point: %s", error)

    def lost(self) -> None:
        """The link is gone: nobody waits any longer."""
        self._lost = True
        for waiting in self._waiting.values():
            waiting.give_up()

    async def _request_outcome(self, question: RequestOutcomeArguments) -> RequestOutcomeResult:
        try:
            result: RequestOutcomeResult = await self.ask(
                Operation.REQUEST_OUTCOME, lambda: question
            )
        except DeviceRefused as refusal:
            log.warning("%s", refusal)
            return RequestOutcomeResult(RequestOutcome.UNKNOWN)
        return result

    async def _answer_to(self, waiting: "_Waiting", limit_ms: int) -> Any:
        try:
            answer = await self._clock.wait_for(waiting.answer, limit_ms)
        except TimeoutError as error:
            what = waiting.operation.name.lower()
            raise self._doubt(waiting, LinkTimeout(what, limit_ms)) from error
        except LinkLost as error:
            raise self._doubt(waiting, error) from error
        return _result(waiting.operation, answer)

    async def _send(self, waiting: "_Waiting", arguments: Arguments) -> None:
        try:
            while not await self._sent(waiting, arguments):
                log.info("%s makes way for STOP", waiting.operation.name.lower())
        except LinkLost as error:
            raise self._doubt(waiting, error) from error

    async def _sent(self, waiting: "_Waiting", arguments: Arguments) -> bool:
        """Send it whole, or leave off for STOP."""
        urgency = _URGENCY.get(waiting.operation, Urgency.COMMAND)
        async with self.turns.turn(urgency):
            if self._lost:
                raise LinkLost()
            mark = self.mark
            message = encode_request(Request(waiting.request_id, waiting.operation, arguments()))
            *before, last = frames(message, self._value_bytes)
            response = waiting.operation not in _WITHOUT_RESPONSE
            for part in before:
                await self._write(part, response=response)
                if urgency is not Urgency.STOP and self.turns.waits(Urgency.STOP):
                    return False
            waiting.doubt = Uncertain(waiting.operation, waiting.request_id, message, mark)
            await self._write(last, response=response)
        return True

    def _doubt(self, waiting: "_Waiting", error: LinkError) -> LinkError:
        """The error itself, or the uncertainty that it leaves."""
        doubt = waiting.doubt
        if doubt is None or doubt.operation in REPEATABLE:
            return error
        self._doubts.add(doubt)
        return CommandUncertain(doubt)

    def _settle(self, message: bytes) -> None:
        waiting = self._waiting.get(answer_id_of(message))
        if waiting is None:
            log.info("an answer that nobody waits for")
            return
        waiting.take(decode_answer(message, waiting.operation))


class _Waiting:
    """A request that is under way."""

    def __init__(self, operation: Operation, request_id: int) -> None:
        self.operation = operation
        self.request_id = request_id
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.doubt: Uncertain | None = None
        """Set from the moment at which the last frame may have left."""

    def take(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)

    def give_up(self) -> None:
        if not self.answer.done():
            self.answer.set_exception(LinkLost())
            # Read even when the sending failed first, so that nobody misses it.
            self.answer.exception()


def _result(operation: Operation, answer: Answer) -> Any:
    if answer.status is StatusCode.OK:
        return answer.result
    refusal = answer.result
    assert isinstance(refusal, Refusal)
    raise DeviceRefused(operation, answer.status, reason=refusal.code, reason_codes=refusal.reasons)
