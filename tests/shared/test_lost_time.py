"""Lost time is what the wall clock saw pass and proven time didn't, since the last wait began."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.care.lost_time import Anchor, LostTime, note
from shared.dose.ledger_state import LedgerState
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from shared.wire.records import Record

HOUR_MS = 3_600_000
NOON_MS = 1_772_452_800_000
CHECK: records.Body = records.TrainingDoneBody(bytes(32), 1)
WAITS: tuple[records.Body, ...] = (
    records.SessionClosedBody(b"s" * 16, records.CloseCause.COMPLETED, True, 600),
    records.SliceClosedBody(1, 1, 30, 30, 0),
    records.HoldPlacedBody(b"h" * 16, HoldKind.REST, HoldSource.APP, "rest", 0),
    records.PostponedBody(bytes(32), 3_600),
    records.GateAnswersBody(bytes(32), GateOutcome.POSTPONE, 3_600, 1),
)


class Told:
    """A record as it's read: what is known after each."""

    def __init__(self) -> None:
        self.lost, self.state = LostTime(), LedgerState()

    def tell(self, body: records.Body, clock_h: float | None, proven_h: float) -> LostTime:
        """Take one record in: hours of its wall clock since noon, and of proven time."""
        clock_ms = None if clock_h is None else NOON_MS + round(clock_h * HOUR_MS)
        proven_ms, number = round(proven_h * HOUR_MS), self.state.number + 1
        self.state = replace(
            self.state, number=number, hash=bytes([number]) * 32, proven_ms=proven_ms
        )
        record = Record(number, body.TYPE, 1, proven_ms, clock_ms, body)
        self.lost = note(self.lost, record, self.state)
        return self.lost


@pytest.fixture
def told() -> Told:
    made = Told()
    made.tell(CHECK, 0, 0)
    return made


def test_without_a_loss_nothing_was_lost(told: Told) -> None:
    assert told.tell(CHECK, 5, 5).lost_ms == 0
    assert told.tell(CHECK, 29, 28.995).lost_ms == 0, "two settings may part a little"


def test_a_loss_is_measured_from_the_newest_record_before_it(told: Told) -> None:
    told.tell(CHECK, 5, 5)
    lost = told.tell(CHECK, 16, 6)
    assert lost.lost_ms == 10 * HOUR_MS
    assert lost.before == Anchor(2, bytes([2]) * 32, NOON_MS + 5 * HOUR_MS, 5 * HOUR_MS)
    assert lost.is_enough
    assert told.tell(CHECK, 17, 7).before == lost.before


def test_two_losses_add_up(told: Told) -> None:
    told.tell(CHECK, 11, 1)
    assert told.tell(CHECK, 14, 2).lost_ms == 12 * HOUR_MS


def test_what_was_attested_is_lost_no_more(told: Told) -> None:
    told.tell(CHECK, 11, 1)
    lost = told.tell(records.TimeAttestedBody(bytes(32), 10 * HOUR_MS), 11, 11)
    assert lost.lost_ms == 0
    assert told.tell(CHECK, 12, 12).lost_ms == 0


@pytest.mark.parametrize("wait", WAITS, ids=lambda body: type(body).__name__)
def test_time_lost_before_a_wait_began_does_not_shorten_it(told: Told, wait: records.Body) -> None:
    assert told.tell(CHECK, 11, 1).is_enough
    assert told.tell(wait, 12, 2).lost_ms == 0
    assert told.tell(CHECK, 13, 3).lost_ms == 0
    assert told.tell(CHECK, 20, 4).lost_ms == 6 * HOUR_MS


def test_records_without_a_clock_measure_nothing(told: Told) -> None:
    assert told.tell(CHECK, None, 1).lost_ms == 0
    told.tell(WAITS[2], None, 2)
    assert told.lost == LostTime()
    assert told.tell(CHECK, 30, 3).lost_ms == 0, "the loss lies before the wait, or nobody knows"


def test_a_few_minutes_are_not_asked_for(told: Told) -> None:
    assert not told.tell(CHECK, 1.15, 1).is_enough
    assert told.tell(CHECK, 1.20, 1).is_enough
