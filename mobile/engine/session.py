"""One session from arming to its end, as the phone sees it; the band decides each step.

The phone asks, beats while the band wants to hear it, and notes. What became of a session that it
lost sight of, it asks the band.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

from firmware_bridge.link import (
    Beat,
    CommandUncertain,
    Connection,
    LinkError,
    LinkLost,
    LinkTimeout,
    StimulatorClient,
)
from mobile.engine.enrolment import Enrolment
from mobile.engine.instants import Instants
from mobile.engine.plans import Plan
from mobile.engine.session_log import LogBook
from mobile.store import Store
from shared.trust import session_key, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer, SoftwareKey
from shared.trust.statements import ID_BYTES, Arm, ArmAnswer
from shared.wire.operations import NoncePurpose, Outcome, OutcomeResult
from shared.wire.status import DeviceState, Status, Telemetry

log = logging.getLogger(__name__)

_UNDER_WAY = {
    DeviceState.ARMED,
    DeviceState.STIMULATING,
    DeviceState.PAUSED,
    DeviceState.REPOSITIONING,
    DeviceState.CLOSING,
}
_GOING_ON = {Outcome.ARMED, Outcome.RUNNING, Outcome.PAUSED}
_LINK_LIMIT_MS = 3_600_000
_ASK_AGAIN_MS = 500
ENDED_BY_ITSELF_MS = 11 * 60_000
"""A band that hears no beat pauses within its limit, and ends the session ten minutes after that
(R11, R12, R31); the rest of the eleventh minute is this phone's margin."""
LEARN_LIMIT_MS = 10_000
"""For so long a person waits to learn what became of a touch (own figure)."""


def is_under_way(status: Status) -> bool:
    """True from arming to the end of a session."""
    return status.state in _UNDER_WAY


@dataclass(frozen=True)
class Arming:
    """The recorded arm message: worth nothing a second time."""

    session_id: bytes
    message: bytes
    key: SoftwareKey


async def prepare_arm(
    stimulator: StimulatorClient,
    enrolment: Enrolment,
    plan_hash: bytes,
    app_key: Signer,
    *,
    make_up: bool = False,
) -> Arming:
    """Return a signed arm message over a fresh nonce of the band: for a whole session, or for the
    rest of the last one (R9)."""
    nonce = await stimulator.nonce(NoncePurpose.ARM)
    key, session_id = SoftwareKey.generate(), secrets.token_bytes(ID_BYTES)
    statement = Arm(
        nonce, session_id, enrolment.patient_id, plan_hash, key.public_key.data, make_up
    )
    message = sign1.sign(statement, audience=enrolment.device_id, signer=app_key)
    return Arming(session_id, message, key)


class SessionRun:
    """A session that this phone armed."""

    def __init__(
        self,
        connection: Connection,
        stimulator: StimulatorClient,
        store: Store,
        instants: Instants,
        arming: Arming,
        plan: Plan,
        *,
        planned_pulses: int,
        number: int,
    ) -> None:
        self._connection = connection
        self._stimulator = stimulator
        self._instants = instants
        self._arming = arming
        self._ended = asyncio.Event()
        self._state: DeviceState | None = None
        self._book = LogBook(store, arming.session_id)
        self.beat = Beat(stimulator, connection.clock)
        self.plan = plan
        self.planned_pulses = planned_pulses
        """Of this session, as the band says once it runs: the rest's, where it's a rest."""
        self.number = number
        """Which session of the course it is, or is the rest of."""
        self.has_begun = False
        self.softer_asked = False
        self.paused_at_ms: int | None = None
        self.armed_until_ms = 0
        self.window_until_ms = 0

    @property
    def session_id(self) -> bytes:
        """The session's id."""
        return self._arming.session_id

    async def arm(self, enrolment: Enrolment, app_key: PublicKey) -> None:
        """Arm; raise DeviceRefused, LinkError or TrustError, and then nothing is armed."""
        try:
            answer = await self._stimulator.arm(self._arming.message)
        except CommandUncertain as uncertain:
            raise await self._called_off(uncertain) from uncertain
        try:
            armed = self._read(answer, enrolment, app_key)
        except TrustError:
            await self._stimulator.stop()
            raise
        other = PublicKey(armed.ephemeral_key)
        key = session_key.derive(self._arming.key, other, self._arming.message, answer)
        self._stimulator.hold_session_key(session_key.CommandWriter(key, self.session_id))
        self.armed_until_ms = self._connection.clock.elapsed_ms() + armed.armed_for_ms
        self._book.event("armed", self._instants.wall_ms())

    async def _called_off(self, uncertain: CommandUncertain) -> LinkError:
        """Without the answer there's no key: what the band may have armed is stopped."""
        learnt = await self._stimulator.learn(uncertain, LEARN_LIMIT_MS)
        if uncertain.doubt.may_be_done:
            with suppress(LinkError):
                await self._stimulator.stop()
        return learnt or uncertain

    def _read(self, answer: bytes, enrolment: Enrolment, app_key: PublicKey) -> ArmAnswer:
        armed = sign1.verify(
            ArmAnswer, answer, audience=app_key.key_id, key=PublicKey(enrolment.device_key)
        )
        if armed.arm_hash != hashlib.sha256(self._arming.message).digest():
            raise TrustError("arm", "the band answered another arm message")
        return armed

    async def run(self) -> OutcomeResult:
        """Beat and note until the session has ended; return what the band says became of it."""
        leave = [
            self._connection.watch_status(self._heard),
            self._connection.watch_telemetry(self._sample),
        ]
        try:
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(self._beat())
                outcome = await self._until_ended()
                beating.cancel()
            return outcome
        finally:
            for end in leave:
                end()
            self._stimulator.drop_session_key()
            self._book.event("ended", self._instants.wall_ms())

    def event(self, name: str) -> None:
        """Note what the person or the link did."""
        self._book.event(name, self._instants.wall_ms())

    async def _beat(self) -> None:
        refusal = await self.beat.run()
        log.info("beat ended: %s", refusal)

    async def _until_ended(self) -> OutcomeResult:
        while True:
            self._ended.clear()
            outcome = await self._outcome()
            if outcome.outcome not in _GOING_ON:
                return outcome
            await self._ended.wait()

    async def _outcome(self) -> OutcomeResult:
        while True:
            try:
                await self._connection.until_ready(_LINK_LIMIT_MS)
                return await self._stimulator.session_outcome(self.session_id)
            except (LinkLost, LinkTimeout) as problem:
                log.info("asking what became of the session: %s", problem)
                # A link may still count as ready whose session is gone: never ask in one breath.
                await self._connection.clock.sleep_ms(_ASK_AGAIN_MS)

    def _heard(self, status: Status) -> None:
        if is_under_way(status) and status.planned_pulses:
            self.planned_pulses = status.planned_pulses
        if status.state is not self._state:
            self._state = status.state
            self.softer_asked = False
            paused = status.state is DeviceState.PAUSED
            self.paused_at_ms = self._connection.clock.elapsed_ms() if paused else None
            self.has_begun = self.has_begun or status.state is DeviceState.STIMULATING
            self._book.event(status.state.name.lower(), self._instants.wall_ms())
        if not is_under_way(status):
            self._ended.set()

    def _sample(self, sample: Telemetry) -> None:
        self._book.sample(sample, self._instants.wall_ms())
