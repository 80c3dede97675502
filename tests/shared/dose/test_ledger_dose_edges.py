"""Sessions, slices, charges: what one record of them changes of a state in which nothing is at its
default, and all that it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.ledger import (
    ClosedSession,
    Course,
    LedgerError,
    LedgerState,
    OpenSession,
)
from shared.dose.totals import Amount
from shared.wire import records
from shared.wire.records import CloseCause, PauseCause, SessionKind
from tests.shared.dose.full_state import (
    CLOCK_MS,
    FULL,
    GIVEN,
    HASH,
    LAST,
    NOW_MS,
    RESERVED,
    after,
    becomes,
    once_more,
    session,
    state,
)

COURSE = FULL.current_course
assert COURSE is not None


CHANGES: list[tuple[str, LedgerState, records.Body, dict[str, Any]]] = [
    (
        "a session opens with what was signed, and uses presence up",
        state(session=None),
        records.SessionOpenedBody(b"n" * 16, b"y" * 32, 1200, 40, HASH),
        {
            "session": OpenSession(b"n" * 16, b"y" * 32, 1200, 40, supervised=True),
            "supervised_until_ms": None,
        },
    ),
    (
        "a make-up is counted from the start, and unattended without presence",
        state(session=None, supervised_until_ms=NOW_MS),
        records.SessionOpenedBody(b"n" * 16, b"y" * 32, 300, 10, HASH, SessionKind.MAKE_UP),
        {
            "session": OpenSession(
                b"n" * 16, b"y" * 32, 300, 10, kind=SessionKind.MAKE_UP, counted=True
            ),
            "supervised_until_ms": None,
        },
    ),
    (
        "a course begins with its first session",
        state(session=None, current_course=Course(b"c" * 16)),
        records.SessionOpenedBody(b"n" * 16, b"y" * 32, 600, 20, HASH),
        {
            "session": OpenSession(b"n" * 16, b"y" * 32, 600, 20, supervised=True),
            "current_course": Course(b"c" * 16, began_wall_ms=CLOCK_MS),
            "supervised_until_ms": None,
        },
    ),
    (
        "a titration begins no course",
        state(session=None, current_course=Course(b"c" * 16)),
        records.SessionOpenedBody(b"n" * 16, b"y" * 32, 100, 100, HASH, SessionKind.TITRATION),
        {
            "session": OpenSession(
                b"n" * 16, b"y" * 32, 100, 100, kind=SessionKind.TITRATION, supervised=True
            ),
            "supervised_until_ms": None,
        },
    ),
    (
        "the first slice charges pulses and the session",
        state(session=session(counted=False, charged_pulses=0, trains_begun=0)),
        RESERVED,
        {
            "counter": 8,
            "windows": GIVEN.charge(NOW_MS, Amount(30, 1)),
            "ceilings": FULL.ceilings.charge(NOW_MS, Amount(30, 1)),
            "last_pulse_ms": NOW_MS,
            "last_session_pulse_ms": NOW_MS,
            "current_course": replace(COURSE, charged=Amount(690, 3)),
            "total_pulses": 9030,
            "session": session(charged_pulses=30, trains_begun=3, reserved=RESERVED),
        },
    ),
    (
        "a later slice charges pulses alone",
        FULL,
        RESERVED,
        {
            "counter": 8,
            "windows": GIVEN.charge(NOW_MS, Amount(30, 0)),
            "ceilings": FULL.ceilings.charge(NOW_MS, Amount(30, 0)),
            "last_pulse_ms": NOW_MS,
            "last_session_pulse_ms": NOW_MS,
            "current_course": replace(COURSE, charged=Amount(690, 2)),
            "total_pulses": 9030,
            "session": session(charged_pulses=90, trains_begun=3, reserved=RESERVED),
        },
    ),
    (
        "a titration's pulse is charged to the device's ceilings only",
        state(session=session(kind=SessionKind.TITRATION, counted=False)),
        replace(RESERVED, pulses=1),
        {
            "counter": 8,
            "ceilings": FULL.ceilings.charge(NOW_MS, Amount(1, 0)),
            "last_pulse_ms": NOW_MS,
            "total_pulses": 9001,
            "session": session(
                kind=SessionKind.TITRATION,
                counted=False,
                charged_pulses=61,
                trains_begun=3,
                reserved=replace(RESERVED, pulses=1),
            ),
        },
    ),
    (
        "a slice gives back what neither was commanded nor measured",
        once_more(after(FULL, RESERVED)),
        records.SliceClosedBody(3, 1, 10, 12, NOW_MS + 500),
        {
            "windows": after(FULL, RESERVED).windows.release(Amount(18, 0), last_ms=NOW_MS + 500),
            "ceilings": after(FULL, RESERVED).ceilings.release(Amount(18, 0), last_ms=NOW_MS + 500),
            "last_pulse_ms": NOW_MS + 500,
            "last_session_pulse_ms": NOW_MS + 500,
            "current_course": replace(COURSE, charged=Amount(672, 2)),
            "total_pulses": 9012,
            "session": session(charged_pulses=72, trains_begun=3),
        },
    ),
    (
        "a titration's slice gives back to the ceilings only",
        state(session=session(kind=SessionKind.TITRATION, reserved=RESERVED)),
        records.SliceClosedBody(3, 1, 12, 10, NOW_MS - 70_000),
        {
            "ceilings": FULL.ceilings.release(Amount(18, 0), last_ms=NOW_MS - 70_000),
            "total_pulses": 8982,
            "session": session(kind=SessionKind.TITRATION, charged_pulses=42),
        },
    ),
    (
        "a pause is remembered when a hand made it",
        FULL,
        records.SessionPausedBody(PauseCause.STOP),
        {"session": session(stopped=True)},
    ),
    (
        "also by the button",
        FULL,
        records.SessionPausedBody(PauseCause.BUTTON),
        {"session": session(stopped=True)},
    ),
    ("any other pause is not", FULL, records.SessionPausedBody(PauseCause.CONTACT), {}),
    (
        "a session that is whole completes the course by one",
        FULL,
        records.SessionClosedBody(b"s" * 16, CloseCause.COMPLETED, True, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                True,
                CloseCause.COMPLETED,
                CLOCK_MS,
                SessionKind.TREATMENT,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
            "sessions_completed": 12,
            "current_course": replace(COURSE, completed=2),
        },
    ),
    (
        "a session that is not is a partial one",
        state(session=session(stopped=True)),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                False,
                CloseCause.HOLD,
                CLOCK_MS,
                SessionKind.TREATMENT,
                20,
                2,
                NOW_MS,
                True,
                None,
            ),
            "sessions_partial": 6,
        },
    ),
    (
        "a make-up that is whole completes the partial one",
        state(session=session(kind=SessionKind.MAKE_UP)),
        records.SessionClosedBody(b"s" * 16, CloseCause.COMPLETED, True, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                True,
                CloseCause.COMPLETED,
                CLOCK_MS,
                SessionKind.MAKE_UP,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
            "sessions_completed": 12,
            "sessions_partial": 4,
            "current_course": replace(COURSE, completed=2),
        },
    ),
    (
        "a make-up that is not is no second partial one",
        state(session=session(kind=SessionKind.MAKE_UP)),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                False,
                CloseCause.HOLD,
                CLOCK_MS,
                SessionKind.MAKE_UP,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
        },
    ),
    (
        "a titration is neither",
        state(session=session(kind=SessionKind.TITRATION)),
        records.SessionClosedBody(b"s" * 16, CloseCause.COMPLETED, True, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                True,
                CloseCause.COMPLETED,
                CLOCK_MS,
                SessionKind.TITRATION,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
        },
    ),
    (
        "a session without a pulse is none",
        state(session=session(charged_pulses=0)),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 0),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                0,
                False,
                CloseCause.HOLD,
                CLOCK_MS,
                SessionKind.TREATMENT,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
            "windows": GIVEN.release(Amount(0, 1)),
            "ceilings": FULL.ceilings.release(Amount(0, 1)),
            "last_session_pulse_ms": FULL.last_pulse_ms,
            "current_course": replace(COURSE, charged=Amount(660, 1)),
        },
    ),
    (
        "one that was not counted gives no session back",
        state(session=session(charged_pulses=0, counted=False)),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 0),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                0,
                False,
                CloseCause.HOLD,
                CLOCK_MS,
                SessionKind.TREATMENT,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
        },
    ),
    (
        "nor does a make-up",
        state(session=session(kind=SessionKind.MAKE_UP, charged_pulses=0)),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 0),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                0,
                False,
                CloseCause.HOLD,
                CLOCK_MS,
                SessionKind.MAKE_UP,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
        },
    ),
    (
        "a slice that nobody closed may have fired for ten seconds more",
        state(session=session(reserved=RESERVED)),
        records.SessionClosedBody(b"s" * 16, CloseCause.REBOOT, False, 60),
        {
            "session": None,
            "last_session": ClosedSession(
                b"s" * 16,
                b"x" * 32,
                600,
                60,
                False,
                CloseCause.REBOOT,
                CLOCK_MS,
                SessionKind.TREATMENT,
                20,
                2,
                NOW_MS,
                False,
                None,
            ),
            "sessions_partial": 6,
            "windows": GIVEN.release(Amount(0, 0), last_ms=NOW_MS - 40_000),
            "ceilings": FULL.ceilings.release(Amount(0, 0), last_ms=NOW_MS - 40_000),
            "last_pulse_ms": NOW_MS - 40_000,
            "last_session_pulse_ms": NOW_MS - 40_000,
        },
    ),
    (
        "answers after a session stand with it",
        state(last_session=replace(LAST, red_flag=None)),
        records.SideEffectAnswersBody(HASH, b"l" * 16, False),
        {"last_session": replace(LAST, red_flag=False)},
    ),
    (
        "a red flag stays",
        state(last_session=replace(LAST, red_flag=True)),
        records.SideEffectAnswersBody(HASH, b"l" * 16, False),
        {},
    ),
    (
        "answers about another session change nothing",
        FULL,
        records.SideEffectAnswersBody(HASH, b"?" * 16, True),
        {},
    ),
    ("a fault has its code", FULL, records.FaultBody("coil"), {"fault": "coil"}),
]


@pytest.mark.parametrize(
    ("before", "body", "told"),
    [pytest.param(before, body, told, id=words) for words, before, body, told in CHANGES],
)
def test_a_record_changes_just_this(
    before: LedgerState, body: records.Body, told: dict[str, Any]
) -> None:
    assert after(before, body) == becomes(before, body, told)


REFUSED: list[tuple[str, LedgerState, records.Body]] = [
    (
        "a session within a session",
        FULL,
        records.SessionOpenedBody(b"n" * 16, b"y" * 32, 600, 20, HASH),
    ),
    ("pulses outside a session", state(session=None), RESERVED),
    ("a slice within a slice", state(session=session(reserved=RESERVED)), RESERVED),
    ("the end of a slice that never began", FULL, records.SliceClosedBody(1, 1, 1, 1, 1)),
    (
        "the end of a slice outside a session",
        state(session=None),
        records.SliceClosedBody(1, 1, 1, 1, 1),
    ),
    (
        "the end of another session",
        FULL,
        records.SessionClosedBody(b"?" * 16, CloseCause.HOLD, False, 0),
    ),
    (
        "the end of no session",
        state(session=None),
        records.SessionClosedBody(b"s" * 16, CloseCause.HOLD, False, 0),
    ),
]


@pytest.mark.parametrize(
    ("before", "body"), [pytest.param(before, body, id=words) for words, before, body in REFUSED]
)
def test_no_record_tells_of(before: LedgerState, body: records.Body) -> None:
    with pytest.raises(LedgerError) as refused:
        after(before, body)
    assert refused.value.number == 41
