"""Newer firmware for the band: asked for at the clinic, fetched, brought to the band, told of.

The phone judges nothing but that what came is what was offered: the band takes no image that its
maker did not sign (docs/firmware-update.md). Begun only while no session can come, for the band
restarts on the way.
"""

from __future__ import annotations

import logging

from firmware_bridge.link import Connection
from firmware_bridge.link.update import Confirmed, Outcome, Refused, RolledBack, Update
from mobile.store import Store
from mobile.sync import IngestClient, SyncError
from mobile.sync.answers import OfferedImage
from mobile.sync.errors import AnswerUnreadable
from shared.dose.reasons import ReasonCode
from shared.firmware.image import read
from shared.firmware.refusals import UpdateRefusal
from shared.wire.errors import WireError
from shared.wire.status import DeviceState, Status

log = logging.getLogger(__name__)

ASKED_EVERY_MS = 6 * 3_600_000
"""So often the clinic is asked (own choice)."""
_REFUSED = "release-refused"
_RESTS = frozenset(
    {
        ReasonCode.SESSION_INTERVAL,
        ReasonCode.DAY_WINDOW,
        ReasonCode.WEEK_WINDOW,
        ReasonCode.COURSE_DONE,
        ReasonCode.COURSE_OVER,
        ReasonCode.TREATMENT_ENDED,
        ReasonCode.HOLD,
    }
)
"""Why no session comes within the next minutes."""
_FOR_GOOD = frozenset(
    {
        UpdateRefusal.BAD_SIGNATURE,
        UpdateRefusal.BAD_IMAGE,
        UpdateRefusal.WRONG_PRODUCT,
        UpdateRefusal.DOWNGRADE,
        UpdateRefusal.TOO_LARGE,
    }
)
"""What no later try changes."""


class Updating:
    """Brings the band what the clinic offers; what was fetched of an image isn't fetched again."""

    def __init__(self, store: Store, ingest: IngestClient, connection: Connection) -> None:
        self._store, self._ingest, self._connection = store, ingest, connection
        self._clock = connection.clock
        self._asked_ms: int | None = None
        self._image_hash, self._fetched = b"", b""

    def is_due(self, status: Status) -> bool:
        """Whether the clinic is to be asked now."""
        asked_ms = self._asked_ms
        is_time = asked_ms is None or self._clock.elapsed_ms() - asked_ms >= ASKED_EVERY_MS
        return is_time and is_at_rest(status)

    async def offer(self, device_id: bytes) -> OfferedImage | None:
        """Return what the clinic offers, but for what the band refused for good; raise SyncError
        where it can't be asked."""
        offered = await self._ingest.release(device_id=device_id)
        self._asked_ms = self._clock.elapsed_ms()
        if offered is None or self._store.settings.get(_REFUSED) == offered.image_hash:
            return None
        return offered

    async def fetch(self, device_id: bytes, offered: OfferedImage) -> bytes:
        """Return the image; raise SyncError where it broke off, or isn't what was offered. A later
        try goes on where it broke off."""
        if self._image_hash != offered.image_hash:
            self._image_hash, self._fetched = offered.image_hash, b""
        while len(self._fetched) < offered.image_bytes:
            self._fetched += await self._ingest.release_part(
                device_id=device_id, image_hash=offered.image_hash, start=len(self._fetched)
            )
        data, self._image_hash, self._fetched = self._fetched, b"", b""
        try:
            is_it = read(data).hash == offered.image_hash
        except WireError:
            is_it = False
        if not is_it:
            raise AnswerUnreadable("image")
        return data

    async def bring(self, device_id: bytes, offered: OfferedImage, data: bytes) -> Outcome:
        """Have the band try the image; tell the clinic what became of it, and return it. Raise
        LinkError where the band can't be asked."""
        outcome = await Update(self._connection).run(data)
        word, detail = _told(outcome)
        log.info("update to %s: %s %s", offered.version, word, detail)
        if isinstance(outcome, Refused) and outcome.refusal in _FOR_GOOD:
            self._store.settings.put(_REFUSED, offered.image_hash)
        try:
            await self._ingest.tell_try(
                device_id=device_id,
                image_hash=offered.image_hash,
                outcome=word,
                detail=detail,
            )
        except SyncError as problem:
            log.warning("update: the clinic wasn't told: %s", problem)
        return outcome


def is_at_rest(status: Status) -> bool:
    """Whether no session can come within the next minutes, by the band's own reasons."""
    codes = {line.code for line in status.reasons}
    return status.state is DeviceState.IDLE and not codes.isdisjoint(_RESTS)


def _told(outcome: Outcome) -> tuple[str, str]:
    """The outcome as the clinic's API names it, and the band's word for a no."""
    match outcome:
        case Confirmed():
            return "kept", ""
        case RolledBack():
            return "rolled-back", ""
        case Refused(refusal=refusal):
            return "refused", refusal.word
        case _:
            return "unsettled", ""
