"""Invariants 1 to 3 over whole sessions: windows, ceilings, spacing, shape, output."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

from tests.campaign.schedules.oracle import figures as f
from tests.campaign.schedules.oracle.schedule_of import Train, percent_of, trains_of
from tests.campaign.schedules.oracle.sessions import Session

Wrong = Iterator[tuple[str, str]]


def broken_dose(sessions: Sequence[Session]) -> Wrong:
    """Yield what is wrong with the pulses of all sessions together."""
    fired = [session for session in sessions if session.pulses]
    yield from _ceilings(fired)
    yield from _spacing(fired)
    for patient in {session.patient for session in fired}:
        own = [each for each in fired if each.patient == patient and not each.titration]
        yield from _windows(own)
        yield from _course(own)
    for index, session in enumerate(fired):
        if session.titration:
            yield from _titration(session)
        else:
            yield from _shape(session, fired[:index])


# Windows (R8)


def _times(sessions: Sequence[Session]) -> list[int]:
    return [pulse.at_us for session in sessions for pulse in session.pulses]


def _within(times: list[int], until_us: int, window_us: int) -> int:
    return bisect.bisect_right(times, until_us) - bisect.bisect_right(times, until_us - window_us)


def _windows(own: Sequence[Session]) -> Wrong:
    times = _times(own)
    firsts = [each.pulses[0].at_us for each in own if not each.make_up]
    for session in own:
        for at_us in (session.pulses[0].at_us, session.pulses[-1].at_us):
            limits = session.plan_at(at_us).body[16]
            for name, window_us, sessions_max, pulses_max in (
                ("day", limits[1] * f.SECOND_US, limits[2], limits[3]),
                ("week", f.WEEK_WINDOW_US, limits[4], limits[5]),
            ):
                if _within(times, at_us, window_us) > pulses_max:
                    yield "windows", f"more pulses in the {name} than are signed"
                if _within(firsts, at_us, window_us) > sessions_max and not session.make_up:
                    yield "windows", f"more sessions in the {name} than are signed"


def _course(own: Sequence[Session]) -> Wrong:
    for course in {each.course for each in own}:
        these = [each for each in own if each.course == course]
        pulses = sessions = 0
        for each in these:
            pulses, sessions = pulses + len(each.pulses), sessions + (not each.make_up)
            limits = each.plan_at(each.pulses[-1].at_us).body[16]
            if pulses > limits[7] or sessions > limits[6]:
                yield "windows", "more in the course than is signed"


def _ceilings(fired: Sequence[Session]) -> Wrong:
    times = _times(fired)
    firsts = [each.pulses[0].at_us for each in fired if not (each.make_up or each.titration)]
    for session in fired:
        if session.supervised or session.titration:
            continue
        for window_us, pulses_max, sessions_max in f.CEILINGS:
            last_us = session.pulses[-1].at_us
            if _within(times, last_us, window_us) > pulses_max:
                yield "windows", "more pulses than the device's own ceiling"
            counted = _within(firsts, session.pulses[0].at_us, window_us)
            if counted > sessions_max and not session.make_up:
                yield "windows", "more sessions than the device's own ceiling"


# Spacing (R4)


def _spacing(fired: Sequence[Session]) -> Wrong:
    for index, session in enumerate(fired[1:], start=1):
        first_us = session.pulses[0].at_us
        since_us = first_us - fired[index - 1].pulses[-1].at_us
        rest_us = f.TITRATION_GAP_US
        if not session.titration:
            rest_us = session.plans[0][1].body[14][0][4] * 1000
        if since_us < rest_us:
            yield "spacing", f"{since_us / 1e6:.2f} s between the trains of two sessions"
        own = [
            each for each in fired[:index] if each.patient == session.patient and not each.titration
        ]
        if session.make_up or session.titration or not own:
            continue
        since_us = first_us - own[-1].pulses[-1].at_us
        if since_us < session.plans[0][1].body[16][8] * f.SECOND_US:
            yield "spacing", f"{since_us / 1e6:.0f} s between two sessions"


# Shape (R4, R9, R13)


def _shape(session: Session, before: Sequence[Session]) -> Wrong:
    trains = trains_of(session.plans[0][1].body)
    if session.make_up:
        trains = _left(trains, before, session)
    if len(session.pulses) > sum(len(train.offsets_us) for train in trains):
        yield "envelope", "more pulses in a session than are signed"
        return
    yield from _gaps(session, trains)
    yield from _outputs(session, trains, before)


def _left(
    trains: tuple[Train, ...], before: Sequence[Session], session: Session
) -> tuple[Train, ...]:
    """The whole trains that the session before left; it began those of which a pulse was fired."""
    partial = next((each for each in reversed(before) if each.patient == session.patient), None)
    fired, begun = 0 if partial is None else len(partial.pulses), 0
    while begun < len(trains) and fired > 0:
        fired -= len(trains[begun].offsets_us)
        begun += 1
    return trains[begun:]


def _gaps(session: Session, trains: tuple[Train, ...]) -> Wrong:
    pulses, at = session.pulses, 0
    for number, train in enumerate(trains):
        for place, offset_us in enumerate(train.offsets_us):
            if at >= len(pulses):
                return
            if at:
                gap_us = pulses[at].at_us - pulses[at - 1].at_us
                # The first touch is START's, before every pulse; one that resumes may come in the
                # very instant of the pulse before.
                touched = any(
                    pulses[at - 1].at_us <= touch_us <= pulses[at].at_us
                    for touch_us, _ in session.touches[1:]
                )
                yield from _gap(gap_us, trains, number, place, offset_us, touched=touched)
            at += 1


def _gap(
    gap_us: int,
    trains: tuple[Train, ...],
    number: int,
    place: int,
    offset_us: int,
    *,
    touched: bool,
) -> Wrong:
    train = trains[number]
    if place:
        if gap_us == offset_us - train.offsets_us[place - 1]:
            return
        if not touched or gap_us < max(train.interval_us, f.REST_US):
            yield "spacing", f"{gap_us} us within a train"
        return
    last = trains[number - 1]
    tail_us = last.length_us - last.offsets_us[-1]
    if last.part != train.part:
        if not touched or gap_us < max(train.interval_us, f.REST_US):
            yield "spacing", "a part began without the band being placed anew, or at once"
    elif gap_us < tail_us + last.interval_us:
        yield "spacing", f"{gap_us} us between two trains"


def _outputs(session: Session, trains: tuple[Train, ...], before: Sequence[Session]) -> Wrong:
    completed = _completed(session, before)
    at = 0
    for train in trains:
        for pulse in session.pulses[at : at + len(train.offsets_us)]:
            plan = session.plan_at(pulse.at_us)
            if pulse.percent_mso > percent_of(plan.body, train.part, completed):
                yield "envelope", f"{pulse.percent_mso} % is above what is signed"
                return
        at += len(train.offsets_us)


def _completed(session: Session, before: Sequence[Session]) -> int:
    whole = 0
    for each in before:
        same = each.patient == session.patient and each.course == session.course
        if same and not each.titration:
            planned = sum(len(train.offsets_us) for train in trains_of(each.plans[0][1].body))
            whole += each.make_up or len(each.pulses) >= planned
    return whole


def _titration(session: Session) -> Wrong:
    pulses = session.pulses
    if len(pulses) > f.TITRATION_PULSES:
        yield "envelope", "more than a hundred pulses in a titration"
    if pulses[-1].at_us - (session.opened_us or 0) > f.HOUR_US:
        yield "envelope", "a titration of more than an hour"
    for index in range(1, len(pulses)):
        if pulses[index].at_us - pulses[index - 1].at_us < f.TITRATION_GAP_US:
            yield "spacing", "two pulses of a titration within four seconds"
    asked = [percent for percent in session.titrated if percent >= 0]
    if [pulse.percent_mso for pulse in pulses] != asked[: len(pulses)]:
        yield "envelope", "a titration fired another output than was asked for"
