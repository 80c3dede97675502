"""The examples of docs/protocol.md, read from the page as it stands, mean what the page says.

Each is decoded, and what can be computed from its values is computed anew, by the code that speaks
the protocol or by the hash itself.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

import pytest

from scripts.protocol_examples.reading import examples
from scripts.protocol_table import DOCUMENT
from scripts.vectors.keys import key_for_tests
from shared.dose import ledger
from shared.dose import prescription as prescriptions
from shared.trust import certificates, challenge, passkey, session_key, sign1, staff_words
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.staff_words import LiftHold, SignedWord
from shared.trust.statements import (
    Arm,
    ArmAnswer,
    Certificate,
    LedgerHead,
    PlaceHold,
    Purpose,
    Scope,
)
from shared.wire import canonical, fields, operations, racp, records
from shared.wire.batches import records_of
from shared.wire.blob_parts import HEAD_BYTES, Verdict, Word, decode_head, decode_word, read_part
from shared.wire.framing import Reassembler
from shared.wire.items import SignedPrescription
from shared.wire.operations import Answer, BlobKind, Operation, StatusCode
from shared.wire.outcomes import RequestOutcomeArguments
from shared.wire.records import RecordType
from shared.wire.status import DeviceState, Status, Telemetry
from tests.shared.clinic import CLINIC_ID, DESK_ORIGIN, DEVICE_ID, itbs


@cache
def read() -> dict[str, dict[str, bytes]]:
    return examples(DOCUMENT.read_text("utf-8"))


def of(block: str) -> dict[str, bytes]:
    return read()[block]


def arms() -> bytes:
    """The app's statement out of the request to arm."""
    statement: bytes = operations.decode_request(of("arming")["request"]).arguments.statement
    return statement


def armed() -> bytes:
    """The band's statement out of its answer."""
    answer: bytes = operations.decode_answer(of("arming")["answer"], Operation.ARM).result.answer
    return answer


def test_every_block_is_read_and_none_is_empty() -> None:
    marks = DOCUMENT.read_text("utf-8").count("```example ")
    assert len(read()) == marks > 10
    assert all(data for block in read().values() for data in block.values())


class TestTalk:
    def test_frames_come_together_to_the_message(self) -> None:
        said, buffer = of("frames"), Reassembler()
        cut = [said[name] for name in said if name.startswith("frame-")]
        assert [buffer.feed(each) for each in cut[:-1]] == [None] * (len(cut) - 1)
        assert buffer.feed(cut[-1]) == said["message"]
        assert buffer.feed(said["short-frame"]) == said["short-message"]
        assert max(map(len, cut)) == 20
        asked = operations.decode_request(said["message"])
        assert asked.arguments == RequestOutcomeArguments(7, bytes(32), 3, 41)

    def test_hello_says_who_and_where(self) -> None:
        said = of("hello")
        assert operations.decode_request(said["request"]).operation is Operation.HELLO
        result = operations.decode_answer(said["answer"], Operation.HELLO).result
        assert result.device_id == of("chain")["device-id"]
        assert result.epoch == of("chain")["epoch"]
        assert result.control_key_id == PublicKey(of("arming")["app-key"]).key_id

    def test_nonce_is_the_one_that_the_app_arms_with(self) -> None:
        given = operations.decode_answer(of("nonce")["answer"], Operation.NONCE).result.nonce
        asked = sign1.verify(
            Arm, arms(), audience=DEVICE_ID, key=PublicKey(of("arming")["app-key"])
        )
        assert asked.nonce == given

    def test_refusal_has_its_code_and_reasons(self) -> None:
        answer = operations.decode_answer(of("nonce")["refused"], Operation.ARM)
        assert answer.status is StatusCode.LOCKED
        assert (answer.result.code, answer.result.reasons) == ("locked", (20, 25))

    def test_blob_is_whole_where_its_stream_ends(self) -> None:
        said = of("blob")
        sent = [read_part(said[name]) for name in said if name.startswith("part-")]
        assert [number for number, _ in sent] == list(range(len(sent)))
        stream = b"".join(data for _, data in sent)
        assert stream == said["stream"] == said["head"] + said["bytes"]
        head = decode_head(said["head"])
        assert (head.kind, head.size, head.offset) == (BlobKind.TRANSFER, len(said["bytes"]), 0)
        assert head.hash == hashlib.sha256(said["bytes"]).digest()
        assert decode_word(said["whole"]) == Word(head.stream, Verdict.WHOLE, head.size)

    def test_a_blob_goes_on_behind_what_the_band_holds(self) -> None:
        said = of("blob")
        question, rest = decode_head(said["question"]), decode_head(said["rest"][:HEAD_BYTES])
        word = decode_word(said["go-on"])
        assert question.offset is None
        assert word == Word(question.stream, Verdict.GO_ON, 11)
        assert rest.offset == word.held
        assert said["rest"][HEAD_BYTES:] == said["bytes"][word.held :]

    def test_a_lost_answer_is_asked_for(self) -> None:
        said = of("outcome")
        asked = operations.decode_request(said["request"])
        assert asked.operation is Operation.REQUEST_OUTCOME
        outcomes = [
            operations.decode_answer(said[name], asked.operation).result
            for name in ("done", "refused")
        ]
        assert [each.outcome.name for each in outcomes] == ["CARRIED_OUT", "REFUSED"]
        assert outcomes[1].refusal.code == "trust_signature"

    def test_record_access_is_as_the_sig_has_it(self) -> None:
        said = of("record-access")
        assert racp.decode_request(said["report-all"]) == racp.Request(
            racp.OpCode.REPORT, racp.Operator.ALL
        )
        assert racp.decode_request(said["report-from-513"]).first == 513
        assert racp.decode_request(said["count-all"]).op_code is racp.OpCode.COUNT
        assert racp.decode_request(said["abort"]).op_code is racp.OpCode.ABORT
        assert racp.decode_response(said["counted-600"]).count == 600
        assert racp.decode_response(said["reported"]).result is racp.Result.SUCCESS
        assert racp.decode_response(said["no-records"]).result is racp.Result.NO_RECORDS
        assert racp.decode_response(said["aborted"]).op_code is racp.OpCode.ABORT

    def test_status_and_telemetry_are_read(self) -> None:
        idle = fields.unpack(Status, of("status")["idle"])
        running = fields.unpack(Status, of("status")["session"])
        sample = fields.unpack(Telemetry, of("status")["telemetry"])
        assert (idle.state, running.state) == (DeviceState.IDLE, DeviceState.STIMULATING)
        assert [each.code for each in idle.reasons] == [13, 20]
        assert running.session_id is not None
        assert sample.charged_pulses == running.charged_pulses


class TestArming:
    def test_keys_are_the_test_keys_that_are_named(self) -> None:
        said = of("arming")
        names = {
            "app-key": "app key",
            "device-key": "device key",
            "app-ephemeral": "app's ephemeral key",
            "device-ephemeral": "device's ephemeral key",
        }
        assert {n: key_for_tests(k).public_key.data for n, k in names.items()} == {
            name: said[name] for name in names
        }

    def test_both_messages_are_signed_and_name_each_other(self) -> None:
        said = of("arming")
        app, device = PublicKey(said["app-key"]), PublicKey(said["device-key"])
        asked = sign1.verify(Arm, arms(), audience=DEVICE_ID, key=app)
        given = sign1.verify(ArmAnswer, armed(), audience=app.key_id, key=device)
        assert asked.ephemeral_key == said["app-ephemeral"]
        assert given.ephemeral_key == said["device-ephemeral"]
        assert given.arm_hash == said["arm-hash"] == hashlib.sha256(arms()).digest()
        assert asked.session_id == given.session_id
        assert asked.prescription_hash == of("prescription")["name"]

    def test_signature_is_over_the_bytes_that_are_shown(self) -> None:
        signature = canonical.decode(arms()[1:])[3]
        PublicKey(of("arming")["app-key"]).verify(signature, of("arming")["to-be-signed"])

    def test_key_comes_out_of_each_step_by_hand(self) -> None:
        said = of("arming")
        own, other = key_for_tests("device's ephemeral key"), PublicKey(said["app-ephemeral"])
        assert said["z"] == own.agree(other)
        assert said["answer-hash"] == hashlib.sha256(armed()).digest()
        assert said["info"] == b"circlet/session/v1" + said["arm-hash"] + said["answer-hash"]
        assert said["prk"] == hmac.digest(bytes(32), said["z"], "sha256")
        assert said["key"] == hmac.digest(said["prk"], said["info"] + b"\x01", "sha256")
        assert said["key"] == session_key.derive(own, other, arms(), armed())

    @pytest.mark.parametrize(("name", "value"), [("beat", 0), ("resume", 1)])
    def test_mac_comes_out_of_its_input(self, name: str, value: int) -> None:
        said, key = of("beat"), of("arming")["key"]
        asked = operations.decode_request(said[f"{name}-request"])
        operation, session_id, counter, named = canonical.decode(said[f"{name}-input"])
        assert (operation, counter, named) == (asked.operation, asked.arguments.counter, value)
        assert said[f"{name}-mac"] == asked.arguments.mac
        assert said[f"{name}-mac"] == hmac.digest(key, said[f"{name}-input"], "sha256")[:16]
        reader = session_key.CommandReader(key, session_id)
        reader.check(asked.operation, counter, asked.arguments.mac, value)
        with pytest.raises(TrustError):
            reader.check(asked.operation, counter, asked.arguments.mac, value)

    def test_beat_is_answered(self) -> None:
        answer = operations.decode_answer(of("beat")["beat-answer"], Operation.BEAT)
        assert isinstance(answer, Answer)
        assert answer.status is StatusCode.OK


class TestLedger:
    def test_chain_comes_out_by_hand(self) -> None:
        said = of("chain")
        opening = b"circlet/ledger/v1" + said["device-id"] + said["epoch"]
        assert said["h0"] == hashlib.sha256(opening).digest()
        assert said["h1"] == hashlib.sha256(said["h0"] + said["record-1"]).digest()
        assert said["h2"] == hashlib.sha256(said["h1"] + said["record-2"]).digest()

    def test_records_fold_to_the_same_hash(self) -> None:
        said = of("chain")
        state = ledger.genesis(said["device-id"], said["epoch"])
        for name in ("record-1", "record-2"):
            state = ledger.take(state, said[name])
        assert (state.number, state.hash) == (2, said["h2"])

    def test_batch_holds_both(self) -> None:
        said = of("chain")
        assert records_of(said["batch"]) == [said["record-1"], said["record-2"]]

    def test_head_is_the_devices_word_on_it(self) -> None:
        said, key = of("chain"), PublicKey(of("arming")["device-key"])
        head = sign1.verify(LedgerHead, said["head"], audience=CLINIC_ID, key=key)
        assert (head.number, head.hash, head.epoch) == (2, said["h2"], said["epoch"])
        assert (
            head.nonce
            == operations.decode_answer(of("nonce")["answer"], Operation.NONCE).result.nonce
        )

    @pytest.mark.parametrize("kind", RecordType, ids=lambda each: each.name.lower())
    def test_record_of_each_type_is_read(self, kind: RecordType) -> None:
        data = of("records")[kind.name.lower()]
        record = records.decode_record(data)
        assert record.type is kind
        assert records.encode_record(record) == data


class TestSigned:
    def certificate(self) -> Certificate:
        said = of("certificate")
        return certificates.judge(
            said["certificate"],
            purpose=Purpose.STAFF,
            clinic_id=CLINIC_ID,
            root=PublicKey(said["clinic-root"]),
            now_s=1_790_000_000,
        )

    def test_certificate_is_the_prescribers(self) -> None:
        certificate = self.certificate()
        assert certificate.origin == DESK_ORIGIN
        assert Scope.PRESCRIBE in certificate.scopes

    def test_challenge_comes_out_by_hand(self) -> None:
        said = of("prescription")
        assert said["name"] == hashlib.sha256(said["prescription"]).digest()
        opened = b"circlet/prescription/v1" + said["prescription"]
        assert said["digest"] == hashlib.sha256(opened).digest()
        listed = b"circlet/list/v1" + b"\x81\x58\x20" + said["digest"]
        assert said["challenge"] == hashlib.sha256(listed).digest()

    def test_prescription_is_signed_by_the_certified_passkey(self) -> None:
        said = of("prescription")
        signed = fields.unpack(SignedPrescription, said["blob"])
        assert signed.prescription == said["prescription"]
        assert prescriptions.from_bytes(signed.prescription) == itbs()
        assert signed.certificate == of("certificate")["certificate"]
        assert signed.assertion.client_data == said["client-data"]
        assert signed.assertion.authenticator_data == said["authenticator-data"]
        assert signed.assertion.signature == said["signature"]
        passkey.verify(
            challenge.PRESCRIPTION_TYPE,
            signed.prescription,
            signed.assertion,
            self.certificate(),
            Scope.PRESCRIBE,
        )

    def test_hold_is_by_the_hold_key_that_the_root_certified(self) -> None:
        given = operations.decode_request(of("hold")["request"]).arguments
        certificate = certificates.judge(
            given.certificate,
            purpose=Purpose.HOLD,
            clinic_id=CLINIC_ID,
            root=PublicKey(of("certificate")["clinic-root"]),
            now_s=1_790_000_000,
        )
        hold = sign1.verify(
            PlaceHold,
            given.statement,
            audience=DEVICE_ID,
            key=certificates.key_of(certificate),
        )
        lift = fields.unpack(SignedWord, of("hold")["lift"])
        word = staff_words.verify(LiftHold, lift, self.certificate())
        assert [line.hold_id for line in word.holds] == [hold.hold_id]
        opened = b"circlet/lift-hold/v1" + lift.statement
        assert of("hold")["lift-digest"] == hashlib.sha256(opened).digest()
