"""The control point: each operation of shared.wire.operations, carried out or refused.

Nothing is half-applied: every check comes before the first write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from firmware_bridge.emulator.firmware.apps import Apps
from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.clinic_word import ClinicWord
from firmware_bridge.emulator.firmware.holds import Holds
from firmware_bridge.emulator.firmware.installing import Installing
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.modes import Modes
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import LinkSecurity, Refused
from firmware_bridge.emulator.firmware.owners import Owners
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import PartFailure, Parts
from firmware_bridge.emulator.firmware.presence import Presence
from firmware_bridge.emulator.firmware.requests_taken import RequestsTaken
from firmware_bridge.emulator.firmware.rooms import Device as RoomsDevice
from firmware_bridge.emulator.firmware.rooms import Rooms
from firmware_bridge.emulator.firmware.roots import Roots
from firmware_bridge.emulator.firmware.session_commands import Device as SessionDevice
from firmware_bridge.emulator.firmware.session_commands import SessionCommands
from firmware_bridge.emulator.firmware.states import StateError, StateMachine
from firmware_bridge.emulator.firmware.time_word import TimeWord
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.statements import LedgerHead
from shared.wire import operations, records
from shared.wire.blob_parts import encode_word
from shared.wire.errors import WireError
from shared.wire.operations import (
    Answer,
    NoncePurpose,
    Nothing,
    Operation,
    Refusal,
    Request,
    StatusCode,
    UnknownOperation,
)

NO_NONCE = bytes(16)
"""What a final head is over, for nobody asked for it by a nonce."""

PROTOCOL_VERSION = 1


class Device(RoomsDevice, SessionDevice, Protocol):
    """What the commands need of the core beside its rooms."""

    def part_failed(self) -> None:
        """Stop and stay stopped."""


class Commands:
    """Carries out requests; one instance for the device's life between two boots."""

    def __init__(
        self,
        device: Device,
        parts: Parts,
        time: Timekeeping,
        journal: Journal,
        ownership: Ownership,
        treatment: Treatment,
        machine: StateMachine,
        modes: Modes,
    ) -> None:
        self._device, self._parts, self._time = device, parts, time
        self._journal, self._ownership, self._treatment = journal, ownership, treatment
        self._machine = machine
        self._answers: dict[int, tuple[bytes, bytes]] = {}
        self._taken = RequestsTaken()
        self._asker = ""
        nonces, blobs = Nonces(parts.randomness), Blobs()
        rooms = Rooms(device, parts, time, journal, ownership, treatment, nonces, blobs)
        self._nonces, self._blobs = nonces, blobs
        self._holds, self._owners, self._time_word = Holds(rooms), Owners(rooms), TimeWord(rooms)
        session = SessionCommands(device, parts, nonces, time, journal, ownership, treatment, modes)
        self._steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.HELLO: self._hello,
            Operation.NONCE: self._nonce,
            Operation.HEAD: self._head,
            Operation.RETIRE: self._retire,
            Operation.LOCATE: self._locate,
            Operation.REQUEST_OUTCOME: self._request_outcome,
            **session.steps,
            **self._holds.steps,
            **self._owners.steps,
            **self._time_word.steps,
            **Apps(rooms).steps,
            **ClinicWord(rooms).steps,
            **Installing(rooms).steps,
            **Presence(rooms, self._holds).steps,
            **Roots(rooms).steps,
        }

    def begin(self) -> None:
        """After the boot's record: finish what a power cut left open, and tell of a lost clock."""
        self._owners.finish_reset()
        if self._time.has_unrecorded_loss:
            count_ms = self._parts.clock.read().count_ms
            self._journal.write(records.ClockLostBody(count_ms))
            self._time.note_loss_recorded()
        self.time_passed()

    def time_passed(self) -> None:
        """End what has come to its end by itself."""
        self._holds.expire()

    def answer(self, data: bytes, link: LinkSecurity) -> bytes:
        """Return the one answer to one request; the same request again gets the same answer."""
        request_id = operations.request_id_of(data)
        known = self._answers.get(request_id)
        if known is not None and known[0] == data:
            return known[1]
        made = operations.encode_answer(self._judge(data, link, request_id))
        self._answers = {request_id: (data, made)}
        return made

    def forget_link(self) -> None:
        """A new link begins: request ids start anew, and so do the parts of blobs."""
        self._answers = {}
        self._blobs.forget_link()

    def blob_part(self, value: bytes) -> bytes | None:
        """Take one part of a blob; return the word for its stream, where there is one."""
        word = self._blobs.part(value)
        return None if word is None else encode_word(word)

    @property
    def requests_taken(self) -> int:
        """How many requests this boot has taken that a lost answer would leave in doubt."""
        return self._taken.count

    def _judge(self, data: bytes, link: LinkSecurity, request_id: int) -> Answer:
        try:
            request = operations.decode_request(data)
        except UnknownOperation:
            refusal = Refusal("unknown_operation")
            return Answer(request_id, StatusCode.UNKNOWN_OPERATION, refusal)
        except WireError:
            return Answer(request_id, StatusCode.BAD_REQUEST, Refusal("bad_request"))
        if not link.is_enough:
            return Answer(request_id, StatusCode.NOT_TRUSTED, Refusal("link_not_secure"))
        self._asker = link.peer
        answer = self._carry_out(request, request_id)
        if request.operation not in operations.REPEATABLE:
            self._taken.note(data, link.peer, answer)
        return answer

    def _carry_out(self, request: Request, request_id: int) -> Answer:
        try:
            return Answer(request_id, StatusCode.OK, self._dispatch(request))
        except Refused as refused:
            refusal = Refusal(refused.code, refused.reasons)
            return Answer(request_id, StatusCode(refused.status), refusal)
        except (PartFailure, StateError):
            self._device.part_failed()
            return Answer(request_id, StatusCode.FAULT, Refusal("part_failed"))

    def _dispatch(self, request: Request) -> Any:
        self._check_mac(request)
        if not self._machine.take(request.operation):
            return Nothing()
        return self._steps[request.operation](request.arguments)

    def _check_mac(self, request: Request) -> None:
        row = operations.TABLE[request.operation]
        if row.authority is not operations.Authority.SESSION_MAC:
            return
        if self._treatment.armed is None:
            raise Refused(StatusCode.WRONG_STATE, "not_armed")
        try:
            self._treatment.armed.commands.check(
                int(request.operation),
                request.arguments.counter,
                request.arguments.mac,
                self._named_value(request),
            )
        except TrustError as problem:
            raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem

    def _named_value(self, request: Request) -> int:
        """Return what the MAC has to cover: a percentage, or which pause is to end, so that a touch
        that was held back ends no later one (R10, R12)."""
        if request.operation in operations.ENDS_A_PAUSE:
            return self._treatment.pauses
        return getattr(request.arguments, "percent_mso", 0)

    # Who and what

    def _hello(self, _: Any) -> operations.HelloResult:
        ownership, past = self._ownership, self._journal.state
        newest = ownership.apps[-1].named.key_id if ownership.apps else None
        return operations.HelloResult(
            device_id=self._parts.identity.device_id,
            protocol_version=PROTOCOL_VERSION,
            firmware=self._device.firmware_version,
            state=int(self._device.state),
            provisioned=ownership.owner is not None,
            epoch=bytes(16) if ownership.tenure is None else ownership.tenure.epoch,
            head_number=self._journal.count,
            serial=past.serial,
            clock_trusted=self._time.wall_ms() is not None,
            app_key_id=newest,
            initials=None if ownership.owner is None else ownership.owner.initials,
            coil=self._parts.profile.coil,
            control_key_id=past.control_key_id,
            first_number=self._journal.first,
            before_first=self._before_first(),
        )

    def _before_first(self) -> bytes | None:
        """Return the chain's hash before the oldest record, where older ones made room (R28)."""
        first = self._journal.first
        return None if first == 1 else self._journal.hash_at(first - 1)

    def _nonce(self, asked: operations.NonceArguments) -> operations.NonceResult:
        if asked.purpose is NoncePurpose.ATTEST_TIME:
            return operations.NonceResult(self._time_word.attest_nonce())
        return operations.NonceResult(self._nonces.give(asked.purpose, self._time.uptime_ms))

    def _request_outcome(
        self, asked: operations.RequestOutcomeArguments
    ) -> operations.RequestOutcomeResult:
        return self._taken.outcome(asked, self._asker, self._time.boot_count)

    def _locate(self, _: Any) -> Nothing:
        self._device.locate()
        return Nothing()

    # The record

    def _head(self, asked: operations.HeadArguments) -> operations.HeadResult:
        return self._signed_head(asked.nonce)

    def _retire(self, _: Any) -> operations.HeadResult:
        """Out of use from now on; the answer is the final head, and `HEAD` gives it again."""
        self._owners.retire()
        return self._signed_head(NO_NONCE)

    def _signed_head(self, nonce: bytes) -> operations.HeadResult:
        """Of a device that belongs to nobody any more, the last clinic may still ask."""
        tenure, past = self._ownership.tenure, self._journal.state
        if tenure is None:
            raise Refused(StatusCode.NOT_PROVISIONED, "not_provisioned")
        head = LedgerHead(
            self._parts.identity.device_id,
            tenure.epoch,
            past.number,
            past.hash,
            nonce,
            self._time.boot_count,
            self._time.uptime_ms,
            past.retired,
        )
        self._journal.head_sent()
        signer = self._parts.identity.signer
        return operations.HeadResult(sign1.sign(head, audience=tenure.clinic_id, signer=signer))
