"""One emulated band of a fleet and its phone: the real firmware core, and the app's own errands.

Between the two is no radio: the phone's requests reach the firmware's control point as they are
(how many radios a machine carries is `scripts.bench_fleet`'s). Between phone and clinic is the
app's own client over a socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any

from firmware_bridge.link import DeviceRefused
from firmware_bridge.link.transfer import LedgerLine
from firmware_bridge.timebase import SystemClock
from mobile.engine import enrolment as enrolments
from mobile.engine.errands import Errands
from mobile.engine.ledger_copy import LedgerCopy
from mobile.store import open_store
from mobile.sync import Backoff, ClinicBusy, ClinicUnreachable, IngestClient, answers, exchange
from mobile.sync.signing import RequestSigner
from shared.wire.operations import (
    BlobKind,
    HeadArguments,
    Operation,
    StatementArguments,
    StatusCode,
)
from tests.cloud.bands.real_band import RealBand
from tests.cloud.phone import Phone
from tests.mobile.worlds import MemoryKeyStore

UPLOAD = "/v1/items"
EXCHANGE_S = 900
"""The bench fails where one exchange hasn't gone through for so long, tries and waits together."""


class TimedClient(IngestClient):
    """The app's client, each phone from a network of its own as the proxy before a server says.

    ``took_ms`` are the times of what was answered, by path; ``waits`` is how often it was told to
    come back later. While ``answers_get_lost`` every second answer to an upload does.
    """

    def __init__(self, url: str, clock: SystemClock, number: int) -> None:
        super().__init__(url, clock)
        self._http.headers["x-forwarded-for"] = f"10.0.{number // 250}.{number % 250 + 1}"
        self.took_ms: list[tuple[str, float]] = []
        self.waits = self.lost_answers = self._uploads = 0
        self.answers_get_lost = False

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None, signed_ms: int | None
    ) -> object:
        began = time.perf_counter()
        try:
            answer = await super()._send(method, path, body, signed_ms)
        except ClinicBusy:
            self.waits += 1
            raise
        self.took_ms.append((path.partition("?")[0], 1000 * (time.perf_counter() - began)))
        if path == UPLOAD and self.answers_get_lost:
            self._uploads += 1
            if self._uploads % 2:
                self.lost_answers += 1
                raise ClinicUnreachable
        return answer


class AtHand:
    """What the app's errands ask of a band, asked of one that lies beside the phone."""

    def __init__(self, band: RealBand) -> None:
        self._band = band

    async def head(self, nonce: bytes) -> bytes:
        head: bytes = self._must(Operation.HEAD, HeadArguments(nonce)).head
        return head

    async def ledger(self, first: int, last: int) -> AsyncGenerator[LedgerLine, None]:
        for number in range(first, last + 1):
            yield LedgerLine(number, self._band.record(number))

    async def send_blob(self, kind: BlobKind, blob: bytes) -> None:
        self._band.blob(kind, blob)

    async def install(self) -> None:
        self._must(Operation.INSTALL)

    async def receipt(self, statement: bytes, certificate: bytes) -> None:
        self._must(Operation.RECEIPT, StatementArguments(statement, certificate))

    def _must(self, operation: Operation, arguments: Any = None) -> Any:
        answer = self._band.ask(operation, arguments)
        if answer.status is not StatusCode.OK:
            raise DeviceRefused(operation, answer.status, reason=answer.result.code)
        return answer.result


class Pair:
    """A band that treats by its world's clock, and a phone that syncs by the machine's."""

    def __init__(self, folder: Path, band: RealBand, enrolled: Phone) -> None:
        self.band, self._enrolled, self._folder = band, enrolled, folder
        self.sessions = 0

    @property
    def sent(self) -> int:
        """How many of the band's records the phone has fetched, and so sent."""
        return self._ledger.state.number

    def treat(self) -> None:
        """Fetch the clinic's word and go through a whole session."""
        self.band.pass_time(0)
        self.band.clear()
        self.band.session()
        self.sessions += 1

    def meet(self, url: str, number: int) -> None:
        """Open the phone's store, under the enrolment that the clinic gave."""
        clock = self._clock = SystemClock()
        given = answers.read_enrolled(self._enrolled.given)
        app_key = self._enrolled.app_key.public_key
        enrolment = enrolments.check(given, app_key=app_key, now_s=clock.wall_ms() // 1000)
        self.store = open_store(self._folder, MemoryKeyStore(), now_ms=clock.wall_ms())
        self.client = TimedClient(url, clock, number)
        self.client.sign_as(RequestSigner(enrolment.phone_id, self._enrolled.request_key))
        self._ledger = LedgerCopy(self.store, enrolment.device_id)
        by_hand: Any = AtHand(self.band)
        self._errands = Errands(self.store, by_hand, self.client, self._ledger, enrolment)

    async def round(self) -> None:
        """What the app does when it's tended: exchange, the band's errands, exchange again."""
        await self._exchange()
        await self._errands.deliver(now_ms=self._clock.wall_ms())
        await self._errands.fetch_record(now_ms=self._clock.wall_ms())
        await self._exchange()

    async def _exchange(self) -> None:
        """Try until it went through, as patiently as the app does; raise TimeoutError after
        EXCHANGE_S."""
        async with asyncio.timeout(EXCHANGE_S):
            await self._try_on()

    async def _try_on(self) -> None:
        backoff = Backoff()
        while True:
            busy_ms = 0
            try:
                await exchange(self.store, self.client)
            except ClinicBusy as busy:
                busy_ms = busy.wait_ms
            except ClinicUnreachable:
                pass
            else:
                return
            await asyncio.sleep(max(backoff.next_ms(), busy_ms) / 1000)

    async def close(self) -> None:
        """Let band and phone go."""
        with suppress(AttributeError):
            await self.client.close()
            self.store.close()
        self.band.close()
