"""What passes on the link is told in plain words, and nothing is left out."""

import pytest
from smp.image_management import ImageUploadWriteRequest, ImageUploadWriteResponse

from firmware_bridge.emulator.control.messages import KEPT, MessageLog
from firmware_bridge.emulator.control.words import ASKS, STATUSES
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.update.messages import answer as smp_answer
from firmware_bridge.emulator.update.messages import head_of, refusal
from shared.dose.reasons import ReasonCode
from shared.firmware.refusals import UpdateRefusal
from shared.wire import batches, operations, racp
from shared.wire.blob_parts import Verdict, Word, encode_word
from shared.wire.framing import frames
from shared.wire.operations import Answer, Nothing, Operation, Refusal, Request, StatusCode
from shared.wire.records import BootBody, Record, RecordType, encode_record


@pytest.fixture
def log() -> MessageLog:
    return MessageLog(lambda: 0)


def ask(log: MessageLog, operation: Operation, *, value_bytes: int = 20) -> None:
    request = operations.encode_request(Request(7, operation, Nothing()))
    for value in frames(request, value_bytes):
        log.wrote(Channel.CONTROL_POINT, value)


def answer(log: MessageLog, status: StatusCode, result: object = Nothing()) -> None:
    log.said(Channel.CONTROL_POINT, operations.encode_answer(Answer(7, status, result)))


def told(log: MessageLog) -> list[str]:
    return [message.words for message in log.newest.messages]


@pytest.mark.parametrize("value_bytes", [4, 20, 509])
def test_request_is_told_once_it_is_whole_and_its_answer_by_its_name(
    log: MessageLog, value_bytes: int
) -> None:
    ask(log, Operation.STOP, value_bytes=value_bytes)
    answer(log, StatusCode.OK)
    assert told(log) == ["The phone asks to stop.", "The band answers stop: done."]
    assert [message.by for message in log.newest.messages] == ["phone", "band"]


def test_lock_is_told_with_its_reasons_in_words(log: MessageLog) -> None:
    ask(log, Operation.LOCATE)
    reasons = (int(ReasonCode.SESSION_INTERVAL), int(ReasonCode.BATTERY))
    answer(log, StatusCode.LOCKED, Refusal("locked", reasons))
    assert told(log)[-1] == (
        "The band refuses locate: locked, because: Your brain rests between two sessions; "
        "The band needs charging first."
    )
    assert log.newest.messages[-1].tone == "refused"


def test_other_refusals_are_told_with_their_code(log: MessageLog) -> None:
    ask(log, Operation.LOCATE)
    answer(log, StatusCode.WRONG_STATE, Refusal("not_idle"))
    assert told(log)[-1] == "The band refuses locate: not in this state (not idle)."


def test_records_and_what_asks_for_them_are_told_by_number(log: MessageLog) -> None:
    asked = racp.Request(racp.OpCode.REPORT, racp.Operator.FROM, 3)
    log.wrote(Channel.RECORD_ACCESS, racp.encode_request(asked))
    records = [
        encode_record(Record(number, RecordType.BOOT, 1, 0, None, BootBody(0, True, 0, "1")))
        for number in (3, 4)
    ]
    (batch,) = batches.batches(records)
    log.said(Channel.LEDGER_DATA, batch)
    done = racp.Response(racp.OpCode.REPORT, result=racp.Result.SUCCESS)
    log.said(Channel.RECORD_ACCESS, racp.encode_response(done))
    assert told(log) == [
        "The phone asks for the records from 3 on.",
        "Records 3 to 4.",
        "The band ends the records' report: success.",
    ]


@pytest.mark.parametrize("value", [b"", b"\x02", b"\x00\xff", b"\x00\x83\x01"])
def test_what_cannot_be_read_is_told_as_such(log: MessageLog, value: bytes) -> None:
    log.wrote(Channel.CONTROL_POINT, value)
    said_by_the_band = set(Channel)
    for channel in said_by_the_band:
        log.said(channel, value)
    messages = log.newest.messages
    assert len(messages) == 1 + len(said_by_the_band)
    assert {message.tone for message in messages} == {"unreadable"}


def test_parts_of_a_document_are_told(log: MessageLog) -> None:
    log.wrote(Channel.BLOB_DATA, b"\3abc")
    log.wrote(Channel.BLOB_DATA, b"")
    assert told(log) == [
        "Part 3 of the document: 3 bytes.",
        "Can't be read: part: carries nothing.",
    ]


@pytest.mark.parametrize(
    ("verdict", "sentence", "tone"),
    [
        (Verdict.WHOLE, "it is here whole", "plain"),
        (Verdict.GO_ON, "go on behind byte 300", "plain"),
        (Verdict.OTHER_BYTES, "it was changed on the way, nothing of it is kept", "refused"),
        (Verdict.REFUSED, "there is no such document", "refused"),
    ],
)
def test_the_bands_word_for_a_document_is_told(
    log: MessageLog, verdict: Verdict, sentence: str, tone: str
) -> None:
    log.said(Channel.BLOB_DATA, encode_word(Word(1, verdict, 300)))
    (message,) = log.newest.messages
    assert message.words == f"The band says of the document: {sentence}."
    assert message.tone == tone


def test_new_link_begins_with_nothing_half_heard(log: MessageLog) -> None:
    first, *_ = frames(bytes(100), 20)
    log.wrote(Channel.CONTROL_POINT, first)
    log.began()
    ask(log, Operation.LOCATE)
    assert told(log) == ["The phone asks to make itself seen and heard."]


def test_the_newest_are_kept(log: MessageLog) -> None:
    for _ in range(KEPT + 5):
        ask(log, Operation.BEAT)
    assert [each.number for each in log.newest.messages] == list(range(6, KEPT + 6))


def test_everything_that_can_be_asked_and_answered_has_its_words() -> None:
    assert set(ASKS) == set(Operation)
    assert set(STATUSES) == set(StatusCode)


@pytest.mark.parametrize("value_bytes", [20, 509])
def test_update_is_told_piece_by_piece_with_the_bands_yes_or_no(
    log: MessageLog, value_bytes: int
) -> None:
    piece = ImageUploadWriteRequest(off=0, data=bytes(100), len=500, sha=bytes(32)).BYTES
    for start in range(0, len(piece), value_bytes):
        log.wrote(Channel.MANAGEMENT, piece[start : start + value_bytes])
    head = head_of(piece)
    log.said(Channel.MANAGEMENT, smp_answer(head, ImageUploadWriteResponse, off=100))
    log.said(Channel.MANAGEMENT, refusal(head, UpdateRefusal.BATTERY_LOW))
    assert told(log) == [
        "The phone sends a piece of an update.",
        "The band holds 100 bytes of the update.",
        UpdateRefusal.BATTERY_LOW.sentence,
    ]
