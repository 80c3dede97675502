"""Single changes of a permitted case, each near the limit that it is about.

A change takes a case and chance, and returns another case; whether that is still permitted, the
lock says. Between them they bring up every reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from shared.dose.ledger_state import OpenHold, Revoked
from shared.dose.lock import Case, Times
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import Gate, GateOutcome, HoldKind, RevocationKind

Change = Callable[[Case, Random], Case]
SIGNER = b"signer.."
SCREENING_MS = 60 * 60_000


def near(chance: Random, limit: int) -> int:
    """Return a number at a limit, just beside it, or anywhere around."""
    return max(0, limit + chance.choice((-1, 0, 0, 1, chance.randint(-5000, 5000))))


def ledger_with(case: Case, **changes: Any) -> Case:
    """The case with another past."""
    return replace(case, ledger=replace(case.ledger, **changes))


def plan_with(case: Case, **changes: Any) -> Case:
    """The case with another prescription; without one it stays as it is."""
    if case.prescription is None:
        return case
    return replace(case, prescription=replace(case.prescription, **changes))


def body_with(case: Case, **changes: Any) -> Case:
    """The case with another condition of the device."""
    if case.condition is None:
        return case
    return replace(case, condition=replace(case.condition, **changes))


def wall_at(case: Case, wall_s: int, chance: Random) -> Case:
    """The case with the wall clock near an instant."""
    wall_ms = max(0, wall_s * 1000 + chance.choice((-1, 0, 0, 1, 999, -86_400_000)))
    return replace(case, times=Times(case.times.proven_ms, wall_ms))


def signed_in(case: Case) -> Prescription | None:
    return case.prescription


# Owner, authority, permissions


def nobodys(case: Case, _: Random) -> Case:
    return ledger_with(case, patient_id=None)


def other_patients(case: Case, _: Random) -> Case:
    return ledger_with(case, patient_id=b"another-patient!")


def no_prescription(case: Case, _: Random) -> Case:
    return replace(case, prescription=None)


def ended(case: Case, _: Random) -> Case:
    return plan_with(case, kind=PrescriptionKind.END)


def other_device(case: Case, _: Random) -> Case:
    return replace(case, device_id=b"another-device!!")


def other_coil(case: Case, chance: Random) -> Case:
    return body_with(case, coil=chance.choice(("another-coil", None)))


def other_envelope(case: Case, chance: Random) -> Case:
    return plan_with(case, envelope_version=absolute_limits().version + chance.choice((0, 1)))


def uncleared(case: Case, _: Random) -> Case:
    return ledger_with(case, clearance=None)


def newer_word(case: Case, chance: Random) -> Case:
    clearance = case.ledger.clearance
    if clearance is None:
        return case
    names = ("newest_serial", "newest_hold", "newest_revocation")
    newer = {name: getattr(clearance, name) + chance.choice((0, 1)) for name in names}
    return ledger_with(case, clearance=replace(clearance, **newer))


def clearance_s_end(case: Case, chance: Random) -> Case:
    signed, clearance = signed_in(case), case.ledger.clearance
    if signed is None or clearance is None:
        return case
    return wall_at(case, clearance.issued_s + signed.clearance_limit_s, chance)


def no_wall_clock(case: Case, _: Random) -> Case:
    return replace(case, times=Times(case.times.proven_ms, None))


def validity_s_edge(case: Case, chance: Random) -> Case:
    signed = signed_in(case)
    if signed is None:
        return case
    edge = chance.choice((signed.not_before_s, signed.not_after_s, signed.threshold.lock_s))
    return wall_at(case, edge, chance)


def signer_revoked(case: Case, chance: Random) -> Case:
    wall_s = case.times.wall_s or 0
    revoked = Revoked(SIGNER + bytes(8), chance.choice(list(RevocationKind)), near(chance, wall_s))
    return ledger_with(case, signer=SIGNER, revocations=(revoked,), newest_revocation=1)


def titration(case: Case, _: Random) -> Case:
    return plan_with(case, kind=PrescriptionKind.TITRATION)


# The device


def unfit(case: Case, chance: Random) -> Case:
    limits = absolute_limits()
    changes: list[dict[str, Any]] = [
        {"faulty": True},
        {"self_test_passed": False},
        {"ledger_has_room": False},
        {"contact": False},
        {"position_ok": False},
        {"moving": True},
        {"coil_temperature_c": limits.coil_temperature_c_max + chance.choice((-1, 0, 1))},
        {"battery_percent": limits.caps["battery_percent_min"] + chance.choice((-1, 0, 1))},
    ]
    for each in chance.sample(changes, chance.randint(1, 4)):
        case = body_with(case, **each)
    return case


def out_of_reach(case: Case, _: Random) -> Case:
    return replace(case, condition=None)


def firmware_unconfirmed(case: Case, _: Random) -> Case:
    return ledger_with(case, firmware_confirmed=False)


def held(case: Case, chance: Random) -> Case:
    kind = chance.choice(list(HoldKind))
    hold = OpenHold(b"h" * 16, kind, chance.randint(1, 3), "clinician", 1, 5, bytes(32), 0)
    return ledger_with(case, holds=(hold,))


def postponed(case: Case, chance: Random) -> Case:
    return ledger_with(case, postponed_until_ms=near(chance, case.times.proven_ms))


# Gates


def gates(case: Case, chance: Random) -> Case:
    asked = tuple(sorted(chance.sample(list(Gate), chance.randint(1, 5))))
    confirmed = tuple(sorted(chance.sample(list(Gate), chance.randint(0, 5))))
    case = ledger_with(
        case,
        gates_confirmed=confirmed,
        gate_outcome=chance.choice((None, *GateOutcome)),
        trained=chance.choice((None, 1)),
        supervised_until_ms=chance.choice((None, near(chance, case.times.proven_ms))),
    )
    return plan_with(case, gates=asked)


def answers_age(case: Case, chance: Random) -> Case:
    if chance.random() < 0.5:
        return ledger_with(case, gate_proven_ms=near(chance, case.times.proven_ms - SCREENING_MS))
    wall_ms = near(chance, (case.times.wall_ms or SCREENING_MS) - SCREENING_MS)
    return ledger_with(case, gate_wall_ms=chance.choice((wall_ms, None)))


CHANGES: tuple[Change, ...] = (
    nobodys,
    other_patients,
    no_prescription,
    ended,
    other_device,
    other_coil,
    other_envelope,
    uncleared,
    newer_word,
    clearance_s_end,
    no_wall_clock,
    validity_s_edge,
    signer_revoked,
    titration,
    unfit,
    out_of_reach,
    firmware_unconfirmed,
    held,
    postponed,
    gates,
    answers_age,
)
