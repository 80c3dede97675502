"""However many reasons the lock gives at once, a refusal and a status carry them all."""

from __future__ import annotations

from dataclasses import replace

from shared.dose.ledger import Course
from shared.dose.lock import Condition, decide
from shared.dose.prescription import Phase
from shared.dose.totals import Amount
from shared.trust.statements import Gate
from shared.wire import fields
from shared.wire.outcomes import Refusal
from shared.wire.status import REASONS_MAX
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.dose.cases import HOLD, NOW_MS, case, charged, clearance, ledger
from tests.shared.dose.test_lock import LEFT, SIGNER

DAY_MS = DAY_S * 1000
UNFIT = Condition(
    coil_temperature_c=60,
    contact=False,
    position_ok=False,
    battery_percent=1,
    self_test_passed=False,
    ledger_has_room=False,
    faulty=True,
    moving=True,
    coil="H1",
)
ALL_WRONG = itbs(
    device_id=b"x" * 16,
    patient_id=b"y" * 16,
    envelope_version=9,
    gates=tuple(Gate),
    not_after_s=NOW_S,
    threshold=replace(itbs().threshold, lock_s=NOW_S),
    limits=replace(itbs().limits, course_days=1, course_sessions=1, course_pulses=600),
    phases=(Phase(400, 1, 50 * DAY_S),),
)
EVERY_DAY = tuple((day * DAY_MS - 23 * 3_600_000, 9_000, 5) for day in range(1, 7))


def test_as_many_reasons_as_come_together_fit() -> None:
    past = ledger(
        holds=(HOLD,),
        postponed_until_ms=NOW_MS + 1,
        firmware_confirmed=False,
        clearance=clearance(
            issued_s=NOW_S - 20 * DAY_S, newest_serial=9, newest_hold=9, newest_revocation=9
        ),
        signer=SIGNER,
        revocations=(replace(LEFT, until_s=0),),
        gate_outcome=None,
        windows=charged(*EVERY_DAY),
        ceilings=charged(*EVERY_DAY),
        last_session_pulse_ms=NOW_MS - 1,
        current_course=Course(itbs().course_id, Amount(9_999, 9), 0, 0),
    )
    reasons = decide(case(prescription=ALL_WRONG, ledger=past, condition=UNFIT)).reasons
    codes = tuple(int(reason.code) for reason in reasons)
    assert 32 < len(codes) <= REASONS_MAX
    refusal = Refusal("locked", codes)
    assert fields.unpack(Refusal, fields.pack(refusal)) == refusal
