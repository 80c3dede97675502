"""One request to the band's MCUmgr server after the other, with its refusals as typed errors."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import cbor2
from smp.exceptions import SMPException
from smpclient import SMPClient
from smpclient.exceptions import SMPClientException, SMPUploadError
from smpclient.generics import error, error_v2
from smpclient.requests.image_management import ImageStatesRead, ImageStatesWrite
from smpclient.requests.os_management import ResetWrite

from firmware_bridge.link.errors import LinkTimeout, TransferBroken
from firmware_bridge.link.management import ManagementChannel
from firmware_bridge.link.update.outcome import BandImages
from shared.firmware.refusals import UpdateRefusal, refusal_of

ANSWER_LIMIT_S = 10.0
ERASE_LIMIT_S = 40.0
"""In real time: the band erases a whole slot before it answers the first chunk."""


_UNREADABLE = (SMPClientException, SMPException, ValueError, TypeError, cbor2.CBORError)
"""What smpclient raises for an answer that came otherwise than it was sent."""

_GARBLED = frozenset({UpdateRefusal.BAD_REQUEST, UpdateRefusal.NOT_SUPPORTED})
"""What was asked here is always well formed: these mean that it came otherwise than it was sent."""


class BandRefused(Exception):
    """The band said no."""

    def __init__(self, refusal: UpdateRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Requests:
    """What an update asks, over one connection."""

    def __init__(self, client: SMPClient) -> None:
        self._client = client

    @classmethod
    async def open(cls, channel: ManagementChannel) -> Requests:
        """Learn how long a request may be."""
        client = SMPClient(channel, "", ANSWER_LIMIT_S)
        with _typed():
            await client.connect()
        return cls(client)

    async def images(self) -> BandImages:
        """What is in the two slots."""
        answer = await self._ask(ImageStatesRead())
        slots = {state.slot: state for state in answer.images}
        running, other = slots.get(0), slots.get(1)
        if running is None:
            raise TransferBroken("The band doesn't say which firmware it runs.")
        return BandImages(
            running=running.version,
            running_hash=running.hash,
            confirmed=bool(running.confirmed),
            other=None if other is None else other.version,
            other_hash=None if other is None else other.hash,
            waits=other is not None and bool(other.pending),
        )

    async def send(self, image: bytes) -> AsyncGenerator[int, None]:
        """Send what the band doesn't hold yet; yields how much it holds."""
        with _typed():
            sending = self._client.upload(
                image, first_timeout_s=ERASE_LIMIT_S, subsequent_timeout_s=ANSWER_LIMIT_S
            )
            async with aclosing(sending) as offsets:  # type: ignore[type-var]
                async for held in offsets:
                    yield held

    async def mark(self, image_hash: bytes) -> None:
        """Have the image tried at the next restart."""
        await self._ask(ImageStatesWrite(hash=image_hash))

    async def restart(self) -> None:
        """Have the band restart."""
        await self._ask(ResetWrite())

    async def _ask(self, request: Any) -> Any:
        with _typed():
            answer = await self._client.request(request)
        if error(answer):
            raise _refused(answer)
        return answer


@contextmanager
def _typed() -> Iterator[None]:
    """Let smpclient's errors out as the band's no, or the link's."""
    try:
        yield
    except SMPUploadError as problem:
        raise _refused(problem.args[0]) from problem
    except _UNREADABLE as problem:
        raise TransferBroken(f"The band's answer can't be read: {problem}.") from problem
    except TimeoutError as problem:
        raise LinkTimeout("update", int(ANSWER_LIMIT_S * 1000)) from problem


def _refused(answer: Any) -> Exception:
    """The band's no as one of ours."""
    if isinstance(answer, str):
        return TransferBroken(f"The band stored another image than was sent: {answer}.")
    if error_v2(answer):
        refusal = refusal_of(int(answer.err.group), int(answer.err.rc), None)
    else:
        refusal = refusal_of(None, int(answer.rc), answer.rsn)
    if refusal is None:
        return TransferBroken(f"The band refused the update for a reason of its own: {answer}.")
    if refusal in _GARBLED:
        return TransferBroken(refusal.sentence)
    return BandRefused(refusal)
