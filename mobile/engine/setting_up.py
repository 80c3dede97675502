"""Makes the band the person's own: clinic and patient, the time, this app. Each step may repeat."""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.link import DeviceRefused, LinkTimeout, StimulatorClient
from firmware_bridge.timebase import Clock
from mobile.engine.enrolment import Enrolment
from mobile.language import _
from mobile.sync import IngestClient
from shared.trust.keys import PublicKey
from shared.wire.operations import BlobKind, HelloResult, NoncePurpose, StatusCode

BUTTON_LIMIT_MS = 60_000
_LOOK_EVERY_MS = 500


class WrongBand(Exception):
    """The band that was paired isn't the one of this person's enrolment."""

    code = "engine.wrong_band"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This is another person's band, or another clinic's. Pair the one that came with "
                "your letter, or call your clinic."
            )
        )


class SettingUp:
    """Brings a paired band from wherever it stands to one that takes this app's word."""

    def __init__(
        self,
        stimulator: StimulatorClient,
        ingest: IngestClient,
        clock: Clock,
        has_failed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._has_failed = has_failed
        self._stimulator = stimulator
        self._ingest = ingest
        self._clock = clock

    async def run(
        self, enrolment: Enrolment, app_key: PublicKey, ask_for_button: Callable[[], None]
    ) -> HelloResult:
        """Do what is missing; return how the band then introduces itself."""
        hello = await self._stimulator.hello()
        if hello.device_id != enrolment.device_id:
            raise WrongBand
        if not hello.provisioned:
            await self._provision(enrolment, ask_for_button)
        if not hello.clock_trusted:
            await self.tell_time(enrolment)
        if hello.app_key_id != app_key.key_id:
            await self._authorize(enrolment)
        return await self._stimulator.hello()

    async def _provision(self, enrolment: Enrolment, ask_for_button: Callable[[], None]) -> None:
        if self._has_failed():
            # It takes nothing any more; asked at once, it says why.
            await self._stimulator.provision()
        await self._stimulator.send_blob(BlobKind.TRANSFER, enrolment.transfer)
        await self._stimulator.send_blob(BlobKind.CERTIFICATE, enrolment.certificate)
        await self._stimulator.send_blob(BlobKind.ASSIGNMENT, enrolment.assignment)
        try:
            await self._stimulator.provision()
        except DeviceRefused as refused:
            if refused.status is not StatusCode.BUTTON_NEEDED:
                raise
            ask_for_button()
            await self._until_provisioned()

    async def _until_provisioned(self) -> None:
        begun_ms = self._clock.elapsed_ms()
        while self._clock.elapsed_ms() - begun_ms < BUTTON_LIMIT_MS:
            if (await self._stimulator.hello()).provisioned:
                return
            if self._has_failed():
                # A press no longer helps; the band says why.
                await self._stimulator.provision()
            await self._clock.sleep_ms(_LOOK_EVERY_MS)
        raise LinkTimeout("press the band's button", BUTTON_LIMIT_MS)

    async def tell_time(self, enrolment: Enrolment) -> None:
        """Bring the clinic's time to a band that has lost its own, in a session too."""
        nonce = await self._stimulator.nonce(NoncePurpose.TIME)
        word = await self._ingest.time_token(device_id=enrolment.device_id, nonce=nonce)
        await self._stimulator.set_time(word.statement, word.certificate)

    async def _authorize(self, enrolment: Enrolment) -> None:
        await self._stimulator.send_blob(BlobKind.ENROLMENT, enrolment.statement)
        await self._stimulator.send_blob(BlobKind.CERTIFICATE, enrolment.certificate)
        await self._stimulator.authorize_app()
