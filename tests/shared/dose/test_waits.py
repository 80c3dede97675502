"""R4, R6: the ledger knows from which record on a wait may run."""

from __future__ import annotations

import pytest

from shared.dose.ledger import LedgerState
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from shared.wire.records import CloseCause
from tests.shared.dose.full_state import FULL, HASH, NOW_MS, RESERVED, after, session, state

BEGIN = [
    (state(session=session(reserved=None)), RESERVED),
    (state(session=session(reserved=RESERVED)), records.SliceClosedBody(3, 1, 30, 30, NOW_MS)),
    (FULL, records.SessionClosedBody(b"s" * 16, CloseCause.COMPLETED, True, 60)),
    (FULL, records.HoldPlacedBody(b"h" * 16, HoldKind.REST, HoldSource.APP, "rest", 0)),
    (FULL, records.PostponedBody(HASH, 60)),
    (FULL, records.GateAnswersBody(HASH, GateOutcome.POSTPONE, 60, 1)),
]
DO_NOT = [
    records.GateAnswersBody(HASH, GateOutcome.PASS, 0, 1),
    records.TrainingDoneBody(HASH, 3),
    records.TimeAttestedBody(HASH, 1_000),
    records.ClockSetBody(1, HASH),
]


@pytest.mark.parametrize(("before", "body"), BEGIN, ids=[type(body).__name__ for _, body in BEGIN])
def test_a_wait_runs_from_its_record(before: LedgerState, body: records.Body) -> None:
    assert after(before, body).wait_number == before.number + 1


@pytest.mark.parametrize("body", DO_NOT, ids=lambda body: type(body).__name__)
def test_no_other_record_begins_one(body: records.Body) -> None:
    assert after(FULL, body).wait_number == FULL.wait_number
