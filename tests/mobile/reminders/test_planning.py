"""Which reminders ring, and when: on any day, in any zone, over flights and changes of clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobile.reminders import Facts, Kind, Reminder, ReminderSettings, plan
from mobile.reminders.local_time import instant_of, local, minute_of
from mobile.reminders.planning import AHEAD
from mobile.reminders.words import nothing_clinical, reminder_words
from shared.wire import fields
from tests.mobile.reminders.test_local_time import ANY_MINUTE, ANY_ZONE, INSTANTS
from tests.mobile.reminders.worlds import DAY_MS, HOUR_MS, at, wall

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SETTINGS = ReminderSettings()
NEVER_QUIET = ReminderSettings(quiet_from_minute=0, quiet_to_minute=0)
NOON = at("2026-06-01 12:00")

OFFSETS = st.integers(-40 * DAY_MS, 40 * DAY_MS).map(lambda ms: ms // 1000 * 1000)
ANY_SETTINGS = st.builds(
    ReminderSettings,
    session=st.booleans(),
    checkin=st.booleans(),
    questions=st.booleans(),
    clearance=st.booleans(),
    charge=st.booleans(),
    at_minute=ANY_MINUTE,
    quiet_from_minute=ANY_MINUTE,
    quiet_to_minute=ANY_MINUTE,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Facts, ReminderSettings, int, ZoneInfo]:
    """Any facts around any instant in any zone."""
    now_ms = draw(INSTANTS)
    instants = st.none() | OFFSETS.map(lambda offset: now_ms + offset)
    facts = Facts(
        session_opens_ms=draw(instants),
        session_ends_ms=draw(instants),
        checkin_due_ms=draw(instants),
        questions_again_ms=draw(instants),
        clearance_ends_ms=draw(instants),
        battery_percent=draw(st.none() | st.integers(0, 100)),
    )
    return facts, draw(ANY_SETTINGS), now_ms, draw(ANY_ZONE)


def times(facts: Facts, now: str, settings: ReminderSettings = SETTINGS) -> list[str]:
    """What the clock shows at each reminder."""
    return [wall(each.at_ms) for each in plan(facts, settings, now_ms=at(now), zone=BERLIN)]


# Any case


@given(cases())
def test_reminders_lie_ahead_in_order_and_never_in_quiet_hours(
    case: tuple[Facts, ReminderSettings, int, ZoneInfo],
) -> None:
    facts, settings, now_ms, zone = case
    planned = plan(facts, settings, now_ms=now_ms, zone=zone)
    instants = [each.at_ms for each in planned]
    assert instants == sorted(set(instants))
    assert all(each > now_ms for each in instants)
    assert not any(settings.quiet.cover(each, zone) for each in instants)
    kinds = [kind for each in planned for kind in each.kinds]
    assert all(getattr(settings, kind) for kind in kinds)
    assert all(kinds.count(kind) <= AHEAD for kind in Kind)


@given(cases())
def test_nothing_is_reminded_of_before_it_is_due_or_after_it_has_ended(
    case: tuple[Facts, ReminderSettings, int, ZoneInfo],
) -> None:
    facts, settings, now_ms, zone = case
    dues = {
        Kind.SESSION: facts.session_opens_ms,
        Kind.CHECKIN: facts.checkin_due_ms,
        Kind.QUESTIONS: facts.questions_again_ms,
    }
    ends = {Kind.SESSION: facts.session_ends_ms, Kind.CLEARANCE: facts.clearance_ends_ms}
    for each in plan(facts, settings, now_ms=now_ms, zone=zone):
        for kind in each.kinds:
            due_ms, ends_ms = dues.get(kind), ends.get(kind)
            assert due_ms is None or each.at_ms >= due_ms
            assert ends_ms is None or each.at_ms < ends_ms


@given(cases(), st.floats(0, 1, exclude_max=True))
def test_planning_again_before_it_rings_plans_the_same(
    case: tuple[Facts, ReminderSettings, int, ZoneInfo], share: float
) -> None:
    facts, settings, now_ms, zone = case
    planned = plan(facts, settings, now_ms=now_ms, zone=zone)
    until_ms = planned[0].at_ms if planned else now_ms + 400 * DAY_MS
    later_ms = now_ms + int((until_ms - now_ms) * share)
    assert plan(facts, settings, now_ms=later_ms, zone=zone) == planned


@given(cases())
def test_a_floating_one_is_at_the_persons_hour_or_at_the_end_of_quiet(
    case: tuple[Facts, ReminderSettings, int, ZoneInfo],
) -> None:
    facts, settings, now_ms, zone = case
    for each in plan(facts, settings, now_ms=now_ms, zone=zone):
        if each.floating:
            day = local(each.at_ms, zone).date()
            wanted = {
                settings.quiet.after(instant_of(day - timedelta(days=back), minute, zone), zone)
                for minute in (settings.at_minute, settings.quiet_to_minute)
                for back in (0, 1, 2)
            }
            ends_quiet = settings.quiet.cover(each.at_ms - 1000, zone)
            assert each.at_ms in wanted or ends_quiet


# The person's days


def test_an_open_session_is_reminded_of_at_the_persons_hour() -> None:
    facts = Facts(session_opens_ms=at("2026-06-01 15:31"))
    assert times(facts, "2026-06-01 12:00") == [
        "2026-06-01 18:00",
        "2026-06-02 18:00",
        "2026-06-03 18:00",
    ]


def test_one_that_opens_after_the_hour_is_reminded_of_as_it_opens() -> None:
    facts = Facts(session_opens_ms=at("2026-06-01 19:20"))
    first, *rest = plan(facts, SETTINGS, now_ms=NOON, zone=BERLIN)
    assert (wall(first.at_ms), first.floating) == ("2026-06-01 19:20", False)
    assert all(each.floating for each in rest)


def test_one_that_opens_at_night_waits_for_the_morning() -> None:
    facts = Facts(session_opens_ms=at("2026-06-01 23:50"))
    assert times(facts, "2026-06-01 12:00")[0] == "2026-06-02 08:00"


def test_nobody_is_nagged_three_days_and_then_once_a_week() -> None:
    facts = Facts(checkin_due_ms=at("2026-06-01 10:00"))
    assert times(facts, "2026-06-03 19:00") == [
        "2026-06-10 18:00",
        "2026-06-17 18:00",
        "2026-06-24 18:00",
    ]


def test_no_session_is_reminded_of_once_the_clinics_word_has_run_out() -> None:
    facts = Facts(session_opens_ms=at("2026-06-01 15:00"), session_ends_ms=at("2026-06-02 12:00"))
    assert times(facts, "2026-06-01 12:00") == ["2026-06-01 18:00"]


def test_postponed_questions_are_reminded_of_once_and_not_at_night() -> None:
    facts = Facts(questions_again_ms=at("2026-06-02 03:00"))
    assert times(facts, "2026-06-01 12:00") == ["2026-06-02 08:00"]
    assert times(facts, "2026-06-02 09:00") == []


def test_the_clinics_word_is_asked_for_days_before_it_runs_out() -> None:
    facts = Facts(clearance_ends_ms=at("2026-06-08 09:00"))
    assert times(facts, "2026-06-01 12:00") == ["2026-06-05 18:00", "2026-06-07 18:00"]
    assert times(facts, "2026-06-07 20:00") == []


@pytest.mark.parametrize(("percent", "reminded"), [(39, ["2026-06-01 18:00"]), (40, []), (100, [])])
def test_a_low_band_is_charged_the_evening_before(percent: int, reminded: list[str]) -> None:
    assert times(Facts(battery_percent=percent), "2026-06-01 12:00") == reminded


def test_things_due_at_one_hour_ring_once() -> None:
    facts = Facts(session_opens_ms=at("2026-06-01 15:00"), checkin_due_ms=at("2026-06-01 09:00"))
    first = plan(facts, SETTINGS, now_ms=NOON, zone=BERLIN)[0]
    assert first == Reminder(at("2026-06-01 18:00"), (Kind.SESSION, Kind.CHECKIN), floating=True)


# Clocks and journeys


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2028-02-29", "2026-12-31"])
def test_the_hour_stays_the_hour_when_the_clocks_change(day: str) -> None:
    facts = Facts(checkin_due_ms=at(f"{day} 00:00"))
    assert times(facts, f"{day} 00:00")[0] == f"{day} 18:00"


def test_days_of_23_and_25_hours_move_the_instant_not_the_hour() -> None:
    for before, hours in (("2026-03-28", 23), ("2026-10-24", 25)):
        facts = Facts(checkin_due_ms=at(f"{before} 09:00"))
        first, second, _ = plan(facts, SETTINGS, now_ms=at(f"{before} 09:00"), zone=BERLIN)
        assert second.at_ms - first.at_ms == hours * HOUR_MS


def test_an_hour_that_the_clocks_leave_out_rings_as_they_go_on() -> None:
    facts = Facts(checkin_due_ms=at("2026-03-29 00:30"))
    settings = replace(NEVER_QUIET, at_minute=2 * 60 + 30)
    assert times(facts, "2026-03-29 00:30", settings)[0] == "2026-03-29 03:00"


def test_midnight_as_the_persons_hour_rings_on_the_right_day() -> None:
    facts = Facts(checkin_due_ms=at("2026-06-01 12:00"))
    settings = replace(NEVER_QUIET, at_minute=0)
    assert times(facts, "2026-06-01 13:00", settings)[0] == "2026-06-02 00:00"


@pytest.mark.parametrize(("home", "abroad"), [(BERLIN, NEW_YORK), (NEW_YORK, BERLIN)])
def test_after_a_flight_it_rings_at_the_same_hour_there(home: ZoneInfo, abroad: ZoneInfo) -> None:
    facts = Facts(checkin_due_ms=at("2026-06-01 06:00", "Etc/UTC"))
    now_ms = at("2026-06-02 03:00", "Etc/UTC")
    for zone in (home, abroad):
        first = plan(facts, SETTINGS, now_ms=now_ms, zone=zone)[0]
        assert minute_of(first.at_ms, zone) == 18 * 60


def test_a_session_opens_at_its_instant_wherever_the_person_is() -> None:
    opens_ms = at("2026-06-01 19:20")
    facts = Facts(session_opens_ms=opens_ms)
    assert plan(facts, SETTINGS, now_ms=NOON, zone=BERLIN)[0].at_ms == opens_ms
    # In New York it's 13:20 then: the person's hour comes later that day.
    there = plan(facts, SETTINGS, now_ms=NOON, zone=NEW_YORK)[0]
    assert wall(there.at_ms, "America/New_York") == "2026-06-01 18:00"


def test_a_zone_that_changes_while_asleep_moves_quiet_hours_along() -> None:
    facts = Facts(questions_again_ms=at("2026-06-01 20:00"))
    here = plan(facts, SETTINGS, now_ms=NOON, zone=BERLIN)[0]
    tokyo = ZoneInfo("Asia/Tokyo")
    there = plan(facts, SETTINGS, now_ms=NOON, zone=tokyo)[0]
    assert wall(here.at_ms) == "2026-06-01 20:00"
    assert wall(there.at_ms, "Asia/Tokyo") == "2026-06-02 08:00"


# Words and settings


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_clinical_is_said_unless_it_was_allowed(kind: Kind) -> None:
    silent = reminder_words((kind,), says_what=False)
    assert silent == nothing_clinical()
    assert (silent.title, silent.body) == ("Circlet", "Something is due today.")
    assert reminder_words((kind,), says_what=True).body != silent.body


def test_allowed_words_name_everything_that_is_due() -> None:
    words = reminder_words((Kind.SESSION, Kind.CHARGE), says_what=True)
    assert words.body == (
        "Your session is open. Take your time. The band needs charging before the next session."
    )


@given(ANY_SETTINGS)
def test_settings_are_kept_whole(settings: ReminderSettings) -> None:
    assert fields.unpack(ReminderSettings, fields.pack(settings)) == settings
