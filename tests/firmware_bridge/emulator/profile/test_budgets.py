"""The budgets in docs/protocol.md hold: what is written is counted in the real firmware, and every
answer comes before the phone gives up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware_bridge.link.control_point import ANSWER_LIMIT_MS
from scripts.protocol_budgets import (
    STOP_LIMIT_MS,
    WRITES,
    Writes,
    answered_ms,
    effect_ms,
    stop_steps,
    writes,
)
from scripts.protocol_sizes import request_bytes
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    SideEffectAnswers,
)
from shared.wire import operations
from shared.wire.operations import TABLE, NonceArguments, NoncePurpose, Operation, StatusCode
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.thief import hand
from tests.firmware_bridge.emulator.firmware.words import (
    APPS_HOLD,
    STAFF_WORDS,
    STATEMENTS,
)
from tests.shared.clinic import PATIENT_ID

ATT_TRANSACTION_MS = 30_000
WORDS = {**STATEMENTS, **STAFF_WORDS}
CHECKPOINT = "checkpoint"


class Counted:
    """What was written while it was watched, checkpoints apart."""

    def __init__(self) -> None:
        self.records = 0
        self.pages = 0

    @property
    def writes(self) -> Writes:
        return Writes(self.records, self.pages)


@contextmanager
def counting(band: Band) -> Iterator[Counted]:
    """Count what the band writes to its flash."""
    counted, flash = Counted(), band.board.flash
    append, write_page = flash.append, flash.write_page

    def appended(data: bytes) -> None:
        counted.records += 1
        append(data)

    def paged(name: str, data: bytes) -> None:
        counted.pages += not name.startswith(CHECKPOINT)
        write_page(name, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flash, "append", appended)
        patch.setattr(flash, "write_page", paged)
        yield counted


@pytest.fixture
def band(tmp_path: Path) -> Band:
    band = Band(tmp_path / "band")
    band.ready()
    return band


def prepare(band: Band, operation: Operation) -> None:
    """Let there be what the operation's word is about."""
    if operation in (Operation.CONFIRM_HOLD, Operation.TAKE_BACK):
        hold = PlaceHold(APPS_HOLD, HoldKind.REST, HoldSource.APP, "patient", 0)
        band.app_says(Operation.PLACE_HOLD, hold)
    elif operation is Operation.LIFT_HOLD:
        band.place_hold()
    elif operation is Operation.SIDE_EFFECT_ANSWERS:
        band.start()
        band.run_until_fired(30)
        band.must(Operation.CLOSE)
        band.run(1_000)


@pytest.mark.parametrize("operation", WORDS, ids=lambda each: each.name.lower())
def test_signed_word_writes_no_more_than_its_budget(band: Band, operation: Operation) -> None:
    prepare(band, operation)
    word = WORDS[operation]
    said = word.make(band)
    with counting(band) as counted:
        answer = hand(band, word.rightful).says(band, operation, said)
        if answer.status is StatusCode.BUTTON_NEEDED:
            band.press()
    assert answer.status in (StatusCode.OK, StatusCode.BUTTON_NEEDED)
    most = writes(operation)
    assert counted.records <= most.records
    assert counted.pages <= most.pages


def test_owner_prescription_and_app_cost_what_is_said(tmp_path: Path) -> None:
    band = Band(tmp_path / "band")
    clinic = band.clinic
    with counting(band) as counted:
        band.offer_owner(clinic, clinic.transfer(), clinic.assignment())
        band.press()
    assert counted.writes == WRITES[Operation.PROVISION]
    with counting(band) as counted:
        band.set_time()
    assert counted.writes == WRITES[Operation.SET_TIME]
    with counting(band) as counted:
        band.enrol(clinic.app, number=1)
    assert counted.writes == WRITES[Operation.AUTHORIZE_APP]
    with counting(band) as counted:
        band.install()
    assert counted.writes == WRITES[Operation.INSTALL]


def test_answers_that_hold_write_two_records(band: Band) -> None:
    nonce = band.nonce(NoncePurpose.GATE_ANSWERS)
    with counting(band) as counted:
        held = GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.HOLD, 0, "metal")
        band.app_says(Operation.GATE_ANSWERS, held)
    assert counted.writes == WRITES[Operation.GATE_ANSWERS]
    with counting(band) as counted:
        flagged = SideEffectAnswers(b"s" * 16, PATIENT_ID, 1, "seizure")
        band.app_says(Operation.SIDE_EFFECT_ANSWERS, flagged)
    assert counted.records <= WRITES[Operation.SIDE_EFFECT_ANSWERS].records


def test_session_costs_what_is_said(band: Band) -> None:
    with counting(band) as counted:
        band.arm()
    assert counted.writes == writes(Operation.ARM)
    band.sealed(Operation.OPEN_START_WINDOW)
    band.press()
    band.run_until_fired(5)
    with counting(band) as counted:
        band.must(Operation.STOP)
    assert counted.writes == WRITES[Operation.STOP]
    with counting(band) as counted:
        band.sealed(Operation.RESUME)
        band.press()
    assert counted.writes == WRITES[Operation.RESUME]
    band.run_until_fired(8)
    with counting(band) as counted:
        band.must(Operation.CLOSE)
    assert counted.records <= WRITES[Operation.CLOSE].records
    assert counted.pages == 0


def test_reads_write_what_they_must_remember(band: Band) -> None:
    asked = NonceArguments(NoncePurpose.ATTEST_TIME)
    with counting(band) as counted:
        band.must(Operation.NONCE, asked)
        band.must(Operation.NONCE, asked)
    assert counted.writes == WRITES[Operation.NONCE]
    with counting(band) as counted:
        band.head()
    assert counted.writes == WRITES[Operation.HEAD]
    with counting(band) as counted:
        for operation in (Operation.HELLO, Operation.LOCATE):
            band.must(operation)
    assert counted.writes == Writes()


def test_another_app_takes_control_by_one_record(band: Band) -> None:
    band.enrol(SoftwareKey.generate(), number=2)
    said = STATEMENTS[Operation.TAKE_CONTROL].make(band)
    with counting(band) as counted:
        band.app_says(Operation.TAKE_CONTROL, said)
    assert counted.writes == WRITES[Operation.TAKE_CONTROL]


def test_pulses_end_in_time_and_stop_is_answered_in_time_too() -> None:
    passed_ms = [ms for _, ms in stop_steps()]
    assert sum(passed_ms) <= STOP_LIMIT_MS
    assert effect_ms(Operation.STOP) <= STOP_LIMIT_MS - passed_ms[-1]


@pytest.mark.parametrize("operation", TABLE, ids=lambda each: each.name.lower())
def test_every_answer_comes_before_anybody_gives_up(operation: Operation) -> None:
    assert answered_ms(operation) < ANSWER_LIMIT_MS < ATT_TRANSACTION_MS


@pytest.mark.parametrize("operation", TABLE, ids=lambda each: each.name.lower())
def test_longest_request_fits_the_buffer_that_is_named(operation: Operation) -> None:
    assert request_bytes(operation) <= operations.MAXIMUM_REQUEST_BYTES
