"""What became of a request: the band says it across links, never guesses, and forgets at a boot."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.firmware.requests_taken import REMEMBERED
from shared.trust import sign1
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire import operations
from shared.wire.operations import (
    Nothing,
    Operation,
    PauseArguments,
    Request,
    RequestOutcome,
    RequestOutcomeArguments,
    RequestOutcomeResult,
    StatementArguments,
    StatusCode,
)
from tests.firmware_bridge.emulator.firmware.band import LINK, Band

OTHER_PHONE = replace(LINK, peer="another phone")
STOP = operations.encode_request(Request(7, Operation.STOP, Nothing()))


def question(band: Band, message: bytes) -> RequestOutcomeArguments:
    """What a phone that sends this now may ask later."""
    status = band.firmware.status()
    return RequestOutcomeArguments(
        operations.request_id_of(message),
        hashlib.sha256(message).digest(),
        status.boot_count,
        status.requests_taken,
    )


def outcome(
    band: Band, asked: RequestOutcomeArguments, link: LinkSecurity = LINK
) -> RequestOutcomeResult:
    answer = band.ask(Operation.REQUEST_OUTCOME, asked, link=link)
    assert answer.status is StatusCode.OK
    result: RequestOutcomeResult = answer.result
    return result


def new_link(band: Band) -> None:
    band.firmware.disconnected()
    band.firmware.connected(LINK)


def test_a_request_that_was_carried_out_is_so_on_the_next_link(band: Band) -> None:
    asked = question(band, STOP)
    band.firmware.control(STOP, LINK)
    new_link(band)
    assert outcome(band, asked) == RequestOutcomeResult(RequestOutcome.CARRIED_OUT)


def test_one_that_never_arrived_is_told_so_also_when_others_came(band: Band) -> None:
    asked = question(band, STOP)
    for _ in range(REMEMBERED):
        band.must(Operation.LOCATE)
    assert outcome(band, asked).outcome is RequestOutcome.NEVER_ARRIVED


def test_a_refused_one_is_told_with_its_reasons(owned_band: Band) -> None:
    band = owned_band
    hold = PlaceHold(b"h" * 16, HoldKind.SAFETY, HoldSource.APP, "seizure", 1)
    signed = sign1.sign(hold, audience=b"d" * 16, signer=band.clinic.app)
    request = Request(9, Operation.PLACE_HOLD, StatementArguments(signed))
    message = operations.encode_request(request)
    asked = question(band, message)
    answer = operations.decode_answer(band.firmware.control(message, LINK), Operation.PLACE_HOLD)
    assert answer.status is StatusCode.NOT_TRUSTED
    assert outcome(band, asked) == RequestOutcomeResult(
        RequestOutcome.REFUSED, answer.status, answer.result
    )


def test_the_same_id_with_other_bytes_is_another_request(band: Band) -> None:
    pause = operations.encode_request(Request(7, Operation.PAUSE, PauseArguments()))
    asked = question(band, pause)
    band.firmware.control(STOP, LINK)
    assert outcome(band, asked).outcome is RequestOutcome.NEVER_ARRIVED


def test_another_phones_request_is_not_taken_for_ones_own(band: Band) -> None:
    asked = question(band, STOP)
    band.firmware.control(STOP, OTHER_PHONE)
    assert outcome(band, asked).outcome is RequestOutcome.UNKNOWN
    assert outcome(band, asked, OTHER_PHONE).outcome is RequestOutcome.CARRIED_OUT


def test_after_a_boot_the_band_says_that_it_has_booted(band: Band) -> None:
    asked = question(band, STOP)
    band.firmware.control(STOP, LINK)
    band.reboot()
    assert outcome(band, asked).outcome is RequestOutcome.BOOTED_SINCE


def test_what_is_forgotten_is_unknown_and_not_undone(band: Band) -> None:
    asked = question(band, STOP)
    band.firmware.control(STOP, LINK)
    for _ in range(REMEMBERED):
        band.must(Operation.LOCATE)
    assert outcome(band, asked).outcome is RequestOutcome.UNKNOWN


def test_a_count_that_the_band_never_told_proves_nothing(band: Band) -> None:
    ahead = replace(question(band, STOP), requests_taken=99)
    assert outcome(band, ahead).outcome is RequestOutcome.UNKNOWN


def test_questions_and_beats_push_nothing_out(band: Band) -> None:
    asked = question(band, STOP)
    band.firmware.control(STOP, LINK)
    for _ in range(REMEMBERED):
        band.must(Operation.HELLO)
        band.ask(Operation.BEAT, operations.SealedArguments(1, bytes(16)))
    assert outcome(band, asked).outcome is RequestOutcome.CARRIED_OUT


def test_a_doubled_request_counts_once(band: Band) -> None:
    before = band.firmware.status().requests_taken
    band.firmware.control(STOP, LINK)
    band.firmware.control(STOP, LINK)
    assert band.firmware.status().requests_taken == before + 1


@pytest.mark.parametrize("message", [b"", b"junk", STOP[:-1]])
def test_what_can_not_be_read_is_not_remembered(band: Band, message: bytes) -> None:
    before = band.firmware.status().requests_taken
    band.firmware.control(message, LINK)
    assert band.firmware.status().requests_taken == before


def test_over_a_weak_link_nothing_is_told(band: Band) -> None:
    weak = replace(LINK, authenticated=False)
    answer = band.ask(Operation.REQUEST_OUTCOME, question(band, STOP), link=weak)
    assert answer.status is StatusCode.NOT_TRUSTED
