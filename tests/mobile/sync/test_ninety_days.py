"""Ninety days without uploads, and ninety days without anything: all of it comes once, in order."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from mobile.presenters.lapse import ClearanceFacts
from mobile.presenters.lock import Lock
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import TodayView
from mobile.presenters.words import Now
from shared.dose.ledger import LedgerState
from shared.dose.lock import Case, Times, decide
from shared.dose.reasons import ReasonCode
from tests.mobile.sync.season import DAY_MS, Season, Sky, season
from tests.shared.clinic import itbs

YEAR_MS = 365 * DAY_MS
LIMIT_S = itbs().clearance_limit_s

SHORT = (9, 20, 100)
WHOLE = pytest.param((90, 200, 1_000), marks=[pytest.mark.long, pytest.mark.timeout(900)])


def share(total: int, days: int, day: int) -> int:
    """How much of the total falls on a day, evenly."""
    return total * (day + 1) // days - total * day // days


def assert_all_of_it_came_once_and_in_order(life: Season, sessions: int, answers: int) -> None:
    assert life.store.outbox.waiting() == 0
    assert life.store.outbox.refusals() == ()
    verified, delivered, pulses, checkins = life.at_the_clinic()
    assert verified == life.band.state.number == life.ledger.state.number
    assert (delivered, pulses, checkins) == (sessions, sessions * 30, answers)
    assert len(life.store.checkins.all()) == answers
    first_arrivals = list(dict.fromkeys(life.weather.arrivals))
    assert first_arrivals == life.queued(life.store)


@pytest.mark.parametrize("span", [SHORT, WHOLE])
async def test_while_uploads_and_receipts_fail_everything_waits_and_comes_once(
    tmp_path: Path, span: tuple[int, int, int]
) -> None:
    days, sessions, answers = span
    async with season(tmp_path) as life:
        life.weather.sky = Sky.WORDS_ONLY
        for day in range(days):
            reached = await life.day(
                sessions=share(sessions, days, day), answers=share(answers, days, day)
            )
            assert not reached
            assert await life.renew_clearance(), "clearances come"
            if day % 7 == 3:
                await life.restart()
        assert life.weather.lost_answers > 3
        assert life.store.outbox.waiting() == len(life.queued(life.store)), "no receipt came"

        life.weather.sky = Sky.CLEAR
        assert await life.day(sessions=0, answers=0)

        assert_all_of_it_came_once_and_in_order(life, sessions, answers)


@pytest.mark.parametrize("span", [(14, 14, 30), WHOLE])
async def test_with_nothing_at_all_the_lapse_is_said_days_before_and_no_record_is_lost(
    tmp_path: Path, span: tuple[int, int, int]
) -> None:
    days, sessions, answers = span
    async with season(tmp_path) as life:
        assert await life.renew_clearance()
        life.weather.sky = Sky.NOTHING_GETS_THROUGH
        held, said, lapsed = 0, [], []
        for day in range(days):
            may_treat = not is_lapsed(life.band.state, life.world.clock.now_ms + DAY_MS)
            today = share(sessions, days, day) if may_treat else 0
            assert not await life.day(sessions=today, answers=share(answers, days, day))
            assert not await life.renew_clearance()
            held += today
            view = today_of(life)
            if view.later is not None and "possible until" in view.later.title:
                said.append(day)
            if not may_treat:
                lapsed.append(day)
                assert view.later is not None
                assert view.later.title == "Sessions wait for your clinic"
            if day % 7 == 3:
                await life.restart()
        assert lapsed[0] - said[0] >= 3, "it's explained days before"
        assert said == list(range(said[0], lapsed[0])), "and on each day until then"
        assert held > 0

        life.weather.sky = Sky.CLEAR
        assert await life.renew_clearance()
        assert await life.day(sessions=0, answers=0)
        assert not is_lapsed(life.band.state, life.world.clock.now_ms)

        assert_all_of_it_came_once_and_in_order(life, held, answers)


@pytest.mark.parametrize("wrong_by_ms", [5 * YEAR_MS, -20 * YEAR_MS, 2 * DAY_MS])
async def test_a_phone_with_a_wrong_clock_gets_through_and_keeps_the_order(
    tmp_path: Path, wrong_by_ms: int
) -> None:
    async with season(tmp_path) as life:
        await life.day(sessions=1, answers=2)
        life.clock.wrong_by_ms = wrong_by_ms
        await life.restart()
        assert await life.renew_clearance(), "the first call after a start is signed anew"
        assert await life.day(sessions=1, answers=2)
        life.clock.wrong_by_ms = 0
        await life.restart()
        assert await life.day(sessions=1, answers=2)

        assert_all_of_it_came_once_and_in_order(life, 3, 6)


def is_lapsed(state: LedgerState, now_ms: int) -> bool:
    """Whether the band's lock says at that hour that the clinic's word is too old."""
    case = Case(
        prescription=itbs(),
        device_id=itbs().device_id,
        ledger=state,
        times=Times(state.proven_ms, now_ms),
        condition=None,
    )
    return ReasonCode.CLEARANCE_OLD in {reason.code for reason in decide(case).reasons}


def today_of(life: Season) -> TodayView:
    """The day's screen over what the phone holds."""
    now_ms, clearance = life.world.clock.now_ms, life.ledger.state.clearance
    assert clearance is not None
    return today_view(
        DayFacts(
            now=Now(now_ms, UTC),
            prescription=itbs(),
            sessions_done=0,
            lock=Lock((), by_band=False),
            band=BandFacts(Nearness.CONNECTED),
            record=RecordFacts(life.store.outbox.waiting(), 0, None, False, None),
            last_session_wall_ms=None,
            clearance=ClearanceFacts(clearance.ends(LIMIT_S) * 1000, LIMIT_S * 1000),
        )
    )
