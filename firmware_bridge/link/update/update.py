"""One firmware update from the file to the band's own word that it keeps it.

The link must be kept by somebody (`Connection.keep`): the band restarts on the way. A break at any
point is borne: the image goes on where the band stands, and what was done is not done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from firmware_bridge.link.connection import Connection
from firmware_bridge.link.errors import LinkError, LinkLost, LinkTimeout, TransferBroken
from firmware_bridge.link.session import Session
from firmware_bridge.link.update.outcome import (
    BandImages,
    Confirmed,
    Outcome,
    Progress,
    Refused,
    RolledBack,
    Stage,
    Unsettled,
)
from firmware_bridge.link.update.requests import BandRefused, Requests
from shared.firmware.image import Image, read
from shared.firmware.refusals import UpdateRefusal
from shared.wire.errors import WireError
from shared.wire.status import DeviceState

Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class UpdateLimits:
    """How long an update waits, on the clock (own figures)."""

    link_ms: int = 60_000
    """For a link to come back."""
    trial_ms: int = 120_000
    """From the restart on for the band to keep the update or to go back."""
    look_ms: int = 1_000
    """Between two looks at a band on trial."""
    settle_ms: int = 3_500
    """After something came garbled: the band lets go of half a message after 3 s."""
    breaks: int = 5
    """Breaks in a row between which nothing got further."""


class Update:
    """Updates the band that a connection is kept to."""

    def __init__(
        self,
        connection: Connection,
        *,
        limits: UpdateLimits | None = None,
        tell: Tell = lambda progress: None,
    ) -> None:
        self._connection = connection
        self._clock = connection.clock
        self._limits = limits or UpdateLimits()
        self._tell = tell
        self._stage = Stage.LOOKING
        self._held_bytes = 0

    async def look(self) -> BandImages:
        """Ask the band for its two slots; a `LinkError` where it can't be had."""
        await self._connection.until_ready(self._limits.link_ms)
        return await (await self._requests()).images()

    async def run(self, data: bytes) -> Outcome:
        """Bring the band to run this image; raise `LinkError` where it can't be asked at all."""
        try:
            image = read(data)
        except WireError:
            return Refused(UpdateRefusal.BAD_IMAGE)
        try:
            before = await self._send_and_restart(image, data)
            return await self._watch_trial(image, before, len(data))
        except BandRefused as refused:
            return Refused(refused.refusal, band_failed=self._band_failed())

    def _band_failed(self) -> bool:
        status = self._connection.status
        return status is not None and status.state is DeviceState.FAULT

    # Sending

    async def _send_and_restart(self, image: Image, data: bytes) -> Session | None:
        """Return the session by which the restart was asked; None where none was needed."""
        breaks = 0
        while True:
            held_before = self._held_bytes
            try:
                return await self._once(image, data)
            except (LinkLost, LinkTimeout, TransferBroken) as problem:
                breaks = 0 if self._held_bytes > held_before else breaks + 1
                if breaks > self._limits.breaks:
                    raise
                await self._recover(problem)

    async def _recover(self, problem: LinkError) -> None:
        """Return once it can be tried again."""
        if isinstance(problem, TransferBroken):
            await self._clock.sleep_ms(self._limits.settle_ms)
        await self._connection.until_ready(self._limits.link_ms)

    async def _once(self, image: Image, data: bytes) -> Session | None:
        self._enter(Stage.LOOKING, len(data))
        session = self._connection.session
        requests = await self._requests()
        images = await requests.images()
        if images.running_hash == image.hash:
            return None
        if not (images.waits and images.other_hash == image.hash):
            await self._send(requests, data)
            self._enter(Stage.MARKING, len(data))
            await requests.mark(image.hash)
        self._enter(Stage.RESTARTING, len(data))
        await requests.restart()
        return session

    async def _send(self, requests: Requests, data: bytes) -> None:
        self._enter(Stage.SENDING, len(data))
        async with aclosing(requests.send(data)) as offsets:
            async for held in offsets:
                self._held_bytes = held
                self._enter(Stage.SENDING, len(data))

    def _enter(self, stage: Stage, total_bytes: int) -> None:
        self._stage = stage
        self._tell(Progress(stage, self._held_bytes, total_bytes))

    async def _requests(self) -> Requests:
        return await Requests.open(await self._connection.session.management())

    # The trial

    async def _watch_trial(self, image: Image, before: Session | None, total_bytes: int) -> Outcome:
        """Look at the band until it keeps the image, has gone back, or didn't begin it."""
        until_ms, looks_waiting = self._clock.elapsed_ms() + self._limits.trial_ms, 0
        while self._clock.elapsed_ms() < until_ms:
            images = await self._look_again(before)
            if images is not None:
                if images.running_hash == image.hash:
                    self._enter(Stage.TRYING, total_bytes)
                outcome = _outcome(image, images)
                if outcome is not None:
                    return outcome
                looks_waiting += images.waits
                if looks_waiting > 1:
                    return Refused(UpdateRefusal.FLASH_BROKEN)
            await self._clock.sleep_ms(self._limits.look_ms)
        return Unsettled(self._stage)

    async def _look_again(self, before: Session | None) -> BandImages | None:
        """What the band says after its restart; None while it isn't back."""
        try:
            if self._connection.session is before:
                return None
            async with asyncio.timeout(self._limits.link_ms / 1000):
                return await (await self._requests()).images()
        except (LinkError, TimeoutError):
            return None


def _outcome(image: Image, images: BandImages) -> Outcome | None:
    """How it ended, by what the band says; None while the image is on trial, or waits for it still.

    One that waits after the restart was not begun: the bootloader couldn't move it.
    """
    if images.running_hash == image.hash:
        return Confirmed(images.running) if images.confirmed else None
    if images.waits and images.other_hash == image.hash:
        return None
    return RolledBack(images.running)
