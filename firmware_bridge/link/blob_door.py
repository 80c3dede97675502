"""Blobs to the band: each a stream of parts written without a response, and the band's one word.

Nobody waits for a part; the band says when it missed one, or when it has all of them and their hash
holds. A part waits for its turn as everything written does, so STOP passes the whole blob.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterator

from firmware_bridge.link.errors import (
    BlobNotTaken,
    LinkError,
    LinkLost,
    LinkTimeout,
    TransferBroken,
)
from firmware_bridge.link.progress import Progress, Watch, unwatched
from firmware_bridge.link.turns import Turns, Urgency
from firmware_bridge.timebase import Clock
from shared.wire import gatt
from shared.wire.blob_parts import (
    HEAD_BYTES,
    MAXIMUM_BLOB_BYTES,
    NUMBER_BYTES,
    NUMBERS,
    Verdict,
    Word,
    decode_word,
    parts,
    stream_of,
)
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind

log = logging.getLogger(__name__)

TRIES = 8
"""So often a blob is sent or asked about on one link, where parts or words were lost or broken (own
figure)."""

WORD_LIMIT_MS = 2_000
"""For so long the band's word is waited for, once all has left (own figure)."""

WritePart = Callable[[bytes], Awaitable[None]]


class BlobDoor:
    """Where blobs are handed over on one connection, one at a time; `write` raises `LinkError`."""

    def __init__(self, turns: Turns, write: WritePart, value_bytes: int, clock: Clock) -> None:
        self._turns = turns
        self._write = write
        self._value_bytes = min(value_bytes, gatt.ONE_PACKET_VALUE_BYTES)
        self._clock = clock
        self._streams = itertools.count(1)
        self._door = asyncio.Lock()
        self._word: _AwaitedWord | None = None
        self._lost = False

    async def send(
        self, kind: BlobKind, blob: bytes, *, begun: bool, watch: Watch = unwatched
    ) -> None:
        """Put a blob on the band; one that was `begun` goes on where the band stands.

        Raise `BlobNotTaken` by the band's own word, `LinkTimeout` where it says none.
        """
        if not 1 <= len(blob) <= MAXIMUM_BLOB_BYTES:
            raise TransferBroken(f"A blob has 1 to {MAXIMUM_BLOB_BYTES} bytes, not {len(blob)}.")
        async with self._door:
            with self._clock.work():
                await self._send(_Blob(kind, blob), begun=begun, watch=watch)

    def received(self, value: bytes) -> None:
        """One notified value; a word for another stream than the last is let go."""
        try:
            word = decode_word(value)
        except WireError as error:
            log.warning("blob data: %s", error)
            return
        if self._word is not None:
            self._word.take(word)

    def lost(self) -> None:
        """The link is gone: nobody waits any longer."""
        self._lost = True
        if self._word is not None:
            self._word.give_up()

    async def _send(self, blob: _Blob, *, begun: bool, watch: Watch) -> None:
        offset: int | None = None if begun else 0
        problem: LinkError = LinkLost()
        for _ in range(TRIES):
            try:
                word = await self._word_for(blob, offset, watch)
                blob.check(word)
            except (LinkTimeout, TransferBroken) as error:
                problem, offset = error, None
                continue
            if word.verdict is Verdict.WHOLE:
                watch(Progress(blob.size, blob.size))
                return
            problem = BlobNotTaken(word.verdict)
            if word.verdict is Verdict.REFUSED:
                break
            offset = word.held
        raise problem

    async def _word_for(self, blob: _Blob, offset: int | None, watch: Watch) -> Word:
        """Send a stream, or ask what the band holds; leave off when the word comes before its end.

        `LinkTimeout` where none comes.
        """
        if self._lost:
            raise LinkLost()
        self._word = word = _AwaitedWord(next(self._streams) % NUMBERS)
        try:
            for part, done in blob.parts(word.stream, offset, self._value_bytes):
                async with self._turns.turn(Urgency.TRANSFER):
                    if word.said.done():
                        break
                    await self._write(part)
                watch(Progress(done, blob.size))
            return await self._clock.wait_for(word.said, WORD_LIMIT_MS)
        except TimeoutError as error:
            raise LinkTimeout("blob", WORD_LIMIT_MS) from error
        finally:
            self._word = None


class _Blob:
    """What is sent, and what its streams say of it."""

    def __init__(self, kind: BlobKind, data: bytes) -> None:
        self._kind = kind
        self._data = data

    @property
    def size(self) -> int:
        return len(self._data)

    def parts(
        self, stream: int, offset: int | None, value_bytes: int
    ) -> Iterator[tuple[bytes, int]]:
        """Each part of the stream from an offset on, or of the question, and how much of the blob
        is sent with it."""
        content = stream_of(self._kind, self._data, stream=stream, offset=offset)
        done = (offset or 0) - HEAD_BYTES
        for part in parts(content, value_bytes):
            done += len(part) - NUMBER_BYTES
            yield part, max(0, done)

    def check(self, word: Word) -> None:
        """`TransferBroken` for a word that doesn't fit the blob."""
        is_whole = word.verdict is Verdict.WHOLE
        if word.held > self.size or (word.held == self.size) is not is_whole:
            raise TransferBroken(f"The band holds {word.held} of {self.size} bytes.")


class _AwaitedWord:
    """The band's word for the stream that is under way."""

    def __init__(self, stream: int) -> None:
        self.stream = stream
        self.said: asyncio.Future[Word] = asyncio.get_running_loop().create_future()

    def take(self, word: Word) -> None:
        if word.stream == self.stream and not self.said.done():
            self.said.set_result(word)

    def give_up(self) -> None:
        if not self.said.done():
            self.said.set_exception(LinkLost())
            # Read even when the sending failed first, so that nobody misses it.
            self.said.exception()
