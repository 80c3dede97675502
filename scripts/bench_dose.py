"""How long the lock, a signed head and a schedule take: `make bench-dose`.

Prints medians and, as the figure that means something on any machine, ratios within this run: the
lock after 1,000,000 records against the lock after 10. Fails where a promise does not hold.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.dose.case import Case, Condition, Question, Times
from shared.dose.ledger import Course, LedgerState
from shared.dose.lock import decide
from shared.dose.prescription import Prescription
from shared.dose.totals import Amount, Windows
from shared.stimulation.catalogue import catalogue
from shared.stimulation.schedule import pulses
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import GateOutcome, LedgerHead
from shared.wire.records import ClearanceBody
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, NOW_S, PATIENT_ID, itbs

ROUNDS, CALLS = 200, 50
RECORDS_A_SESSION = 50
DAY_MS = 86_400_000
FIT = Condition(24, True, True, 80, True, True, False)


@dataclass(frozen=True)
class Promise:
    """A figure, what it may be at most, and its unit."""

    name: str
    value: float
    at_most: float
    unit: str

    @property
    def held(self) -> bool:
        """Whether the figure is within what was promised."""
        return self.value <= self.at_most


def median_s(work: Callable[[], object], *, calls: int = CALLS) -> float:
    """Return the median time of one call, over rounds of many."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - began) / calls)
    return statistics.median(times)


def past(records: int) -> LedgerState:
    """Return what a course of so many records adds up to: one session a day, in slices."""
    sessions, windows = max(1, records // RECORDS_A_SESSION), Windows()
    for day in range(max(0, sessions - 8), sessions):
        for piece in range(20):
            amount = Amount(30, 1 if piece == 0 else 0)
            windows = windows.charge(day * DAY_MS + piece * 10_000, amount)
    now_ms = sessions * DAY_MS
    return LedgerState(
        number=records,
        proven_ms=now_ms,
        patient_id=PATIENT_ID,
        serial=1,
        windows=windows,
        ceilings=windows,
        current_course=Course(itbs().course_id, Amount(sessions * 600, sessions), sessions),
        last_session_pulse_ms=now_ms - DAY_MS + 200_000,
        last_pulse_ms=now_ms - DAY_MS + 200_000,
        clearance=ClearanceBody(bytes(32), NOW_S, 1, 0, 0, NOW_S + DAY_MS),
        gate_outcome=GateOutcome.PASS,
        gate_proven_ms=now_ms,
        gate_wall_ms=NOW_S * 1000,
    )


def prescription() -> Prescription:
    """Return one whose course is never done, so that every check is made to its end."""
    limits = itbs().limits
    return itbs(limits=replace(limits, sessions_per_week=84, course_pulses=10**9))


def case(records: int) -> Case:
    """Return the question of opening a session behind so many records."""
    ledger = past(records)
    times = Times(ledger.proven_ms, NOW_S * 1000)
    return Case(prescription(), DEVICE_ID, ledger, times, FIT, Question.OPEN)


def lock_promises() -> list[Promise]:
    """Measure the lock behind a short and a long course, in turns, and compare."""
    short, long_ = case(10), case(1_000_000)
    shorts, longs = [], []
    for _ in range(9):
        shorts.append(median_s(lambda: decide(short)))
        longs.append(median_s(lambda: decide(long_)))
    few, many = min(shorts), min(longs)
    return [
        Promise("lock behind 1,000,000 records, median", many * 1e6, 50.0, "us"),
        Promise("lock, 1,000,000 records against 10", many / few, 1.2, "x"),
    ]


def head_promise() -> Promise:
    """Measure the verification of a signed ledger head."""
    key = SoftwareKey.generate()
    head = LedgerHead(DEVICE_ID, b"e" * 16, 100, bytes(32), b"n" * 16, 1, 1000)
    envelope = sign1.sign(head, audience=CLINIC_ID, signer=key)
    public = key.public_key
    spent_s = median_s(
        lambda: sign1.verify(LedgerHead, envelope, audience=CLINIC_ID, key=public), calls=5
    )
    return Promise("verification of a ledger head, median", spent_s * 1e3, 1.0, "ms")


def schedule_promise() -> Promise:
    """Measure the expansion of a session of 3,000 pulses."""
    plan = catalogue().entry("mdd-l-dlpfc-10hz").parts[0].plan
    spent_s = median_s(lambda: sum(1 for _ in pulses(plan)), calls=1)
    return Promise("schedule of 3,000 pulses, median", spent_s * 1e3, 5.0, "ms")


def main() -> int:
    """Print a line for each promise; return 1 where one does not hold."""
    promises = [*lock_promises(), head_promise(), schedule_promise()]
    for promise in promises:
        verdict = "held" if promise.held else "NOT HELD"
        print(
            f"{promise.name:42} {promise.value:9.2f} {promise.unit:3}"
            f" at most {promise.at_most:5.1f}  {verdict}"
        )
    return 0 if all(promise.held for promise in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
