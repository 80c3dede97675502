"""The table of what is computed says at least what the real firmware computes, operation by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.emulator.profile.figures import CORTEX_M4
from firmware_bridge.emulator.profile.work import VERIFICATIONS, computing_ms
from shared.trust.keys import PublicKey
from shared.wire import operations
from shared.wire.operations import TABLE, Authority, Nothing, Operation, Request
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.words import SIGNED_OPERATIONS


class Counting:
    """Counts signatures that are checked while it is asked to."""

    def __init__(self) -> None:
        self.checked = 0

    @property
    def since(self) -> int:
        checked, self.checked = self.checked, 0
        return checked


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting, verify = Counting(), PublicKey.verify

    def counted(key: PublicKey, signature: bytes, message: bytes) -> None:
        counting.checked += 1
        verify(key, signature, message)

    monkeypatch.setattr(PublicKey, "verify", counted)
    return counting


def test_every_signed_operation_is_charged_and_no_other() -> None:
    signed = {each for each in TABLE if TABLE[each].authority is Authority.SIGNED}
    assert set(SIGNED_OPERATIONS) | {Operation.ARM} == set(VERIFICATIONS)
    assert set(VERIFICATIONS) <= signed


def test_day_of_a_band_computes_no_more_than_is_charged(
    tmp_path: Path, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    band = Band(tmp_path / "band")
    most: dict[Operation, int] = {}
    control = type(band.firmware).control

    def watched(core: object, request: bytes, link: object) -> bytes:
        counting.checked = 0
        answer: bytes = control(core, request, link)  # type: ignore[arg-type]
        operation = operations.decode_request(request).operation
        most[operation] = max(most.get(operation, 0), counting.since)
        return answer

    monkeypatch.setattr(type(band.firmware), "control", watched)
    band.ready()
    band.start()
    band.run_until_fired(3)
    band.place_hold()
    for operation in (Operation.CLEARANCE, Operation.PLACE_HOLD, Operation.ARM):
        assert most[operation] == VERIFICATIONS[operation]
    for operation, checked in most.items():
        assert checked <= VERIFICATIONS.get(operation, 0), operation.name


def test_stop_costs_nothing_and_arming_most_of_a_second() -> None:
    stop = operations.encode_request(Request(1, Operation.STOP, Nothing()))
    assert computing_ms(stop, CORTEX_M4) == 0
    arm = operations.StatementArguments(b"x")
    armed = operations.encode_request(Request(1, Operation.ARM, arm))
    assert computing_ms(armed, CORTEX_M4) == CORTEX_M4.verify_ms + CORTEX_M4.agree_ms
