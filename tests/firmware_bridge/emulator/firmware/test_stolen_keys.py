"""Each key of DESIGN's list stolen alone, against every operation that needs a signature.

Every word is right in all but the key, and its rightful key is taken: so what is refused is refused
for the key. The two files beside it say what the
granted ones are worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from shared.trust import sign1
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire.operations import TABLE, Authority, Operation, StatementArguments
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import STEALABLE, Safe
from tests.firmware_bridge.emulator.firmware.words import (
    APPS_HOLD,
    SIGNED_OPERATIONS,
    STAFF_WORDS,
    STATEMENTS,
    Hand,
)
from tests.shared.clinic import DEVICE_ID

GRANTED: dict[str, set[Operation]] = {
    "enrolment": {Operation.AUTHORIZE_APP},
    "time": {Operation.SET_TIME},
    "clearance": {Operation.CLEARANCE},
    "hold": {Operation.PLACE_HOLD, Operation.CONFIRM_HOLD},
    "receipt": {Operation.RECEIPT},
    "vault": set(),
    "care": set(),
    "prescribe": {Operation.INSTALL, Operation.ATTEST_TIME, Operation.RESET, Operation.RETIRE},
    "lift_hold": {Operation.LIFT_HOLD},
    "supervise": {Operation.SUPERVISE},
    "app": {
        Operation.ARM,
        Operation.GATE_ANSWERS,
        Operation.PLACE_HOLD,
        Operation.TAKE_BACK,
        Operation.POSTPONE,
        Operation.TAKE_CONTROL,
        Operation.RELEASE_CONTROL,
        Operation.TRAINING_DONE,
        Operation.SIDE_EFFECT_ANSWERS,
    },
    "request": set(),
    "other device": set(),
    "recovery root": {Operation.ROTATE_ROOT},
}

FRESH = {Operation.ARM, Operation.RESET, Operation.RETIRE, Operation.PROVISION}
"""Wants a band without a hold, and that has not treated yet."""


@dataclass
class Scenes:
    """One band that waits for arming, and one that treated and has an app's hold: copies of
    each."""

    folder: Path
    safe: Safe
    ready: Band
    treated: Band

    def __post_init__(self) -> None:
        self._numbers = count()

    def copy(self, operation: Operation) -> Band:
        """Return a band of its own on which the operation's rightful word is taken."""
        like = self.ready if operation in FRESH else self.treated
        band = like.copy(self.folder / f"copy-{next(self._numbers)}")
        if operation not in FRESH:
            hold = PlaceHold(APPS_HOLD, HoldKind.REST, HoldSource.APP, "patient", 0)
            signed = sign1.sign(hold, audience=DEVICE_ID, signer=band.clinic.app)
            band.must(Operation.PLACE_HOLD, StatementArguments(signed))
        return band


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    folder = tmp_path_factory.mktemp("scenes")
    ready = Band(folder / "ready")
    ready.ready()
    treated = ready.copy(folder / "treated")
    treated.start()
    treated.run_until_fired(40)
    treated.must(Operation.CLOSE)
    return Scenes(folder, Safe(ready.clinic), ready, treated)


def rightful(operation: Operation) -> str:
    if operation in STATEMENTS:
        return STATEMENTS[operation].rightful
    if operation in STAFF_WORDS:
        return STAFF_WORDS[operation].rightful
    return "enrolment" if operation is Operation.AUTHORIZE_APP else "prescribe"


def test_every_operation_that_needs_a_signature_is_tried() -> None:
    signed = {operation for operation, row in TABLE.items() if row.authority is Authority.SIGNED}
    assert set(SIGNED_OPERATIONS) == signed
    assert set(GRANTED) == set(STEALABLE)


@pytest.mark.parametrize(
    "operation",
    [each for each in SIGNED_OPERATIONS if each is not Operation.PROVISION],
    ids=lambda o: o.name,
)
def test_by_its_rightful_key_a_word_is_taken(scenes: Scenes, operation: Operation) -> None:
    hand = Hand(scenes.safe, scenes.safe[rightful(operation)])
    assert hand.tries(scenes.copy(operation), operation)


@pytest.mark.parametrize("operation", SIGNED_OPERATIONS, ids=lambda o: o.name)
@pytest.mark.parametrize("name", STEALABLE)
def test_a_stolen_key_is_taken_for_what_it_is_granted_and_for_nothing_else(
    scenes: Scenes, name: str, operation: Operation
) -> None:
    band = scenes.copy(operation)
    before, reasons = len(band.records), band.reasons
    taken = Hand(scenes.safe, scenes.safe[name]).tries(band, operation)
    assert taken is (operation in GRANTED[name])
    if not taken:
        assert (len(band.records), band.reasons, band.fired) == (before, reasons, band.fired)
