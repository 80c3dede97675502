"""The clinic's servers as the phone reaches them: uploads, downloads, clearance, time.

In the place of `IngestClient`; keeps every byte that came up, in the order in which it came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from mobile.sync.answers import Downloaded, ItemAnswer, SignedWord, Uploaded, Verdict
from mobile.sync.errors import ClinicUnreachable
from shared.trust.statements import Purpose
from shared.wire.items import DownKind
from tests.campaign.schedules.clinic import Clinic


class Cloud:
    """One clinic's servers."""

    def __init__(self, clinic: Clinic, now_ms: Callable[[], int]) -> None:
        self.clinic, self._now_ms = clinic, now_ms
        self.uploaded: list[tuple[str, bytes]] = []
        self.down: list[DownItem] = []
        self.answers_lost = 0
        self.reachable = True
        self.lies: dict[str, int] = {}
        self.time_off_ms = 0
        self._known: set[str] = set()

    # The phone's side of the API

    async def send(self, items: Sequence[OutboxItem]) -> Uploaded:
        await self._reach()
        answers = [ItemAnswer(item.id, self._take(item), None) for item in items]
        if self.answers_lost:
            self.answers_lost -= 1
            raise ClinicUnreachable
        await asyncio.sleep(0)
        return Uploaded(tuple(answers), None, self._now_ms())

    async def fetch(self, cursor: int) -> Downloaded:
        await self._reach()
        items = tuple(item for item in self.down if item.cursor > cursor)
        return Downloaded(items, None, self._now_ms())

    async def clearance(self, *, device_id: bytes, nonce: bytes, serial: int) -> SignedWord:
        await self._reach()
        word = self.clinic.clearance(nonce, self._now_ms() // 1000, **self.lies)
        return SignedWord(word, self.clinic.certificate(Purpose.CLEARANCE))

    async def time_token(self, *, device_id: bytes, nonce: bytes) -> SignedWord:
        await self._reach()
        token = self.clinic.time_token(nonce, self._now_ms() + self.time_off_ms)
        return SignedWord(token, self.clinic.certificate(Purpose.TIME))

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if not self.reachable:
            raise ClinicUnreachable

    def _take(self, item: OutboxItem) -> Verdict:
        self.uploaded.append((item.id, item.body))
        if item.id in self._known:
            return Verdict.DUPLICATE
        self._known.add(item.id)
        return Verdict.ACCEPTED

    # The clinic's side

    def put(self, kind: DownKind, body: bytes) -> None:
        """Let an item wait for the phones."""
        cursor = len(self.down) + 1
        self.down.append(DownItem(cursor, f"{kind}/{cursor}", kind, body))
