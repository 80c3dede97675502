"""The dose lock: may this session open now, and if not, why and until when?

One pure function over plain values: the prescription, what the ledger adds up to, two times and
the device's condition. The device fires only on its own verdict; the app asks the same function to
explain, the cloud to foresee. It takes the same time for a long history as for a short one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.dose.amounts import amount_reasons, is_supervised
from shared.dose.case import Case, Condition, Question, Times
from shared.dose.make_up import make_up_reasons
from shared.dose.prescription import Prescription, PrescriptionKind, ThresholdKind
from shared.dose.reasons import Reason, ReasonCode
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import Gate, GateOutcome, RevocationKind

__all__ = ["Case", "Condition", "Question", "Times", "Verdict", "decide"]

SCREENING_PASS_MS = 60 * 60_000
"""A passed screening is good for 60 minutes (R16)."""


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
    if prescription.kind is PrescriptionKind.END:
        return Verdict((*reasons, Reason(ReasonCode.TREATMENT_ENDED)))
    reasons += _authority(case, prescription)
    reasons += _signer(case, prescription)
    reasons += _permissions(case, prescription)
    if case.opens:
        reasons += _answers(case, prescription)
        reasons += _spacing(case, prescription)
    reasons += amount_reasons(case, prescription)
    return Verdict(tuple(dict.fromkeys(reasons)))


def _device(case: Case) -> Iterator[Reason]:
    """What the device asks of itself and its surroundings, whoever signed what (R15)."""
    ledger, now_ms = case.ledger, case.times.proven_ms
    if ledger.patient_id is None:
        yield Reason(ReasonCode.NOT_PROVISIONED)
    if ledger.holds:
        yield Reason(ReasonCode.HOLD)
    if ledger.postponed_until_ms is not None and now_ms < ledger.postponed_until_ms:
        yield Reason(ReasonCode.SCREENING_POSTPONED, ledger.postponed_until_ms)
    if case.times.wall_ms is None:
        yield Reason(ReasonCode.CLOCK_NOT_TRUSTED)
    if not ledger.firmware_confirmed:
        yield Reason(ReasonCode.FIRMWARE_UNCONFIRMED)
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
    if condition.moving:
        yield Reason(ReasonCode.MOTION)
    if condition.battery_percent < limits.caps["battery_percent_min"]:
        yield Reason(ReasonCode.BATTERY)


def _authority(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """Is it this device's, this patient's, and has the clinic said that nothing newer is in force
    (R17, R20)?"""
    if prescription.device_id != case.device_id:
        yield Reason(ReasonCode.OTHER_DEVICE)
    if case.ledger.patient_id not in (None, prescription.patient_id):
        yield Reason(ReasonCode.OTHER_PATIENT)
    if case.condition is not None and case.condition.coil not in (None, prescription.coil):
        yield Reason(ReasonCode.OTHER_COIL)
    if prescription.envelope_version > absolute_limits().version:
        yield Reason(ReasonCode.OUTSIDE_ENVELOPE)
    clearance = case.ledger.clearance
    if clearance is None:
        yield Reason(ReasonCode.CLEARANCE_MISSING)
        return
    if clearance.newest_serial > case.ledger.serial:
        yield Reason(ReasonCode.NEWER_VERSION_EXISTS)
    if clearance.newest_hold > case.ledger.newest_hold:
        yield Reason(ReasonCode.HOLD_ON_ITS_WAY)
    if clearance.newest_revocation > case.ledger.newest_revocation:
        yield Reason(ReasonCode.REVOCATION_ON_ITS_WAY)


def _signer(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """What a prescriber who left had signed stands until a date, a compromised key's not at all
    (R18)."""
    titration = prescription.kind is PrescriptionKind.TITRATION
    signer = case.ledger.titration_signer if titration else case.ledger.signer
    revoked = case.ledger.revoked(signer) if signer else None
    if revoked is None:
        return
    if revoked.kind is RevocationKind.COMPROMISED:
        yield Reason(ReasonCode.SIGNER_REVOKED)
    elif case.times.wall_s is None or case.times.wall_s >= revoked.until_s:
        yield Reason(ReasonCode.SIGNER_LEFT)


def _permissions(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """Permissions end by the trusted wall clock; without one they have ended (R5)."""
    now_s = case.times.wall_s
    if now_s is None:
        return
    if now_s < prescription.not_before_s:
        yield Reason(ReasonCode.NOT_YET_VALID)
    if now_s >= prescription.not_after_s:
        yield Reason(ReasonCode.EXPIRED)
    if _threshold_is_old(prescription, now_s):
        yield Reason(ReasonCode.THRESHOLD_OLD)
    clearance = case.ledger.clearance
    if clearance is not None and now_s >= clearance.ends(prescription.clearance_limit_s):
        yield Reason(ReasonCode.CLEARANCE_OLD)


def _threshold_is_old(prescription: Prescription, now_s: int) -> bool:
    """A titration measures it, and a fixed output has none (R14)."""
    if prescription.kind is PrescriptionKind.TITRATION:
        return False
    thresholds = (prescription.threshold, prescription.second_threshold)
    return any(
        threshold is not None
        and threshold.kind is not ThresholdKind.NONE
        and now_s >= threshold.lock_s
        for threshold in thresholds
    )


def _answers(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """The gates that the prescription adds (R15, R16)."""
    ledger, gates = case.ledger, prescription.gates
    if Gate.TRAINING in gates and ledger.trained is None:
        yield Reason(ReasonCode.TRAINING_NEEDED)
    if Gate.SUPERVISED in gates and not is_supervised(case):
        yield Reason(ReasonCode.SUPERVISION_NEEDED)
    fresh = not _answers_are_old(case)
    if Gate.SCREENING in gates and not (fresh and ledger.gate_outcome is GateOutcome.PASS):
        yield Reason(ReasonCode.SCREENING_NEEDED)
    if Gate.ATTENDED in gates and not (fresh and Gate.ATTENDED in ledger.gates_confirmed):
        yield Reason(ReasonCode.ATTENDANT_NEEDED)
    ears = Gate.EAR_PROTECTION
    if ears in gates and not (fresh and ears in ledger.gates_confirmed):
        yield Reason(ReasonCode.EAR_PROTECTION_NEEDED)


def _answers_are_old(case: Case) -> bool:
    """A pass is a permission (R5): it ends by whichever of the two times says so first."""
    ledger, times = case.ledger, case.times
    if times.proven_ms >= ledger.gate_proven_ms + SCREENING_PASS_MS:
        return True
    if times.wall_ms is None or ledger.gate_wall_ms is None:
        return True
    return times.wall_ms >= ledger.gate_wall_ms + SCREENING_PASS_MS


def _spacing(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """From the last pulse of any session to the next first one; a make-up is exempt (R4, R9)."""
    if case.question is Question.MAKE_UP:
        yield from make_up_reasons(case, prescription)
        return
    last_pulse_ms = case.ledger.last_session_pulse_ms
    if last_pulse_ms is None or prescription.kind is PrescriptionKind.TITRATION:
        return
    ends_ms = last_pulse_ms + prescription.limits.min_interval_s * 1000
    if case.times.proven_ms < ends_ms:
        yield Reason(ReasonCode.SESSION_INTERVAL, ends_ms)
