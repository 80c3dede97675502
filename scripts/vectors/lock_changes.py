"""Single changes of a permitted case, each near the limit that it is about.

A change takes a case and chance, and returns another case; whether that is still permitted, the
lock says. Between them they bring up every reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from shared.dose.ledger_state import ClosedSession, Course, OpenHold, OpenSession, Revoked
from shared.dose.lock import Case, Question, Times
from shared.dose.prescription import Limits, Phase, Prescription, PrescriptionKind
from shared.dose.totals import CEILING_DAY_MS, CEILING_WEEK_MS, WEEK_MS, Amount, Windows
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import Gate, GateOutcome, HoldKind, RevocationKind
from shared.wire.records import CloseCause, SessionKind

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


def _signed(case: Case) -> Prescription | None:
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
    signed, clearance = _signed(case), case.ledger.clearance
    if signed is None or clearance is None:
        return case
    return wall_at(case, clearance.issued_s + signed.clearance_limit_s, chance)


def no_wall_clock(case: Case, _: Random) -> Case:
    return replace(case, times=Times(case.times.proven_ms, None))


def validity_s_edge(case: Case, chance: Random) -> Case:
    signed = _signed(case)
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


# Spacing and amounts


def last_session_near(case: Case, chance: Random) -> Case:
    signed = _signed(case)
    if signed is None:
        return case
    ago_ms = near(chance, signed.limits.min_interval_s * 1000)
    return ledger_with(case, last_session_pulse_ms=max(0, case.times.proven_ms - ago_ms))


def charges(case: Case, chance: Random) -> Case:
    """A past of charges, some of them at the very edge of a window."""
    signed = _signed(case)
    day_ms = CEILING_DAY_MS if signed is None else signed.limits.day_window_s * 1000
    edges = (day_ms, WEEK_MS, CEILING_DAY_MS, CEILING_WEEK_MS)
    pulses = 600 if signed is None else signed.pulses_per_session
    agos = sorted(near(chance, chance.choice(edges)) for _ in range(chance.randint(1, 9)))
    agos += [chance.randint(0, CEILING_WEEK_MS) for _ in range(chance.randint(0, 6))]
    past = _windows(case.times.proven_ms, sorted(agos, reverse=True), pulses, chance)
    which = chance.choice(("windows", "ceilings", "both"))
    changed = {"windows": past, "ceilings": past}
    return ledger_with(case, **(changed if which == "both" else {which: past}))


def _windows(now_ms: int, agos: list[int], pulses: int, chance: Random) -> Windows:
    windows = Windows()
    for ago_ms in agos:
        amount = Amount(chance.choice((pulses, pulses // 2, 1)), chance.choice((0, 1, 1)))
        windows = windows.charge(max(0, now_ms - ago_ms), amount)
    return windows


def full_window(case: Case, chance: Random) -> Case:
    """A charge that fills the day's or the week's window, as it is about to leave it."""
    signed, now_ms = _signed(case), case.times.proven_ms
    if signed is None:
        return case
    limits_ = signed.limits
    window_ms, sessions = chance.choice(
        (
            (limits_.day_window_s * 1000, limits_.sessions_per_day_window),
            (WEEK_MS, limits_.sessions_per_week),
        )
    )
    at_ms = max(0, now_ms - near(chance, window_ms))
    pulses = sessions * signed.pulses_per_session
    return ledger_with(case, windows=Windows().charge(at_ms, Amount(pulses, sessions)))


def near_the_ceilings(case: Case, chance: Random) -> Case:
    """Charges that leave about one session, or less, below the device's own ceilings."""
    signed, limits_ = _signed(case), absolute_limits()
    wanted = 0 if signed is None else signed.pulses_per_session
    days, most = chance.choice(
        ((1, limits_.ceiling_pulses_per_24h), (6, limits_.ceiling_pulses_per_168h))
    )
    charged, windows = max(0, near(chance, most - wanted)), Windows()
    for day in range(days, 0, -1):
        share = charged // days + (charged % days if day == 1 else 0)
        windows = windows.charge(case.times.proven_ms - day * 80_000_000, Amount(share, 1))
    return ledger_with(case, ceilings=windows)


def limits(case: Case, chance: Random) -> Case:
    """Other limits of the prescription."""
    signed = _signed(case)
    if signed is None:
        return case
    pulses = signed.pulses_per_session
    a_day, a_week = chance.randint(1, 4), chance.randint(1, 12)
    made = Limits(
        day_window_s=chance.choice((18, 20, 24)) * 3600,
        sessions_per_day_window=a_day,
        pulses_per_day_window=max(1, near(chance, a_day * pulses)),
        sessions_per_week=a_week,
        pulses_per_week=max(1, near(chance, a_week * pulses)),
        course_sessions=chance.randint(1, 60),
        course_pulses=max(1, chance.randint(1, 60) * pulses),
        min_interval_s=chance.choice((0, 3000, 14_400, 72_000)),
        course_days=chance.choice((None, 1, 30, 60)),
    )
    return plan_with(case, limits=made)


def course_near_its_end(case: Case, chance: Random) -> Case:
    signed = _signed(case)
    if signed is None:
        return case
    limits_, pulses = signed.limits, signed.pulses_per_session
    charged = Amount(
        near(chance, limits_.course_pulses - pulses),
        max(0, limits_.course_sessions + chance.choice((-2, -1, 0))),
    )
    course_id = chance.choice((signed.course_id, signed.course_id, b"another-course!!"))
    return ledger_with(case, current_course=Course(course_id, charged, charged.sessions))


def course_days_over(case: Case, chance: Random) -> Case:
    signed, wall_ms = _signed(case), case.times.wall_ms
    if signed is None or wall_ms is None:
        return case
    days = chance.randint(1, 60)
    began_ms = max(0, near(chance, wall_ms - days * 86_400_000))
    case = plan_with(case, limits=replace(signed.limits, course_days=days))
    return ledger_with(case, current_course=Course(signed.course_id, began_wall_ms=began_ms))


def phases(case: Case, chance: Random) -> Case:
    signed = _signed(case)
    if signed is None:
        return case
    made = tuple(
        Phase(chance.randint(1, 5), chance.randint(1, 5), chance.choice((0, 86_400, 600_000)))
        for _ in range(chance.randint(1, 4))
    )
    course = Course(signed.course_id, completed=chance.randint(0, 18))
    past = _windows(case.times.proven_ms, [WEEK_MS - 1, 86_400_000], 1, chance)
    ago_ms = near(chance, made[0].min_interval_s * 1000)
    last_ms = max(0, case.times.proven_ms - ago_ms)
    case = ledger_with(case, current_course=course, windows=past, last_session_pulse_ms=last_ms)
    return plan_with(case, phases=made)


# The other questions


def make_up(case: Case, chance: Random) -> Case:
    signed = _signed(case)
    if signed is None:
        return case
    within_s = chance.choice((None, 600, 14_400))
    trains = signed.trains_per_session
    begun = chance.randint(0, trains)
    charged = signed.pulses_per_session - signed.plan.pulses_from(begun + 1)
    last = ClosedSession(
        session_id=b"s" * 16,
        prescription_hash=chance.choice((b"p" * 32, b"p" * 32, b"q" * 32)),
        planned_pulses=signed.pulses_per_session,
        charged_pulses=charged,
        completed=begun == trains,
        cause=chance.choice(list(CloseCause)),
        closed_wall_ms=case.times.wall_ms,
        kind=chance.choice((SessionKind.TREATMENT, *SessionKind)),
        planned_trains=trains,
        trains_begun=begun,
        closed_proven_ms=max(0, case.times.proven_ms - near(chance, (within_s or 600) * 1000)),
        stopped=chance.random() < 0.5,
        red_flag=chance.choice((None, False, True)),
    )
    case = ledger_with(case, last_session=last, prescription_hash=b"p" * 32)
    return replace(plan_with(case, make_up_within_s=within_s), question=Question.MAKE_UP)


def make_up_that_may_be(case: Case, chance: Random) -> Case:
    """A partial session as it should be, at the end of its time or with questions open."""
    case = replace(make_up(plan_with(case, make_up_within_s=600), chance))
    signed, last = _signed(case), case.ledger.last_session
    if signed is None or last is None or signed.trains_per_session < 2:
        return case
    begun = signed.trains_per_session // 2
    closed_ms = case.times.proven_ms - near(chance, 14_400_000)
    fit = replace(
        last,
        prescription_hash=b"p" * 32,
        completed=False,
        cause=CloseCause.ENDED_BY_PERSON,
        kind=SessionKind.TREATMENT,
        trains_begun=begun,
        charged_pulses=signed.pulses_per_session - signed.plan.pulses_from(begun + 1),
        closed_proven_ms=max(0, closed_ms),
        red_flag=chance.choice((None, False)),
    )
    return ledger_with(plan_with(case, make_up_within_s=14_400), last_session=fit)


def resume(case: Case, chance: Random) -> Case:
    signed = _signed(case)
    if signed is None:
        return case
    planned = signed.pulses_per_session
    session = OpenSession(
        session_id=b"s" * 16,
        prescription_hash=b"p" * 32,
        planned_pulses=planned,
        planned_trains=signed.trains_per_session,
        supervised=chance.random() < 0.3,
        charged_pulses=chance.randint(0, planned),
        counted=chance.random() < 0.8,
    )
    return replace(ledger_with(case, session=session), question=Question.RESUME)


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
    last_session_near,
    charges,
    full_window,
    near_the_ceilings,
    limits,
    course_near_its_end,
    course_days_over,
    phases,
    make_up,
    make_up_that_may_be,
    resume,
)
