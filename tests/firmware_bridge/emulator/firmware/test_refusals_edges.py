"""Refusals that seldom come: each says by status and code what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge.emulator.firmware.kept import KeptPages
from firmware_bridge.emulator.firmware.outside import Display, Refused
from firmware_bridge.emulator.firmware.ports import PartFailure
from firmware_bridge.emulator.parts.flash import BlockFlash
from firmware_bridge.emulator.parts.media import MemoryMedium
from shared.trust.sign1 import Statement
from shared.trust.statements import (
    Certificate,
    Clearance,
    ConfirmHold,
    HoldKind,
    Purpose,
    Receipt,
    SideEffectAnswers,
    TimeToken,
)
from shared.wire import fields
from shared.wire.operations import Answer, BlobKind, NoncePurpose, Operation, StatusCode
from shared.wire.records import HoldPlacedBody, PauseCause
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.bench import DAY_MS, EPOCH, HASH, Bench
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_hold_ends import cloud_holds, confirm
from tests.shared.clinic import DAY_S, NOW_S, PATIENT_ID, itbs


def paused(band: Band) -> Band:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.board.sensors.change(contact=False)
    return band


def in_fault(band: Band) -> Band:
    band.firmware.part_failed()
    return band


def armed_without_contact(band: Band) -> Band:
    band.board.sensors.change(contact=False)
    return band


REFUSALS: dict[str, tuple[Callable[[Band], Answer], StatusCode]] = {
    "locked": (lambda band: armed_without_contact(band).arm(), StatusCode.LOCKED),
    "ephemeral_key": (
        lambda band: band.arm(ephemeral_key=b"\x02" + b"\xff" * 32),
        StatusCode.BAD_REQUEST,
    ),
    "other_patient": (lambda band: band.arm(patient_id=b"x" * 16), StatusCode.REFUSED),
    "other_prescription": (lambda band: band.arm(prescription_hash=HASH), StatusCode.REFUSED),
    "out_of_service": (lambda band: in_fault(band).arm(), StatusCode.FAULT),
    "not_idle": (lambda band: paused(band).arm(), StatusCode.WRONG_STATE),
    "no_prescription": (lambda band: band.ask(Operation.INSTALL), StatusCode.WRONG_STATE),
    "hold_unknown": (lambda band: confirm(band, b"x" * 16), StatusCode.REFUSED),
}


@pytest.mark.parametrize("said", REFUSALS)
def test_a_request_that_cannot_be_is_refused_by_name(band: Band, said: str) -> None:
    ask, status = REFUSALS[said]
    answer = ask(band)
    assert (answer.status, code(answer)) == (status, said)


def test_going_on_where_the_lock_says_no_is_refused_with_its_reasons(band: Band) -> None:
    answer = paused(band).sealed(Operation.RESUME)
    assert (answer.status, code(answer)) == (StatusCode.LOCKED, "locked")
    assert answer.result.reasons
    assert band.firmware.status().pause_cause == int(PauseCause.PAUSE_ASKED)


def test_a_receipt_over_what_is_overwritten_comes_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench()
    bench.receipted()
    bench.wait(31 * DAY_MS)
    real, once = bench.flash.room_bytes, [0]
    monkeypatch.setattr(bench.flash, "room_bytes", lambda: once.pop() if once else real())
    bench.boot_record()
    bench.journal.head_sent()
    bench.flash.lose_page("receipt")
    journal = bench.switch_on()
    with pytest.raises(Refused) as refused:
        journal.keep_receipt(1, HASH, EPOCH)
    assert (refused.value.status, refused.value.code) == (StatusCode.ALREADY, "record_overwritten")


def ended(band: Band, purpose: Purpose) -> bytes:
    """Return a certificate of the clinic's own key for ``purpose`` that ended a second ago."""
    key = band.clinic.online[purpose].public_key.data
    certificate = Certificate(purpose, key, purpose.name.lower(), NOW_S - DAY_S, NOW_S - 1)
    return band.clinic.certify(certificate)


def clearance(band: Band) -> Clearance:
    return Clearance(band.nonce(NoncePurpose.CLEARANCE), NOW_S, 1, 0, 0)


def time_token(band: Band) -> TimeToken:
    return TimeToken(band.nonce(NoncePurpose.TIME), NOW_S * 1000)


def receipt(band: Band) -> Receipt:
    head = band.head()
    return Receipt(head.epoch, head.number, head.hash)


def confirmation(band: Band) -> ConfirmHold:
    cloud_holds(band, HoldKind.REST)
    return ConfirmHold(b"h" * 16)


@pytest.mark.parametrize(
    ("operation", "purpose", "word"),
    [
        (Operation.CLEARANCE, Purpose.CLEARANCE, clearance),
        (Operation.SET_TIME, Purpose.TIME, time_token),
        (Operation.RECEIPT, Purpose.RECEIPT, receipt),
        (Operation.CONFIRM_HOLD, Purpose.HOLD, confirmation),
    ],
    ids=lambda each: each.name.lower() if isinstance(each, Operation) else "",
)
def test_the_word_of_a_key_whose_certificate_has_ended_counts_for_nothing(
    band: Band, operation: Operation, purpose: Purpose, word: Callable[[Band], Statement]
) -> None:
    said, count = word(band), len(band.records)
    answer = band.says(operation, said, band.clinic.online[purpose], ended(band, purpose))
    assert (answer.status, code(answer)) == (StatusCode.NOT_TRUSTED, "trust_expired")
    assert len(band.records) == count


def test_no_app_comes_in_by_an_enrolment_whose_key_has_no_certificate_any_more(band: Band) -> None:
    band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=2))
    band.blob(BlobKind.CERTIFICATE, ended(band, Purpose.ENROLMENT))
    assert code(band.ask(Operation.AUTHORIZE_APP)) == "trust_expired"


def test_a_page_that_cannot_be_read_is_named() -> None:
    flash = BlockFlash(MemoryMedium())
    flash.write_page("thing-1", b"\xff")
    pages = KeptPages(flash, "thing", 2, lambda data: fields.unpack(ConfirmHold, data))
    with pytest.raises(PartFailure, match="thing-1"):
        pages.load()


def test_before_it_ran_the_clock_is_not_before_what_was_prescribed(new_band: Band) -> None:
    new_band.provision()
    later_s = NOW_S + 500
    assert granted(new_band.install(itbs(issued_s=later_s, not_before_s=later_s)))
    new_band.board.clock.break_supply()
    refused = new_band.set_time(offset_ms=0)
    assert (refused.status, code(refused)) == (StatusCode.REFUSED, "clock_step")
    assert granted(new_band.set_time(offset_ms=500_000))


def test_an_update_is_shown(band: Band) -> None:
    band.firmware.begin_update()
    assert band.firmware.display == Display("Updating", "blue")
    band.firmware.end_update()
    band.must(Operation.SELF_TEST)
    assert band.firmware.display == Display("Checking itself", "white")
    band.skip(2_000)
    band.must(Operation.PRACTICE)
    assert band.firmware.display == Display("T.P.  Practice", "white")
    in_fault(band)
    assert band.firmware.display == Display("Service", "red")


def test_a_reason_is_cut_between_its_letters(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.CLOSE)
    band.run(1_000)
    said = SideEffectAnswers(band.session_id, PATIENT_ID, 1, "x" + "é" * 15)
    assert granted(band.app_says(Operation.SIDE_EFFECT_ANSWERS, said))
    assert band.bodies(HoldPlacedBody)[-1].reason == "side effect:x" + "é" * 9


def test_a_faulty_band_takes_no_owner_and_says_so(band: Band) -> None:
    answer = in_fault(band).ask(Operation.PROVISION)
    assert (answer.status, code(answer)) == (StatusCode.FAULT, "out_of_service")
