"""The patient with the phone: pairs, sets the band up, arms, starts, stays there.

Speaks to the band through the app's own link only, and presses its button through the emulator's
control surface. What the clinic would send is signed by the tests' clinic.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from firmware_bridge.link import (
    Beat,
    Connection,
    DeviceRefused,
    LinkError,
    LinkState,
    StimulatorClient,
)
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.trust import session_key, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import (
    ID_BYTES,
    NONCE_BYTES,
    Arm,
    ArmAnswer,
    GateAnswers,
    GateOutcome,
    LedgerHead,
    Purpose,
)
from shared.wire.operations import BlobKind, NoncePurpose, StatusCode
from shared.wire.records import Record, decode_record
from shared.wire.status import DeviceState, Status
from tests.journey.band import EmulatedBand
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, PATIENT_ID, Clinic, itbs

READY_WITHIN_MS = 600_000
LOOK_MS = 50
"""How often somebody looks: the length of the clock's step."""


class Comparing:
    """A person with both numbers before them; one who mistakes them says no."""

    def __init__(self, band: EmulatedBand, connection: Connection, *, mistaken: bool) -> None:
        self._band, self._connection, self._mistaken = band, connection, mistaken

    async def confirm_number(self, number: int) -> bool:
        """Wait for the number on the band, compare, and press."""
        while not (shown := (await self._band.state())["display"].replace(" ", "")).isdigit():
            await self._connection.clock.sleep_ms(LOOK_MS)
        if self._mistaken or shown != f"{number:06}":
            return False
        await self._band.press()
        return True


class Patient:
    """The app's half of a conversation with the band."""

    def __init__(self, clinic: Clinic, client: StimulatorClient, connection: Connection) -> None:
        self.clinic, self.client, self.connection = clinic, client, connection
        self.session_id = b""

    # Once

    async def pair(self, band: EmulatedBand, *, mistaken: bool = False) -> str:
        """Hold the band's button and pair; return the band's address."""
        await band.hold()
        return await self.connection.pair(Comparing(band, self.connection, mistaken=mistaken))

    async def set_up(self, band: EmulatedBand) -> None:
        """Provision, set the clock, enrol the app, install the prescription, give clearance."""
        await self._become_owner(band)
        await self._set_time()
        await self._blob(BlobKind.ENROLMENT, self.clinic.enrolment())
        await self._blob(BlobKind.CERTIFICATE, self.clinic.certificate(Purpose.ENROLMENT))
        await self.client.authorize_app()
        await self._blob(BlobKind.PRESCRIPTION, self.clinic.prescribe(itbs()))
        await self.client.install()
        await self._clear()

    async def _become_owner(self, band: EmulatedBand) -> None:
        await self._blob(BlobKind.TRANSFER, self.clinic.transfer())
        await self._blob(BlobKind.CERTIFICATE, self.clinic.certificate(Purpose.ENROLMENT))
        await self._blob(BlobKind.ASSIGNMENT, self.clinic.assignment())
        try:
            await self.client.provision()
        except DeviceRefused as refused:
            if refused.status is not StatusCode.BUTTON_NEEDED:
                raise
        else:
            raise AssertionError("provisioned without the button")
        await band.press()
        assert (await self.client.hello()).provisioned

    async def _set_time(self) -> None:
        nonce = await self.client.nonce(NoncePurpose.TIME)
        token = self.clinic.time_token(nonce, self.connection.clock.wall_ms())
        await self.client.set_time(token, self.clinic.certificate(Purpose.TIME))

    async def _clear(self) -> None:
        nonce = await self.client.nonce(NoncePurpose.CLEARANCE)
        issued_s = self.connection.clock.wall_ms() // 1000
        word = self.clinic.clearance(nonce, issued_s, serial=1)
        await self.client.clearance(word, self.clinic.certificate(Purpose.CLEARANCE))

    async def _blob(self, kind: BlobKind, data: bytes) -> None:
        await self.client.send_blob(kind, data)

    # Each session

    @asynccontextmanager
    async def kept(self, address: str) -> AsyncIterator[None]:
        """Stay connected to the paired band, and connect again when the link is lost."""
        async with background(self.connection.keep(address)):
            await self.connection.until_ready(READY_WITHIN_MS)
            yield

    async def pass_gates(self) -> None:
        """Answer the screening; nothing speaks against a session."""
        nonce = await self.client.nonce(NoncePurpose.GATE_ANSWERS)
        answers = GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.PASS, 0)
        statement = sign1.sign(answers, audience=DEVICE_ID, signer=self.clinic.app)
        await self.client.gate_answers(statement)

    async def arm(self, device: PublicKey) -> None:
        """Arm one session and agree its key with the band."""
        status = self.connection.status
        assert status is not None
        assert status.prescription_hash is not None
        own, session_id = SoftwareKey.generate(), secrets.token_bytes(ID_BYTES)
        nonce = await self.client.nonce(NoncePurpose.ARM)
        asked = Arm(nonce, session_id, PATIENT_ID, status.prescription_hash, own.public_key.data)
        message = sign1.sign(asked, audience=DEVICE_ID, signer=self.clinic.app)
        answer = await self.client.arm(message)
        audience = self.clinic.app.public_key.key_id
        said = sign1.verify(ArmAnswer, answer, audience=audience, key=device)
        key = session_key.derive(own, PublicKey(said.ephemeral_key), message, answer)
        self.client.hold_session_key(session_key.CommandWriter(key, session_id))
        self.session_id = session_id

    @asynccontextmanager
    async def treated(self, band: EmulatedBand) -> AsyncIterator[None]:
        """Start with the band's button; stay there, and let the phone beat, until the end."""
        there = asyncio.Event()
        leave = self.connection.watch_status(
            lambda status: there.set() if status.still_here_due_ms is not None else None
        )
        beat = Beat(self.client, self.connection.clock)
        try:
            async with background(beat.run()), background(self._stay(there)):
                await self.client.open_start_window()
                await band.press()
                yield
        finally:
            leave()

    async def _stay(self, asked: asyncio.Event) -> None:
        while True:
            await asked.wait()
            asked.clear()
            try:
                await self.client.still_here()
            except LinkError:
                continue

    async def until_link(self, state: LinkState) -> None:
        """Return once the link stands so."""
        there = asyncio.Event()
        leave = self.connection.watch(lambda now: there.set() if now is state else None)
        try:
            if self.connection.state is not state:
                await self.connection.clock.wait_for(there.wait(), READY_WITHIN_MS)
        finally:
            leave()

    async def until(self, state: DeviceState, limit_ms: int) -> Status:
        """Return the first status in which the band says that it is in that state."""
        loop = asyncio.get_running_loop()
        seen: asyncio.Future[Status] = loop.create_future()

        def look(status: Status) -> None:
            if status.state is state and not seen.done():
                seen.set_result(status)

        leave = self.connection.watch_status(look)
        try:
            if self.connection.status is not None:
                look(self.connection.status)
            return await self.connection.clock.wait_for(seen, limit_ms)
        finally:
            leave()

    # The record

    async def record(self) -> tuple[LedgerState, list[Record]]:
        """Read the whole record from the band and add it up, from its very beginning."""
        hello = await self.client.hello()
        state, lines = ledger.genesis(hello.device_id, hello.epoch), []
        async for line in self.client.ledger(1):
            state = ledger.take(state, line.data)
            lines.append(decode_record(line.data))
        return state, lines

    async def signed_head(self, device: PublicKey) -> LedgerHead:
        """Ask the band to sign where its record stands, and verify that it did."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        data = await self.client.head(nonce)
        head = sign1.verify(LedgerHead, data, audience=CLINIC_ID, key=device)
        assert head.nonce == nonce
        return head


@asynccontextmanager
async def background(work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """Let something run beside the block; an error of it comes before one of the block."""
    task: asyncio.Task[Any] = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (problem := task.exception()) is not None:
            raise problem
