"""The dose lock: may this session open now, and if not, why and until when?

One pure function over plain values: the prescription, what the ledger adds up to, two times and
the device's condition. The device fires only on its own verdict; the app asks the same function to
explain, the cloud to foresee. It takes the same time for a long history as for a short one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from shared.dose.ledger import LedgerState
from shared.dose.prescription import Gate, Prescription
from shared.dose.reasons import Reason, ReasonCode
from shared.dose.totals import CEILING_DAY_MS, CEILING_WEEK_MS, WEEK_MS, Amount
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import GateOutcome

SCREENING_PASS_MS = 60 * 60_000
"""A passed screening is good for 60 minutes (R16)."""


class Question(Enum):
    """What is asked of the lock."""

    OPEN = auto()
    """May a whole new session open?"""

    RESUME = auto()
    """May the open session go on with what is left of it (R12)?"""


@dataclass(frozen=True)
class Times:
    """Now, twice: proven elapsed time ends locks, the trusted wall clock ends permissions (R5).

    ``wall_ms`` is None while the clock is lost or provisional; permissions then count as ended.
    """

    proven_ms: int
    wall_ms: int | None


@dataclass(frozen=True)
class Condition:
    """The device's own gates (R15)."""

    coil_temperature_c: int
    contact: bool
    position_ok: bool
    battery_percent: int
    self_test_passed: bool
    ledger_has_room: bool
    faulty: bool


@dataclass(frozen=True)
class Case:
    """All that the decision rests on. ``condition`` is None where the band is out of reach: the
    app then explains all but the device's own gates."""

    prescription: Prescription | None
    device_id: bytes
    ledger: LedgerState
    times: Times
    condition: Condition | None
    question: Question = Question.OPEN


@dataclass(frozen=True)
class Verdict:
    """Permitted, or locked with every reason."""

    reasons: tuple[Reason, ...]

    @property
    def permitted(self) -> bool:
        """True when nothing speaks against it."""
        return not self.reasons

    @property
    def opens_proven_ms(self) -> int | None:
        """First proven instant at which every reason has ended; None when time alone does not
        end them all."""
        if any(reason.ends_proven_ms is None for reason in self.reasons):
            return None
        return max((reason.ends_proven_ms or 0 for reason in self.reasons), default=0)


def decide(case: Case) -> Verdict:
    """Return the verdict, with every reason and, where known, the instant at which it ends."""
    reasons = list(_device(case))
    prescription = case.prescription
    if prescription is None:
        return Verdict((*reasons, Reason(ReasonCode.NO_PRESCRIPTION)))
    reasons += _authority(case, prescription)
    reasons += _permissions(case, prescription)
    reasons += _screening(case, prescription)
    if case.question is Question.OPEN:
        reasons += _spacing(case, prescription)
    reasons += _amounts(case, prescription)
    return Verdict(tuple(reasons))


def _device(case: Case) -> Iterator[Reason]:
    if case.ledger.patient_id is None:
        yield Reason(ReasonCode.NOT_PROVISIONED)
    if case.ledger.holds:
        yield Reason(ReasonCode.HOLD)
    if case.times.wall_ms is None:
        yield Reason(ReasonCode.CLOCK_NOT_TRUSTED)
    if case.condition is not None:
        yield from _gates(case.condition)


def _gates(condition: Condition) -> Iterator[Reason]:
    limits = absolute_limits()
    if condition.faulty:
        yield Reason(ReasonCode.FAULT)
    if not condition.self_test_passed:
        yield Reason(ReasonCode.SELF_TEST)
    if not condition.ledger_has_room:
        yield Reason(ReasonCode.LEDGER_ROOM)
    if condition.coil_temperature_c >= limits.coil_temperature_c_max:
        yield Reason(ReasonCode.TEMPERATURE)
    if not condition.contact:
        yield Reason(ReasonCode.CONTACT)
    if not condition.position_ok:
        yield Reason(ReasonCode.POSITION)
    if condition.battery_percent < limits.caps["battery_percent_min"]:
        yield Reason(ReasonCode.BATTERY)


def _authority(case: Case, prescription: Prescription) -> Iterator[Reason]:
    if prescription.device_id != case.device_id:
        yield Reason(ReasonCode.OTHER_DEVICE)
    if case.ledger.patient_id not in (None, prescription.patient_id):
        yield Reason(ReasonCode.OTHER_PATIENT)
    if prescription.envelope_version > absolute_limits().version:
        yield Reason(ReasonCode.OUTSIDE_ENVELOPE)
    clearance = case.ledger.clearance
    if clearance is None:
        yield Reason(ReasonCode.CLEARANCE_MISSING)
        return
    if clearance.newest_serial > prescription.serial:
        yield Reason(ReasonCode.NEWER_VERSION_EXISTS)
    if clearance.newest_hold > case.ledger.newest_hold:
        yield Reason(ReasonCode.HOLD_ON_ITS_WAY)


def _permissions(case: Case, prescription: Prescription) -> Iterator[Reason]:
    if case.times.wall_ms is None:
        return
    now_s = case.times.wall_ms // 1000
    if now_s < prescription.not_before_s:
        yield Reason(ReasonCode.NOT_YET_VALID)
    if now_s >= prescription.not_after_s:
        yield Reason(ReasonCode.EXPIRED)
    if now_s >= prescription.threshold.lock_s:
        yield Reason(ReasonCode.THRESHOLD_OLD)
    clearance = case.ledger.clearance
    if clearance is not None and now_s >= clearance.issued_s + prescription.clearance_limit_s:
        yield Reason(ReasonCode.CLEARANCE_OLD)


def _screening(case: Case, prescription: Prescription) -> Iterator[Reason]:
    ledger, now_ms = case.ledger, case.times.proven_ms
    if ledger.postponed_until_ms is not None and now_ms < ledger.postponed_until_ms:
        yield Reason(ReasonCode.SCREENING_POSTPONED, ledger.postponed_until_ms)
    if Gate.TRAINING in prescription.gates:
        yield Reason(ReasonCode.TRAINING_NEEDED)
    if Gate.SUPERVISED in prescription.gates or Gate.ATTENDED in prescription.gates:
        yield Reason(ReasonCode.SUPERVISION_NEEDED)
    if Gate.SCREENING not in prescription.gates or case.question is Question.RESUME:
        return
    if ledger.gate_outcome is not GateOutcome.PASS or _pass_is_old(case):
        yield Reason(ReasonCode.SCREENING_NEEDED)


def _pass_is_old(case: Case) -> bool:
    """A pass is a permission (R5): it ends by whichever of the two times says so first."""
    ledger, times = case.ledger, case.times
    if times.proven_ms >= ledger.gate_proven_ms + SCREENING_PASS_MS:
        return True
    if times.wall_ms is None or ledger.gate_wall_ms is None:
        return True
    return times.wall_ms >= ledger.gate_wall_ms + SCREENING_PASS_MS


def _spacing(case: Case, prescription: Prescription) -> Iterator[Reason]:
    last_pulse_ms = case.ledger.last_pulse_ms
    if last_pulse_ms is None:
        return
    ends_ms = last_pulse_ms + prescription.limits.min_interval_s * 1000
    if case.times.proven_ms < ends_ms:
        yield Reason(ReasonCode.SESSION_INTERVAL, ends_ms)


def _amounts(case: Case, prescription: Prescription) -> Iterator[Reason]:
    limits, ceilings, wanted = prescription.limits, absolute_limits(), _wanted(case, prescription)
    windows = (
        (
            ReasonCode.DAY_WINDOW,
            limits.day_window_s * 1000,
            Amount(limits.pulses_per_day_window, limits.sessions_per_day_window),
        ),
        (
            ReasonCode.WEEK_WINDOW,
            WEEK_MS,
            Amount(limits.pulses_per_week, limits.sessions_per_week),
        ),
        (
            ReasonCode.CEILING_24H,
            CEILING_DAY_MS,
            Amount(ceilings.ceiling_pulses_per_24h, ceilings.ceiling_sessions_per_24h),
        ),
        (
            ReasonCode.CEILING_168H,
            CEILING_WEEK_MS,
            Amount(ceilings.ceiling_pulses_per_168h, 7 * ceilings.ceiling_sessions_per_24h),
        ),
    )
    for code, window_ms, limit in windows:
        yield from _window(case, code, window_ms, wanted, limit)
    yield from _course(case, prescription, wanted)


def _window(
    case: Case, code: ReasonCode, window_ms: int, wanted: Amount, limit: Amount
) -> Iterator[Reason]:
    now_ms = case.times.proven_ms
    fits_ms = case.ledger.windows.fits_from(window_ms, now_ms, wanted, limit)
    if fits_ms != now_ms:
        yield Reason(code, fits_ms)


def _course(case: Case, prescription: Prescription, wanted: Amount) -> Iterator[Reason]:
    same = case.ledger.course_id == prescription.course_id
    charged = case.ledger.course if same else Amount(0, 0)
    if (
        charged.pulses + wanted.pulses > prescription.limits.course_pulses
        or charged.sessions + wanted.sessions > prescription.limits.course_sessions
    ):
        yield Reason(ReasonCode.COURSE_DONE)


def _wanted(case: Case, prescription: Prescription) -> Amount:
    if case.question is Question.OPEN:
        return Amount(prescription.pulses_per_session, 1)
    session = case.ledger.session
    charged = session.charged_pulses if session is not None else 0
    left = max(0, prescription.pulses_per_session - charged)
    return Amount(left, 0 if charged else 1)
