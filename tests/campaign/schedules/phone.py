"""One phone with the app on it: the app's own link, errands, sync and session logic, and its store.

A kill leaves the store's image and nothing else. Not for the person's mind: that is `actions`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from firmware_bridge.link import (
    BackOff,
    Connection,
    DeviceRefused,
    LinkError,
    LinkState,
    StimulatorClient,
)
from firmware_bridge.link.connection import Limits
from mobile.engine import own_words
from mobile.engine.enrolment import Enrolment
from mobile.engine.errands import Errands, is_quiet
from mobile.engine.instants import Instants
from mobile.engine.ledger_copy import LedgerCopy
from mobile.engine.phone_clock import PhoneClock
from mobile.engine.plans import Plan
from mobile.engine.session import Arming, SessionRun, is_under_way, prepare_arm
from mobile.sync import IngestClient, SyncError, exchange
from mobile.sync.clinic_time import ClinicTime
from shared.dose.ledger import LedgerError
from shared.dose.prescription import Prescription
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Arm, Gate, GateAnswers, GateOutcome
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind, NoncePurpose
from shared.wire.status import Status
from tests.campaign.schedules.air import Air, AirBluetooth
from tests.campaign.schedules.clinic import CLINIC_IDS, DEVICE, DEVICE_ID, Clinic
from tests.campaign.schedules.cloud import Cloud
from tests.campaign.schedules.keys import FixedKey
from tests.campaign.schedules.memory_store import Image, Shelf
from tests.campaign.schedules.timeline import SimulatedClock

KNOWN = (LinkError, SyncError, TrustError, LedgerError, WireError, TimeoutError)
"""What the app expects to go wrong, and puts into words."""

_PATIENT = 600_000_000
_LIMITS = Limits(connect_s=_PATIENT, quick=BackOff(50, 200))
READY_MS = 20_000


class Phone:
    """The app, from its start to its kill."""

    def __init__(
        self,
        air: Air,
        clock: SimulatedClock,
        cloud: Cloud,
        app: FixedKey,
        patient_id: bytes,
        shelf: Shelf,
        image: Image | None,
    ) -> None:
        self.app, self.patient_id, self.cloud = app, patient_id, cloud
        self._air, self._shelf = air, shelf
        self._kept = shelf.take(image)
        self.store = self._kept.store
        self.clock = PhoneClock(clock)
        self._bluetooth = AirBluetooth(air)
        self.connection = Connection(
            cast(Any, self._bluetooth), self.clock, limits=_LIMITS, jitter=lambda: 0.0
        )
        self.stimulator = StimulatorClient(self.connection)
        self.instants = Instants(self.store, self.clock, ClinicTime(self.clock))
        self.connection.watch_status(self._heard)
        self.ledger = LedgerCopy(self.store, DEVICE_ID)
        self.enrolment = _enrolment(cloud.clinic, patient_id)
        self.errands = Errands(
            self.store, self.stimulator, self.ingest, self.ledger, self.enrolment
        )
        self.run: SessionRun | None = None
        self.there = True
        self.alive = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy = asyncio.Lock()
        self.problems: list[Exception] = []
        self.spawn(self.connection.keep("band"))

    @property
    def ingest(self) -> IngestClient:
        """The clinic's servers, as this phone reaches them."""
        return cast(IngestClient, self.cloud)

    # Life

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something go on beside; what the app doesn't expect is kept for whoever asks."""
        task = asyncio.get_running_loop().create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Of a task that was cancelled before its first step the work would wait for ever.
        task.add_done_callback(lambda _: work.close())
        return task

    async def _quietly(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except KNOWN:
            return
        except Exception as problem:
            if self.alive:
                self.problems.append(problem)

    async def kill(self) -> Image:
        """End the app as a kill does; return what its store holds at that instant."""
        image = self.freeze()
        await self.bury()
        return image

    def freeze(self) -> Image:
        """From now on this app does nothing that anybody could see."""
        self.alive = False
        image = self._kept.image()
        self._bluetooth.die()
        if self._air.link is not None and self._air.link.client in self._bluetooth.clients:
            self._air.drop()
        for task in self._tasks:
            task.cancel()
        return image

    async def bury(self) -> None:
        """Clear away what is left of a frozen app."""
        tasks = list(self._tasks)
        if tasks:
            await asyncio.wait(tasks)
        self._shelf.give_back(self._kept)

    def image(self) -> Image:
        """The store as it is, for a backup."""
        return self._kept.image()

    # The link

    @property
    def status(self) -> Status | None:
        """What the band last said."""
        return self.connection.status

    @property
    def connected(self) -> bool:
        """Whether commands can be sent."""
        return self.connection.state is LinkState.READY

    async def ready(self) -> bool:
        """Wait a while for the link."""
        with suppress(LinkError):
            await self.connection.until_ready(READY_MS)
        return self.connected

    def _heard(self, status: Status) -> None:
        self.instants.heard(status)
        due = status.still_here_due_ms is not None
        if due and self.there and self.run is not None and self.alive:
            self.spawn(self.stimulator.still_here())

    # Errands

    async def round(self) -> None:
        """Exchange with the clinic, run every errand at the band, exchange again."""
        async with self._busy:
            await exchange(self.store, self.ingest)
            if not await self.ready():
                return
            await own_words.deliver(self.store, self.stimulator, holds_only=True)
            now_ms = self.instants.wall_ms()
            status = self.status
            assert status is not None
            if not is_quiet(status):
                await self.errands.deliver(now_ms=now_ms, holds_only=True)
                return
            await self._set_time()
            # The app's own round ends where a plan has to wait for the clock; the record would too.
            with suppress(DeviceRefused):
                delivered = await self.errands.deliver(now_ms=now_ms)
                await self._clear(fresh=delivered.installed)
            await self.errands.fetch_record(now_ms=now_ms)
            await exchange(self.store, self.ingest)

    async def _set_time(self) -> None:
        hello = await self.stimulator.hello()
        if hello.clock_trusted or not hello.provisioned:
            return
        with suppress(DeviceRefused):
            await self.set_time()

    async def set_time(self) -> None:
        """Fetch the clinic's time over a nonce of the band and put it there."""
        nonce = await self.stimulator.nonce(NoncePurpose.TIME)
        word = await self.ingest.time_token(device_id=DEVICE_ID, nonce=nonce)
        await self.stimulator.set_time(word.statement, word.certificate)

    async def _clear(self, *, fresh: bool) -> None:
        status = self.status
        assert status is not None
        if fresh:
            await self.errands.fetch_clearance(status.serial)
            return
        now_s = self.instants.wall_ms() // 1000
        with suppress(DeviceRefused):
            await self.errands.clear(status, now_s=now_s, limit_s=7 * 86_400)

    async def carry(self, *steps: Coroutine[Any, Any, Any]) -> None:
        """Do errands one after the other; the first that fails ends it."""
        try:
            async with self._busy:
                if await self.ready():
                    for step in steps:
                        await step
        finally:
            for step in steps:
                step.close()

    async def blob(self, kind: BlobKind, data: bytes) -> None:
        """Put a blob on the band."""
        await self.stimulator.send_blob(kind, data)

    # Sessions

    async def answer_gates(
        self, outcome: GateOutcome, postpone_s: int, confirmed: tuple[Gate, ...], reason: str | None
    ) -> bytes:
        """Send the screening's outcome; return what was signed."""
        nonce = await self.stimulator.nonce(NoncePurpose.GATE_ANSWERS)
        said = GateAnswers(nonce, self.patient_id, 1, outcome, postpone_s, reason, confirmed)
        statement = self.signed(said)
        await self.stimulator.gate_answers(statement)
        return statement

    def signed(self, statement: Any) -> bytes:
        """Return what the app key signs for the band."""
        return sign1.sign(statement, audience=DEVICE_ID, signer=self.app)

    async def arm(self, prescription: Prescription, named: bytes, *, make_up: bool) -> SessionRun:
        """Arm, as the app does; on return the session is followed to its end."""
        if make_up:
            arming = await self._prepare_make_up(named)
        else:
            arming = await prepare_arm(self.stimulator, self.enrolment, named, self.app)
        plan = Plan(prescription, named)
        run = SessionRun(
            self.connection,
            self.stimulator,
            self.store,
            self.instants,
            arming,
            plan,
            planned_pulses=plan.prescription.pulses_per_session,
            number=1,
        )
        await run.arm(self.enrolment, self.app.public_key)
        self.run = run
        self.spawn(self._follow(run))
        return run

    async def _prepare_make_up(self, named: bytes) -> Arming:
        plain = await prepare_arm(self.stimulator, self.enrolment, named, self.app)
        key = SoftwareKey.generate()
        asked = sign1.verify(Arm, plain.message, audience=DEVICE_ID, key=self.app.public_key)
        changed = replace(asked, ephemeral_key=key.public_key.data, make_up=True)
        return Arming(plain.session_id, self.signed(changed), key)

    async def _follow(self, run: SessionRun) -> None:
        try:
            await run.run()
        finally:
            if self.run is run:
                self.run = None

    async def until_over(self, limit_ms: int) -> None:
        """Wait until no session is under way, for so long at most."""
        over = asyncio.Event()
        leave = self.connection.watch_status(
            lambda status: None if is_under_way(status) else over.set()
        )
        try:
            if self.status is not None and is_under_way(self.status):
                await self.clock.wait_for(over.wait(), limit_ms)
        except TimeoutError:
            return
        finally:
            leave()


def _enrolment(clinic: Clinic, patient_id: bytes) -> Enrolment:
    return Enrolment(
        phone_id="phone",
        clinic_id=CLINIC_IDS[clinic.index],
        clinic_name="Clinic",
        patient_id=patient_id,
        initials="T.P.",
        device_id=DEVICE_ID,
        clinic_root=clinic.root.public_key.data,
        statement=b"-",
        certificate=b"-",
        transfer=b"-",
        assignment=b"-",
        vault_key=bytes(33),
        care_key=bytes(33),
        device_key=DEVICE.public_key.data,
    )
