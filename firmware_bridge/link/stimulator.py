"""The band as the app commands it: one typed method for each operation.

Statements are signed elsewhere and passed on as they are. Commands under the session key need
`hold_session_key` first, after an arm. A command in doubt is settled before a new one is sent, but
never keeps back what ends pulses.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

from firmware_bridge.link.connection import Connection
from firmware_bridge.link.control_point import ANSWER_LIMIT_MS, Arguments
from firmware_bridge.link.doubts import Uncertain
from firmware_bridge.link.errors import CommandUncertain, LinkError, LinkLost, NoSessionKey
from firmware_bridge.link.progress import Progress, Watch, unwatched
from firmware_bridge.link.transfer import LedgerLine, whole_ledger
from shared.trust.session_key import CommandWriter
from shared.wire.operations import (
    ENDS_A_PAUSE,
    REPEATABLE,
    ArmResult,
    BlobKind,
    HeadArguments,
    HeadResult,
    HelloResult,
    NonceArguments,
    NoncePurpose,
    NonceResult,
    Nothing,
    Operation,
    OutcomeResult,
    PauseArguments,
    RequestOutcomeResult,
    SealedArguments,
    SealedPercentArguments,
    SessionArguments,
    StatementArguments,
)
from shared.wire.record_types import PauseCause

SETTLING_LIMIT_MS = 30_000
"""For so long the truth about a command in doubt is waited for (own figure)."""

NEVER_KEPT_BACK = REPEATABLE | {
    Operation.STOP,
    Operation.PAUSE,
    Operation.CLOSE,
    Operation.STILL_HERE,
    Operation.PLACE_HOLD,
}
"""What is sent whatever else is in doubt: it changes nothing, or it can only stop pulses."""


class StimulatorClient:
    """Commands to the band over whatever connection there is at the moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session_key: CommandWriter | None = None
        self._begun: tuple[BlobKind, bytes] | None = None

    # Orientation

    async def hello(self) -> HelloResult:
        result: HelloResult = await self._ask(Operation.HELLO)
        return result

    async def nonce(self, purpose: NoncePurpose) -> bytes:
        result: NonceResult = await self._ask(Operation.NONCE, NonceArguments(purpose))
        return result.nonce

    async def head(self, nonce: bytes) -> bytes:
        """The signed ledger head over a nonce of ours."""
        result: HeadResult = await self._ask(Operation.HEAD, HeadArguments(nonce))
        return result.head

    async def settle(
        self, doubt: Uncertain, limit_ms: int = SETTLING_LIMIT_MS
    ) -> RequestOutcomeResult:
        """What became of a command in doubt; a `LinkError` while the band can't be asked."""
        if doubt.result is None:
            await self._connection.until_ready(limit_ms)
            await self._connection.session.control.settle_doubts()
        if doubt.result is None:
            raise LinkLost()
        return doubt.result

    async def learn(
        self, uncertain: CommandUncertain, limit_ms: int = SETTLING_LIMIT_MS
    ) -> LinkError | None:
        """What a lost answer would have said: None where it was done, an error where it wasn't,
        and the uncertainty itself where nobody knows."""
        with suppress(LinkError):
            await self.settle(uncertain.doubt, limit_ms)
        return uncertain.learnt()

    async def session_outcome(self, session_id: bytes) -> OutcomeResult:
        """What became of a session, by the band's own record of it."""
        arguments = SessionArguments(session_id)
        result: OutcomeResult = await self._ask(Operation.SESSION_OUTCOME, arguments)
        return result

    # Set-up

    async def send_blob(self, kind: BlobKind, blob: bytes, watch: Watch = unwatched) -> None:
        """Put a blob on the band; called again after a loss, it resumes."""
        begun, self._begun = self._begun == (kind, blob), (kind, blob)
        await self._connection.session.blobs.send(kind, blob, begun=begun, watch=watch)
        self._begun = None

    async def provision(self) -> None:
        """With transfer and assignment on the band as blobs."""
        await self._ask(Operation.PROVISION)

    async def authorize_app(self) -> None:
        """With the enrolment on the band as a blob."""
        await self._ask(Operation.AUTHORIZE_APP)

    async def install(self) -> None:
        """With the signed prescription on the band as a blob."""
        await self._ask(Operation.INSTALL)

    async def set_time(self, token: bytes, certificate: bytes | None = None) -> None:
        await self._ask(Operation.SET_TIME, StatementArguments(token, certificate))

    async def clearance(self, statement: bytes, certificate: bytes | None = None) -> None:
        await self._ask(Operation.CLEARANCE, StatementArguments(statement, certificate))

    async def revoke(self, statement: bytes) -> None:
        """Take a key's word back (R18)."""
        await self._ask(Operation.REVOKE, StatementArguments(statement))

    async def rotate_root(self, statement: bytes) -> None:
        """Name other roots; the band's button agrees (R25)."""
        await self._ask(Operation.ROTATE_ROOT, StatementArguments(statement))

    async def accept_catalogue(self, statement: bytes) -> None:
        """Hand over the clinic's acceptance of a catalogue (R26)."""
        await self._ask(Operation.ACCEPT_CATALOGUE, StatementArguments(statement))

    async def take_control(self, statement: bytes) -> None:
        """Command the band from this phone, while nothing is under way (R22)."""
        await self._ask(Operation.TAKE_CONTROL, StatementArguments(statement))

    async def release_control(self, statement: bytes) -> None:
        """Give control up (R22)."""
        await self._ask(Operation.RELEASE_CONTROL, StatementArguments(statement))

    async def attest_time(self) -> None:
        """With the prescriber's word on the band as a blob (R6)."""
        await self._ask(Operation.ATTEST_TIME)

    async def receipt(self, statement: bytes, certificate: bytes | None = None) -> None:
        """Hand over the clinic's receipt for records (R28)."""
        await self._ask(Operation.RECEIPT, StatementArguments(statement, certificate))

    async def reset(self) -> None:
        """With a prescriber's word over the present head as a blob: wipe keys and names (R23)."""
        await self._ask(Operation.RESET)

    async def retire(self) -> bytes:
        """With a prescriber's word over the present head as a blob; returns the last head (R24)."""
        result: HeadResult = await self._ask(Operation.RETIRE)
        return result.head

    # Holds and answers

    async def place_hold(self, statement: bytes, certificate: bytes | None = None) -> None:
        await self._ask(Operation.PLACE_HOLD, StatementArguments(statement, certificate))

    async def gate_answers(self, statement: bytes, certificate: bytes | None = None) -> None:
        await self._ask(Operation.GATE_ANSWERS, StatementArguments(statement, certificate))

    async def confirm_hold(self, statement: bytes, certificate: bytes | None = None) -> None:
        """A rest hold stays until it is lifted (R21)."""
        await self._ask(Operation.CONFIRM_HOLD, StatementArguments(statement, certificate))

    async def take_back(self, statement: bytes) -> None:
        """Take back a hold that was touched by mistake (R21)."""
        await self._ask(Operation.TAKE_BACK, StatementArguments(statement))

    async def lift_hold(self) -> None:
        """With the word of somebody who may lift on the band as a blob (R21)."""
        await self._ask(Operation.LIFT_HOLD)

    async def postpone(self, statement: bytes) -> None:
        """Put the next session off (R16)."""
        await self._ask(Operation.POSTPONE, StatementArguments(statement))

    async def training_done(self, statement: bytes) -> None:
        """The lessons were gone through (R15)."""
        await self._ask(Operation.TRAINING_DONE, StatementArguments(statement))

    async def side_effect_answers(self, statement: bytes) -> None:
        """The questions after a session were answered (R9)."""
        await self._ask(Operation.SIDE_EFFECT_ANSWERS, StatementArguments(statement))

    async def supervise(self) -> None:
        """With a trained person's word on the band as a blob (R15)."""
        await self._ask(Operation.SUPERVISE)

    # A session

    async def arm(self, statement: bytes, certificate: bytes | None = None) -> bytes:
        """Arm one session; returns the band's signed answer."""
        arguments = StatementArguments(statement, certificate)
        result: ArmResult = await self._ask(Operation.ARM, arguments)
        return result.answer

    def hold_session_key(self, key: CommandWriter) -> None:
        """Seal commands with the key that was agreed by arming."""
        self._session_key = key

    def drop_session_key(self) -> None:
        """The session is over."""
        self._session_key = None

    async def open_start_window(self) -> None:
        await self._ask_sealed(Operation.OPEN_START_WINDOW)

    async def start(self) -> None:
        await self._ask_sealed(Operation.START)

    async def resume(self) -> None:
        await self._ask_sealed(Operation.RESUME)

    async def beat(self, limit_ms: int = ANSWER_LIMIT_MS) -> None:
        """The phone is alive."""
        await self._ask_sealed(Operation.BEAT, limit_ms)

    async def still_here(self) -> None:
        """The person is."""
        await self._ask_sealed(Operation.STILL_HERE)

    async def pause(self, cause: PauseCause | None = None) -> None:
        """Pause; an incoming call says so on the record (R12)."""
        await self._ask(Operation.PAUSE, PauseArguments(cause))

    async def stop(self) -> None:
        """Ends pulses; passes everything that waits, and needs no more than the link."""
        await self._ask(Operation.STOP)

    async def close(self) -> None:
        """End the session here."""
        await self._ask(Operation.CLOSE)

    async def repositioned(self) -> None:
        """The band sits at the session's next site (R12)."""
        await self._ask_sealed(Operation.REPOSITIONED)

    async def soften(self, percent_mso: int) -> None:
        """Lower the output for the rest of the session (R13)."""
        await self._ask_percent(Operation.SOFTEN, percent_mso)

    async def titrate(self, percent_mso: int) -> None:
        """Fire one pulse of a titration (R14)."""
        await self._ask_percent(Operation.TITRATE, percent_mso)

    async def practice(self) -> None:
        """Go through a session's motions without a pulse; `stop` ends it (R30)."""
        await self._ask(Operation.PRACTICE)

    async def self_test(self) -> None:
        """Have the band examine itself (R30)."""
        await self._ask(Operation.SELF_TEST)

    async def locate(self) -> None:
        """Have the band buzz."""
        await self._ask(Operation.LOCATE)

    # The record

    async def record_count(self, first: int = 1) -> int:
        """How many records the band holds from number `first` on."""
        return await self._connection.session.records.count(first)

    async def ledger(
        self, first: int, watch: Watch | None = None, *, last: int | None = None
    ) -> AsyncGenerator[LedgerLine, None]:
        """Records from number `first` on, in order, without a gap; resume after the last stored.

        Who knows the `last` one, by a head, isn't asked to wait for the word that there are no
        more; what was recorded since may come along."""
        report = self._connection.session.records.report
        total = 0 if watch is None else await self.record_count(first)
        done = 0
        async with aclosing(whole_ledger(report, first, last)) as lines:
            async for line in lines:
                yield line
                done += 1
                if watch is not None:
                    watch(Progress(done, max(done, total)))

    async def _ask(self, operation: Operation, arguments: Any = None) -> Any:
        given = Nothing() if arguments is None else arguments
        return await self._send(operation, lambda: given)

    async def _ask_sealed(self, operation: Operation, limit_ms: int = ANSWER_LIMIT_MS) -> None:
        key = self._session_key
        if key is None:
            raise NoSessionKey(operation)

        def sealed() -> SealedArguments:
            return SealedArguments(*key.seal(operation, self._pause_ended_by(operation)))

        await self._send(operation, sealed, limit_ms)

    async def _send(
        self, operation: Operation, arguments: Arguments, limit_ms: int = ANSWER_LIMIT_MS
    ) -> Any:
        control = self._connection.session.control
        if operation not in NEVER_KEPT_BACK:
            await control.settle_doubts()
        return await control.ask(operation, arguments, limit_ms)

    def _pause_ended_by(self, operation: Operation) -> int:
        """Which pause of the session the person saw when they touched."""
        status = self._connection.status
        if operation not in ENDS_A_PAUSE or status is None:
            return 0
        return status.pauses

    async def _ask_percent(self, operation: Operation, percent_mso: int) -> None:
        key = self._session_key
        if key is None:
            raise NoSessionKey(operation)

        def sealed() -> SealedPercentArguments:
            return SealedPercentArguments(*key.seal(operation, percent_mso), percent_mso)

        await self._send(operation, sealed)
