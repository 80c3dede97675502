"""Lets uploads in, so that nobody's flood is another's delay; the rest is told when to come back.

Of one phone one upload is under way, of one clinic two are worked on and a few wait, and in the
whole process no more are held than its memory is made for. Until its signature is proven an upload
takes none of these places but the process's, and one of those that its network has: whose name it
bears anybody may write. What a phone and a clinic have brought
is counted too, an upload as some items more: whoever brings much waits until others had their turn.
All of this is of one process.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Lock
from typing import NoReturn

from starlette.requests import Request

from cloud.errors import TooMany
from cloud.ingest.allowance import Accounts, Allowance
from cloud.ingest.courtesy import Courtesy
from cloud.ingest.limits import require_length, said_length, throw_away
from cloud.limits.service import network_of

OF_A_PHONE = Allowance(at_once=10_000, per_s=200)
OF_A_CLINIC = Allowance(at_once=20_000, per_s=300)
"""Items: a phone's weeks without a network are in at once, a hundred such phones' after an hour."""
ITEMS_FOR_AN_UPLOAD = 50
"""What an upload costs beside its items: its signature, its transaction."""
BYTES_OF_AN_ITEM = 200
"""By which an upload is taken to have so many items before it's read; a record's has 170."""
WORKED_ON, WORKED_ON_OF_A_CLINIC = 4, 2
UNDER_WAY, UNDER_WAY_OF_A_CLINIC = 32, 12
UNPROVEN_OF_A_NETWORK = 12
"""Uploads that come in or are verified; a clinic's phones may all be behind one address."""
AGAIN_S = 2
"""Where there's no telling how long it will take."""
SMALL_BYTES = 100_000
"""An upload of a few sessions; a longer one stands back for another clinic's."""
REFUSED_WITHIN_S = 1.0
"""Who doesn't wait is answered slowly, so that asking again and again takes nobody's time."""
_LATER = "There's much to take in just now. Send it again a little later."


def clinic_of(phone_name: str) -> str:
    """Return the clinic that stands in a phone's name."""
    return phone_name.rpartition(".")[0]


class Upload:
    """One upload's places, from its first byte to its answer."""

    def __init__(self, gate: Gate, *places: str) -> None:
        self._gate, self._places = gate, places
        gate.under_way.update(places)

    async def prove(self, phone_name: str) -> None:
        """Go over to the places of the phone that signed it and of its clinic; raise TooMany where
        they have none."""
        self.leave()
        if self._gate.is_full(phone_name):
            await self._gate.refuse(AGAIN_S)
        self._places = ("", f"clinic {clinic_of(phone_name)}", f"phone {phone_name}")
        self._gate.under_way.update(self._places)

    def leave(self) -> None:
        """Give the places back; again is no error."""
        self._gate.under_way.subtract(self._places)
        self._places = ()
        # Those that are at nought are forgotten.
        self._gate.under_way = +self._gate.under_way


class Gate:
    """Uploads under way in this process, by phone, by clinic and by network."""

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._now_s, self._sleep = now_s, sleep
        self._phones, self._clinics = Accounts(OF_A_PHONE), Accounts(OF_A_CLINIC)
        self.courtesy = Courtesy()
        self._counting = Lock()
        self.under_way: Counter[str] = Counter()
        self._work = asyncio.Semaphore(WORKED_ON)
        self._of_clinics: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def upload(
        self, request: Request, phone_name: str, address: str
    ) -> AsyncIterator[Upload]:
        """Hold one upload's place from its first byte to its answer; raise TooMany, behind its last
        byte where it isn't long: who still sends hears no answer.

        ``phone_name`` is who it says it is (`phone_name`), which isn't proven yet: nothing is
        taken from an account, a phone or a clinic for it before `Upload.prove`.
        """
        require_length(request)
        network = f"network {network_of(address)}"
        of_phone = f"{network} {phone_name}"
        wait_s = self._wait_s(phone_name, said_length(request) // BYTES_OF_AN_ITEM)
        if self.under_way[network] >= UNPROVEN_OF_A_NETWORK or self.under_way[of_phone]:
            wait_s = max(wait_s, AGAIN_S)
        if wait_s:
            await self.refuse(wait_s, request)
        upload = Upload(self, "", network, of_phone)
        try:
            yield upload
        finally:
            upload.leave()

    async def refuse(self, wait_s: int, request: Request | None = None) -> NoReturn:
        """Raise TooMany after a while, behind the rest of a request that isn't read yet."""
        await self._sleep(REFUSED_WITHIN_S)
        if request is not None:
            await throw_away(request)
        raise TooMany(_LATER, retry_after_s=wait_s)

    def is_full(self, phone_name: str) -> bool:
        """Return whether one more upload of this phone has no place."""
        return (
            self.under_way[f"phone {phone_name}"] > 0
            or self.under_way[f"clinic {clinic_of(phone_name)}"] >= UNDER_WAY_OF_A_CLINIC
            or self.under_way[""] >= UNDER_WAY
        )

    def charge(self, phone_name: str, items: int) -> None:
        """Count what a phone, proven by now, has brought; to be called from any thread.

        What it wasn't allowed any more is held against it alone, and not against its clinic.
        """
        clinic_id, now_s = clinic_of(phone_name), self._now_s()
        with self._counting:
            own = self._phones.take(phone_name, items + ITEMS_FOR_AN_UPLOAD, now_s)
            self._clinics.take(clinic_id, own, now_s)

    @asynccontextmanager
    async def turn(self, clinic_id: str, size: int) -> AsyncIterator[None]:
        """Wait for a turn to work on an upload of ``size`` bytes; no clinic has more than its
        share of them."""
        own = self._of_clinics.setdefault(clinic_id, asyncio.Semaphore(WORKED_ON_OF_A_CLINIC))
        try:
            async with own, self._work:
                with self.let_by(clinic_id, size):
                    yield
        finally:
            if not self.under_way[f"clinic {clinic_id}"] > 1:
                self._of_clinics.pop(clinic_id, None)

    @contextmanager
    def let_by(self, clinic_id: str, size: int) -> Iterator[None]:
        """Have other clinics' large uploads stand back while one of ``size`` bytes is verified or
        worked on, if that is small; not while it waits, for it may be one of them it waits for."""
        if size > SMALL_BYTES:
            yield
            return
        with self.courtesy.small(clinic_id):
            yield

    def _wait_s(self, phone_name: str, wanted: int) -> int:
        """After how many seconds there may be room; 0: there is now."""
        now_s = self._now_s()
        with self._counting:
            phone_s = self._phones.wait_s(phone_name, now_s, wanted)
            clinic_s = self._clinics.wait_s(clinic_of(phone_name), now_s, wanted)
        return max(phone_s, clinic_s, AGAIN_S if self.is_full(phone_name) else 0)
