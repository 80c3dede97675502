"""A band with the real firmware core, met by a phone that is enrolled with the real ingest.

Time is the world's own clock; everything that the band takes came from the clinic's processes.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from cloud.ingest.bodies import decode_bytes, encode_bytes
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.parts.profiles import PROFILES
from shared.dose import prescription as prescriptions
from shared.dose.reasons import ReasonCode
from shared.trust import session_key, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Arm, ArmAnswer, GateAnswers, GateOutcome, LedgerHead
from shared.wire import fields, items, operations
from shared.wire.blob_parts import parts, stream_of
from shared.wire.items import (
    DownKind,
    RelayedWord,
    SignedHold,
    SignedLastWord,
    SignedPrescription,
)
from shared.wire.operations import (
    Answer,
    BlobKind,
    HeadArguments,
    NonceArguments,
    NoncePurpose,
    Nothing,
    Operation,
    SealedArguments,
    StatementArguments,
    StatusCode,
)
from shared.wire.status import DeviceState
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

LINK = LinkSecurity(True, True, True, "test phone")
STEP_MS = 50
OVER = (DeviceState.IDLE, DeviceState.CLOSING)


class RealBand:
    """One device, and what its phone does with it."""

    def __init__(self, folder: Path, world: World, device_id: bytes, phone: Phone) -> None:
        self._world, self._began_ms, self.phone = world, world.clock.now_ms, phone
        self.device_id = device_id
        maker = bytes.fromhex((world.identity.folder / "manufacturer.pub").read_text())
        key = world.identity.devices[device_id]
        identity = Identity(device_id, key, b"", PublicKey(maker))
        self._key = key
        self._board = build_board(
            folder, identity, lambda: self._now_ms, durable=False, profile=PROFILES["figure-8"]
        )
        self._firmware = Firmware(self._board.parts)
        self._firmware.boot()
        self._firmware.advance(0)
        self._asked = 0
        self._writer: session_key.CommandWriter | None = None

    @property
    def _now_ms(self) -> int:
        return self._world.clock.now_ms - self._began_ms

    def pass_time(self, ms: int) -> None:
        """Let idle time pass at once."""
        self._world.clock.now_ms += ms
        self._firmware.advance(self._now_ms)

    # The phone's errands

    def set_up(self) -> None:
        """Make the band the person's: owner, time, app."""
        certificate = decode_bytes(self.phone.given["certificates"][0])
        self.blob(BlobKind.TRANSFER, self.phone.bytes_of("transfer"))
        self.blob(BlobKind.CERTIFICATE, certificate)
        self.blob(BlobKind.ASSIGNMENT, self.phone.bytes_of("assignment"))
        assert self.ask(Operation.PROVISION).status is StatusCode.BUTTON_NEEDED
        self._press()
        self._must(Operation.SET_TIME, self._word("time-tokens", "token", NoncePurpose.TIME))
        self.blob(BlobKind.ENROLMENT, self.phone.bytes_of("enrolment"))
        self.blob(BlobKind.CERTIFICATE, certificate)
        self._must(Operation.AUTHORIZE_APP)

    def clear(self) -> None:
        """Fetch the clinic's word and give it to the band."""
        word = self._word("clearances", "clearance", NoncePurpose.CLEARANCE)
        self._must(Operation.CLEARANCE, word)

    def install(self, *, with_last_word: bool = True) -> Answer:
        """Offer the newest prescription that waits, with the last word that it rests on."""
        waits = self._waiting()
        blob = [body for kind, body in waits if kind == DownKind.PRESCRIPTION][-1]
        for kind, body in waits:
            if kind == DownKind.LAST_WORD and with_last_word:
                word = fields.unpack(SignedLastWord, body)
                self.blob(BlobKind.FINAL_HEAD, word.head)
                self.blob(BlobKind.DEVICE_CERTIFICATE, word.certificate)
        self.blob(BlobKind.PRESCRIPTION, blob)
        self._patient_id = prescriptions.from_bytes(
            fields.unpack(SignedPrescription, blob).prescription
        ).patient_id
        return self.ask(Operation.INSTALL)

    def take_holds(self) -> None:
        """Put every hold there that waits for this band, and send the band's record of it."""
        waiting = [body for kind, body in self._waiting() if kind == DownKind.HOLD]
        for hold in (fields.unpack(SignedHold, body) for body in waiting):
            if sign1.peek(hold.statement).audience != self.device_id:
                continue
            self._must(Operation.PLACE_HOLD, StatementArguments(hold.statement, hold.certificate))
        self.send()

    def retire(self) -> None:
        """Carry out the hand-over that waits, and send its last word with the whole record."""
        (body,) = (body for kind, body in self._waiting() if kind == DownKind.STAFF_WORD)
        self.blob(BlobKind.STAFF_WORD, fields.pack(fields.unpack(RelayedWord, body).word))
        self.send(self._must(Operation.RETIRE).head)

    def send(self, envelope: bytes | None = None) -> None:
        """Send the record with a head over it."""
        if envelope is None:
            asked = HeadArguments(secrets.token_bytes(16))
            envelope = self._must(Operation.HEAD, asked).head
        clinic_id = self.phone.given["clinic_id"].encode()
        head = sign1.verify(LedgerHead, envelope, audience=clinic_id, key=self._key.public_key)
        name = items.head_id(head.device_id, head.epoch, head.number, head.nonce)
        sent = [{"id": name, "kind": "head", "body": envelope}]
        for number in range(1, head.number + 1):
            record = items.record_id(head.device_id, head.epoch, number)
            data = self._firmware.record(number)
            sent.append({"id": record, "kind": "record", "body": data})
        answers = self.phone.items(sent)
        assert {each["answer"] for each in answers} <= {"accepted", "duplicate"}, answers[:3]
        self.sent = head

    # A session

    def try_session(self) -> Answer:
        """Answer the safety questions and ask the band to arm; it decides."""
        answers = GateAnswers(
            self._nonce(NoncePurpose.GATE_ANSWERS), self._patient_id, 1, GateOutcome.PASS, 0
        )
        self._must(Operation.GATE_ANSWERS, StatementArguments(self._signed(answers)))
        own, self._session = SoftwareKey.generate(), secrets.token_bytes(16)
        named = self._firmware.status().prescription_hash or bytes(32)
        request = Arm(
            self._nonce(NoncePurpose.ARM),
            self._session,
            self._patient_id,
            named,
            own.public_key.data,
        )
        message = self._signed(request)
        answer = self.ask(Operation.ARM, StatementArguments(message))
        if answer.status is StatusCode.OK:
            audience = self.phone.app_key.public_key.key_id
            envelope = answer.result.answer
            said = sign1.verify(ArmAnswer, envelope, audience=audience, key=self._key.public_key)
            key = session_key.derive(own, PublicKey(said.ephemeral_key), message, envelope)
            self._writer = session_key.CommandWriter(key, self._session)
        return answer

    def session(self) -> None:
        """Go through a whole session, the phone alive and the person there."""
        answer = self.try_session()
        assert answer.status is StatusCode.OK, answer
        self._sealed(Operation.OPEN_START_WINDOW)
        self._press()
        while self._firmware.state is not DeviceState.IDLE:
            self.pass_time(STEP_MS)
            if self._now_ms % 1000 < STEP_MS and self._firmware.state not in OVER:
                self._sealed(Operation.BEAT)
                if self._firmware.status().still_here_due_ms is not None:
                    self._sealed(Operation.STILL_HERE)

    # What a test looks at

    @property
    def fired(self) -> int:
        """Pulses that the coil fired, by its own count."""
        return self._board.coil.fired_total

    def record(self, number: int) -> bytes:
        """Return the bytes of a record as the band keeps it."""
        return self._firmware.record(number)

    @property
    def reasons(self) -> set[ReasonCode]:
        """Why the device is locked now."""
        return {ReasonCode(reason.code) for reason in self._firmware.status().reasons}

    @property
    def course(self) -> tuple[int, int]:
        """Sessions and pulses that the device itself counts to the course."""
        amount = self._firmware.ledger.course
        return amount.sessions, amount.pulses

    def close(self) -> None:
        """Let the files go."""
        self._board.flash.close()
        self._board.coil.close()

    # The link

    def ask(self, operation: Operation, arguments: Any = None) -> Answer:
        """Send one request and return the answer."""
        self._asked += 1
        request = operations.Request(self._asked, operation, arguments or Nothing())
        data = self._firmware.control(operations.encode_request(request), LINK)
        return operations.decode_answer(data, operation)

    def _must(self, operation: Operation, arguments: Any = None) -> Any:
        answer = self.ask(operation, arguments)
        assert answer.status is StatusCode.OK, (operation.name, answer)
        return answer.result

    def _sealed(self, operation: Operation) -> None:
        assert self._writer is not None
        pause = self._firmware.status().pauses if operation in operations.ENDS_A_PAUSE else 0
        sealed = SealedArguments(*self._writer.seal(int(operation), pause))
        self._must(operation, sealed)

    def _nonce(self, purpose: NoncePurpose) -> bytes:
        nonce: bytes = self._must(Operation.NONCE, NonceArguments(purpose)).nonce
        return nonce

    def blob(self, kind: BlobKind, data: bytes) -> None:
        """Send a blob whole."""
        for part in parts(stream_of(kind, data), 400):
            self._firmware.blob_part(part, LINK)

    def _press(self) -> None:
        self._firmware.button(True)
        self._firmware.button(False)

    def _signed(self, statement: sign1.Statement) -> bytes:
        return sign1.sign(statement, audience=self.device_id, signer=self.phone.app_key)

    def _word(self, path: str, name: str, purpose: NoncePurpose) -> StatementArguments:
        """Return the clinic's word over a nonce of the band."""
        asked = {
            "device_id": encode_bytes(self.device_id),
            "nonce": encode_bytes(self._nonce(purpose)),
            "serial": self._firmware.ledger.serial,
        }
        if purpose is NoncePurpose.TIME:
            del asked["serial"]
        answer = self.phone.post(f"/v1/{path}", asked)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        return StatementArguments(decode_bytes(said[name]), decode_bytes(said["certificate"]))

    def _waiting(self) -> list[tuple[str, bytes]]:
        found = self.phone.get("/v1/sync?cursor=0").json()["items"]
        return [(each["kind"], decode_bytes(each["body"])) for each in found]
