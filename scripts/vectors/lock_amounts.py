"""Changes of a permitted case in what was charged before, and in what is asked."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from scripts.vectors.lock_changes import Change, ledger_with, near, plan_with, signed_in
from shared.dose.ledger_state import ClosedSession, Course, OpenSession
from shared.dose.lock import Case, Question
from shared.dose.prescription import Limits, Phase
from shared.dose.totals import CEILING_DAY_MS, CEILING_WEEK_MS, WEEK_MS, Amount, Windows
from shared.stimulation.limits import absolute_limits
from shared.wire.records import CloseCause, SessionKind


def last_session_near(case: Case, chance: Random) -> Case:
    signed = signed_in(case)
    if signed is None:
        return case
    ago_ms = near(chance, signed.limits.min_interval_s * 1000)
    return ledger_with(case, last_session_pulse_ms=max(0, case.times.proven_ms - ago_ms))


def charges(case: Case, chance: Random) -> Case:
    """A past of charges, some of them at the very edge of a window."""
    signed = signed_in(case)
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
    signed, now_ms = signed_in(case), case.times.proven_ms
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
    signed, limits_ = signed_in(case), absolute_limits()
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
    signed = signed_in(case)
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
    signed = signed_in(case)
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
    signed, wall_ms = signed_in(case), case.times.wall_ms
    if signed is None or wall_ms is None:
        return case
    days = chance.randint(1, 60)
    began_ms = max(0, near(chance, wall_ms - days * 86_400_000))
    case = plan_with(case, limits=replace(signed.limits, course_days=days))
    return ledger_with(case, current_course=Course(signed.course_id, began_wall_ms=began_ms))


def phases(case: Case, chance: Random) -> Case:
    signed = signed_in(case)
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


# The other questions: may the rest be made up, may the open session go on?


def make_up(case: Case, chance: Random) -> Case:
    signed = signed_in(case)
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
    signed, last = signed_in(case), case.ledger.last_session
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
    signed = signed_in(case)
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
