"""The ingest API: one method for each of its calls, typed answers, typed errors."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2

from firmware_bridge.timebase import Clock
from mobile.language import _
from mobile.store.outbox import OutboxItem
from mobile.sync import answers
from mobile.sync.address import read_address
from mobile.sync.answers import (
    Downloaded,
    Enrolled,
    Look,
    OfferedImage,
    Received,
    SignedWord,
    Uploaded,
    encode_bytes,
)
from mobile.sync.backoff import LONGEST_MS
from mobile.sync.clinic_time import ClinicTime
from mobile.sync.errors import (
    AnswerUnreadable,
    ClinicBusy,
    ClinicRefused,
    ClinicUnreachable,
    EnrolmentRefused,
    OtherServer,
    ServerUnproven,
    SyncError,
)
from mobile.sync.pin import Pin
from mobile.sync.signing import RequestSigner
from mobile.sync.tls import KeysRefused, judged_context
from shared.trust.keys import PublicKey

# Real seconds: a network doesn't follow the demonstration's clock.
ANSWER_LIMIT_S = 15.0
MAXIMUM_ANSWER_BYTES = 4_000_000
UNSIGNED, TOO_MANY, AWAY = 401, 429, 503
# Where the clinic doesn't say for how long, or says more than anybody can mean.
BUSY_MS, BUSY_AT_MOST_MS = 10_000, 3_600_000
# A server that is away holds up holds, too: for no longer than a phone waits by itself.
AWAY_AT_MOST_MS = LONGEST_MS
# The clinic takes a signature for a day; a clock that is wrong by less isn't why it refused.
CLOCK_WRONG_MS = 12 * 3_600_000


class IngestClient:
    """Talks to the clinic's ingest server. `sign_as` before any call but `enrol`.

    Raise AddressRefused for a URL that isn't encrypted and leads out of this machine.
    """

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        *,
        authority: Path | None = None,
        answer_limit_s: float = ANSWER_LIMIT_S,
    ) -> None:
        self._clock = clock
        self._answer_limit_s = answer_limit_s
        self._signer: RequestSigner | None = None
        self._address = read_address(base_url)
        self._pin: Pin | None = None
        self._keys: tuple[bytes, ...] = ()
        self._http = httpx2.AsyncClient(
            base_url=self._address.url,
            timeout=answer_limit_s,
            trust_env=False,
            follow_redirects=False,
            verify=judged_context(self._judge, authority),
        )
        self.time = ClinicTime(clock)
        self._not_before_ms = self._away_until_ms = 0

    @property
    def seen(self) -> Pin:
        """The server as it was last met: its name, and the keys that stood for it."""
        return Pin(self._address.host, self._keys)

    def pin_to(self, pin: Pin) -> None:
        """Talk to this server and no other from now on."""
        self._pin = pin

    def move_to(self, base_url: str) -> None:
        """Talk to the server at this address; raise AddressRefused for one that isn't safe.

        A server that's pinned stays the one: another address is refused at the next call.
        """
        self._address = read_address(base_url)
        self._away_until_ms = 0
        self._http.base_url = httpx2.URL(self._address.url)

    def sign_as(self, signer: RequestSigner) -> None:
        """Sign further requests as this phone."""
        self._signer = signer

    async def enrol(
        self, *, code: str, birth_date: str, app_key: PublicKey, request_key: PublicKey
    ) -> Enrolled:
        """Enrol with a one-time code; raise EnrolmentRefused where it isn't accepted."""
        body = {
            "code": code,
            "birth_date": birth_date,
            "app_key": encode_bytes(app_key.data),
            "request_key": encode_bytes(request_key.data),
        }
        try:
            answer = await self._call("POST", "/v1/enrolments", body, signed=False)
        except ClinicRefused as problem:
            raise EnrolmentRefused(problem.status, problem.reason, str(problem)) from problem
        return answers.read_enrolled(answer)

    async def send(self, items: Sequence[OutboxItem]) -> Uploaded:
        """Send a batch; each item gets its own answer.

        Where the clinic said for how long it has no room, raise ClinicBusy without asking.
        """
        wait_ms = self._not_before_ms - self._clock.elapsed_ms()
        if wait_ms > 0:
            raise ClinicBusy(wait_ms)
        lines = [
            {"id": item.id, "kind": item.kind, "body": encode_bytes(item.body)} for item in items
        ]
        try:
            answer = answers.read_uploaded(await self._call("POST", "/v1/items", {"items": lines}))
        except ClinicBusy as problem:
            self._not_before_ms = self._clock.elapsed_ms() + problem.wait_ms
            raise
        self.time.heard(answer.now_ms)
        return answer

    async def fetch(self, cursor: int) -> Downloaded:
        """Fetch what came after ``cursor``; asking says that everything up to it is held."""
        answer = answers.read_downloaded(await self._call("GET", f"/v1/sync?cursor={cursor}"))
        self.time.heard(answer.now_ms)
        return answer

    async def clearance(self, *, device_id: bytes, nonce: bytes, serial: int) -> SignedWord:
        """Ask for a clearance over the device's nonce."""
        body = {**_over(device_id, nonce), "serial": serial}
        return answers.read_word(await self._call("POST", "/v1/clearances", body), "clearance")

    async def time_token(self, *, device_id: bytes, nonce: bytes) -> SignedWord:
        """Ask for the clinic's time over the device's nonce."""
        body = _over(device_id, nonce)
        return answers.read_word(await self._call("POST", "/v1/time-tokens", body), "token")

    async def received(self) -> tuple[Received, ...]:
        """Ask what came from this patient's phones in the last 90 days."""
        return answers.read_received(await self._call("GET", "/v1/received"))

    async def looks(self) -> tuple[Look, ...]:
        """Ask who at the clinic looked at this patient's data in the last 90 days."""
        return answers.read_looks(await self._call("GET", "/v1/looks"))

    async def release(self, *, device_id: bytes) -> OfferedImage | None:
        """Ask which firmware image the band may have; None for none."""
        body = {"device_id": encode_bytes(device_id)}
        return answers.read_release(await self._call("POST", "/v1/releases", body))

    async def release_part(self, *, device_id: bytes, image_hash: bytes, start: int) -> bytes:
        """Fetch the image's next bytes from ``start`` on."""
        body = {**_of_image(device_id, image_hash), "start": start}
        return answers.read_part(await self._call("POST", "/v1/releases/parts", body))

    async def tell_try(
        self, *, device_id: bytes, image_hash: bytes, outcome: str, detail: str
    ) -> None:
        """Say what became of a try to bring the image to the band."""
        body = {**_of_image(device_id, image_hash), "outcome": outcome, "detail": detail}
        await self._call("POST", "/v1/releases/tries", body)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, signed: bool = True
    ) -> object:
        self._require_time(signed=signed)
        signed_ms = self.time.now_ms()
        try:
            return await self._send(method, path, body, signed_ms if signed else None)
        except ClinicRefused as refused:
            if refused.status != UNSIGNED or refused.now_ms is None:
                raise
            if abs(refused.now_ms - signed_ms) < CLOCK_WRONG_MS:
                raise
            self.time.heard(refused.now_ms)
        # This phone's clock is set wrong: once more, by the clinic's.
        return await self._send(method, path, body, self.time.now_ms())

    def _require_time(self, *, signed: bool) -> None:
        """Raise ClinicUnreachable before the server is back by its own word; a person's code is
        tried whenever they send it."""
        wait_ms = self._away_until_ms - self._clock.elapsed_ms()
        if signed and wait_ms > 0:
            raise ClinicUnreachable(wait_ms)

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None, signed_ms: int | None
    ) -> object:
        """Send once; signed as at ``signed_ms``, unsigned where it's None."""
        if self._leads_elsewhere():
            raise OtherServer(self._address.host)
        request = self._http.build_request(method, path, json=body)
        if signed_ms is not None:
            self._sign(request, signed_ms)
        try:
            with self._clock.work():
                async with asyncio.timeout(self._answer_limit_s):
                    response = await self._http.send(request)
        except (httpx2.HTTPError, OSError, TimeoutError) as problem:
            raise self._why_not(problem) from problem
        retry_after = response.headers.get("retry-after", "")
        if response.status_code == TOO_MANY and signed_ms is not None:
            raise ClinicBusy(_busy_ms(retry_after))
        if response.status_code == AWAY:
            wait_ms = _away_ms(retry_after)
            self._away_until_ms = self._clock.elapsed_ms() + wait_ms
            raise ClinicUnreachable(wait_ms)
        return self._read(response)

    def _leads_elsewhere(self) -> bool:
        """Whether the address has another name than the pin, or lost the encryption it had."""
        pin, address = self._pin, self._address
        if pin is None:
            return False
        return pin.host != address.host or (bool(pin.keys) and not address.is_encrypted)

    def _judge(self, keys: tuple[bytes, ...]) -> None:
        """Refuse a server that isn't the pinned one, within the handshake."""
        if self._pin is not None and not self._pin.allows(keys):
            raise KeysRefused("none of the server's keys is known")
        self._keys = keys

    def _why_not(self, problem: BaseException) -> SyncError:
        cause: BaseException | None = problem
        while cause is not None:
            if isinstance(cause, KeysRefused):
                return OtherServer(self._address.host)
            if isinstance(cause, ssl.SSLCertVerificationError):
                return ServerUnproven(cause.verify_message)
            cause = cause.__cause__ or cause.__context__
        return ClinicUnreachable()

    def _sign(self, request: httpx2.Request, signed_ms: int) -> None:
        if self._signer is None:
            raise ClinicRefused(
                0, "not_enrolled", _("This phone isn't enrolled with a clinic yet.")
            )
        self._signer.sign(request, created_ms=signed_ms)

    def _read(self, response: httpx2.Response) -> object:
        if len(response.content) > MAXIMUM_ANSWER_BYTES:
            raise AnswerUnreadable("length")
        try:
            body: object = response.json()
        except (ValueError, RecursionError) as problem:
            if response.is_server_error:
                raise ClinicUnreachable from problem
            raise AnswerUnreadable("json") from problem
        if response.is_server_error:
            raise ClinicUnreachable
        if not response.is_success:
            raise ClinicRefused(response.status_code, *answers.read_refusal(body))
        return body


def _busy_ms(retry_after: str) -> int:
    """How long a clinic that has too much to take in asks to wait."""
    asked_ms = _asked_ms(retry_after)
    return BUSY_MS if asked_ms is None else min(asked_ms, BUSY_AT_MOST_MS)


def _away_ms(retry_after: str) -> int:
    """How long a server that can't answer asks to wait; 0 where it doesn't say."""
    return min(_asked_ms(retry_after) or 0, AWAY_AT_MOST_MS)


def _asked_ms(retry_after: str) -> int | None:
    """What the header asks for, in seconds; None where it doesn't say so in digits."""
    if not (retry_after.isascii() and retry_after.isdecimal()) or len(retry_after) > 9:
        return None
    return int(retry_after) * 1000


def _over(device_id: bytes, nonce: bytes) -> dict[str, Any]:
    return {"device_id": encode_bytes(device_id), "nonce": encode_bytes(nonce)}


def _of_image(device_id: bytes, image_hash: bytes) -> dict[str, Any]:
    return {"device_id": encode_bytes(device_id), "image_hash": encode_bytes(image_hash)}
