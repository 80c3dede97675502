"""What a phone tells is opened by the worker and reaches a person, the gravest at once."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.facts import Told
from cloud.alerts.rules.opened import of_told
from cloud.alerts.service import acknowledge, open_alerts, weekly_lines
from cloud.care.models import CareItem
from cloud.care.opening import facts_of, open_new
from cloud.checkins import scores
from cloud.checkins.models import Checkin
from cloud.checkins.scores import of_instrument
from cloud.checkins.service import open_new as open_new_checkins
from cloud.dashboard.app import create_app
from cloud.worker.loop import Worker
from shared.care.bodies import (
    CheckinAnswers,
    Consent,
    Graded,
    MessageOut,
    PhoneLost,
    RedFlag,
    ScreeningTold,
    SideEffects,
)
from shared.instruments.forms import FORMS, form
from shared.instruments.items import NOT_ASKED
from shared.trust.keys import SoftwareKey
from tests.cloud.alerts.telling import tell, titles
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import START_MS, World

SESSION = bytes(range(16))
DAY_MS = 86_400_000


@pytest.fixture
def worker(world: World) -> Worker:
    return worker_of(world)


def effects(**grades: int) -> SideEffects:
    noticed = tuple(Graded(name, grade) for name, grade in grades.items())
    return SideEffects(SESSION, 1, noticed, softer=False)


def lowest_answers(instrument: str) -> tuple[int, ...]:
    given: dict[str, int] = {}
    for item in form(instrument).items:
        given[item.id] = min(item.values) if item.is_asked(given) else NOT_ASKED
    return tuple(given.values())


def acknowledge_all(world: World) -> None:
    with world.database.write("demo") as session:
        for alert in open_alerts(session, "demo"):
            acknowledge(session, alert, alert.alert_id, by=bytes(16), now_ms=world.clock.now_ms)


@pytest.mark.parametrize(
    ("item", "found"),
    [
        (RedFlag("seizure"), [("now", "Red flag: seizure")]),
        (RedFlag("hearing", slip=True), [("today", "Red flag taken back: hearing")]),
        (effects(vision=1), [("now", "Red flag: stroke sign")]),
        (effects(hearing=2), [("now", "Red flag: hearing")]),
        (effects(mood_up=2), [("now", "Red flag: mood unusually high")]),
        (effects(hearing=1), []),
        (effects(headache=3), [("today", "Headache, grade 3")]),
        (effects(headache=2, scalp=3), []),
        (effects(unheard_of=1), [("today", "An unknown side effect, grade 1")]),
        (
            ScreeningTold("head_injury", "yes", "hold"),
            [("now", "A safety question holds: a blow to the head (yes)")],
        ),
        (
            ScreeningTold("sleep_some", "yes", "ask"),
            [
                (
                    "today",
                    "A safety question: 4 to 6 hours of sleep, which is unusual (yes)",
                )
            ],
        ),
        (ScreeningTold("fever", "yes", "postpone"), []),
        (
            ScreeningTold("alone_distress", "unsure", "ask"),
            [("now", "Thoughts of ending life today: not sure")],
        ),
        (MessageOut("", call_me=True), [("today", "The patient asks for a call")]),
        (MessageOut("It itches."), [("today", "A message from the patient")]),
        (Consent("answers", given=False), [("today", "Consent taken back: check-ins")]),
        (Consent("answers", given=True), []),
        (PhoneLost(("2026-03-01",)), [("today", "Answers of a lost phone are missing")]),
        (PhoneLost(()), []),
    ],
)
def test_what_is_told_asks_for_this(item: Any, found: list[tuple[str, str]]) -> None:
    findings = of_told(Told("item", START_MS, item))
    assert [(each.cause.urgency, each.cause.title) for each in findings] == found


def test_what_is_told_is_opened_once_kept_and_raised(
    world: World, phone: Phone, worker: Worker
) -> None:
    told = [RedFlag("seizure"), MessageOut("", call_me=True), Consent("answers", given=True)]
    names = [tell(world, phone, item) for item in told]
    assert titles(world) == []
    worker.round()
    worker.round()
    assert titles(world) == [
        ("now", "Red flag: seizure"),
        ("today", "The patient asks for a call"),
    ]
    with world.database.read("demo") as session:
        facts = facts_of(session, "demo", phone.bytes_of("patient_id"))
    assert {fact.item_id: fact.item for fact in facts} == dict(zip(names, told, strict=True))


def test_a_sign_of_one_session_is_one_alert_however_it_was_told(
    world: World, phone: Phone, worker: Worker
) -> None:
    tell(world, phone, RedFlag("hearing", SESSION))
    tell(world, phone, effects(hearing=3))
    worker.round()
    assert titles(world) == [("now", "Red flag: hearing")]
    tell(world, phone, RedFlag("hearing", bytes(16)))
    worker.round()
    assert titles(world) == [("now", "Red flag: hearing")] * 2


def test_every_instrument_is_scored(world: World, phone: Phone, worker: Worker) -> None:
    told = {instrument: lowest_answers(instrument) for instrument in FORMS}
    for instrument, answers in told.items():
        version = form(instrument).version
        tell(world, phone, CheckinAnswers(instrument, version, answers, "en"))
    worker.round()
    for instrument, answers in told.items():
        with world.database.read("demo") as session:
            (kept,) = of_instrument(session, "demo", phone.bytes_of("patient_id"), instrument)
        score = form(instrument).scored(answers)
        assert kept.score == (None if score is None else score.total)
        assert kept.answered_ms == world.clock.now_ms


def test_an_item_that_does_not_open_is_told_and_the_next_one_opens(
    world: World, phone: Phone, worker: Worker
) -> None:
    asked = form("gad-7")
    tell(world, phone, CheckinAnswers("gad-7", asked.version + 1, (0,) * 7, "en"))
    tell(world, phone, MessageOut("", call_me=True))
    worker.round()
    assert sorted(title for _, title in titles(world)) == [
        "The patient asks for a call",
        "What the phone told could not be read",
    ]
    with world.database.read("demo") as session:
        refusals = session.scalars(select(CareItem.refusal).order_by(CareItem.item_id)).all()
    assert sorted(map(str, refusals)) == ["AnswerError", "None"]


def keep_before(world: World, phone: Phone, item_id: str, *, answered_ms: int = 1) -> None:
    """Keep a score under an item's name, so that the item itself can't be kept."""
    with world.database.write("demo") as session:
        scores.keep(
            session,
            "demo",
            phone.bytes_of("patient_id"),
            item_id,
            instrument="phq-9",
            answered_ms=answered_ms,
            score=1,
            self_harm=0,
        )


def test_an_item_that_the_database_refuses_stops_no_red_flag(
    world: World, phone: Phone, worker: Worker
) -> None:
    version = form("gad-7").version
    keep_before(world, phone, tell(world, phone, CheckinAnswers("gad-7", version, (3,) * 7, "en")))
    tell(world, phone, RedFlag("seizure"))
    worker.round()
    assert titles(world) == [
        ("now", "Red flag: seizure"),
        ("today", "What the phone told could not be read"),
    ]


@pytest.mark.filterwarnings("ignore:New instance <Scored:sqlalchemy.exc.SAWarning")
def test_a_check_in_that_the_database_refuses_stops_no_other(
    world: World, phone: Phone, worker: Worker
) -> None:
    keep_before(world, phone, "one")
    check_in(world, phone, "one", (0,) * 9)
    check_in(world, phone, "two", (0,) * 8 + (2,))
    worker.round()
    assert titles(world) == [
        ("now", "Thoughts of self-harm, item 9 = 2"),
        ("today", "A check-in could not be read"),
    ]


def test_what_does_not_open_is_told_now_and_tried_until_the_right_key_is_there(
    world: World, phone: Phone
) -> None:
    tell(world, phone, MessageOut("", call_me=True))
    check_in(world, phone, "one", (0,) * 8 + (2,))
    right, wrong = world.identity.keys["care"], SoftwareKey.generate()

    def opened(key: SoftwareKey, minutes: int) -> int:
        world.clock.now_ms += minutes * 60_000
        now_ms = world.clock.now_ms
        with world.database.write("demo") as session:
            found = open_new(session, "demo", key, now_ms=now_ms)
            return found + open_new_checkins(session, "demo", key, now_ms=now_ms)

    assert opened(wrong, 0) == 2
    locked = [
        ("now", "A check-in could not be opened"),
        ("now", "What the phone told could not be opened"),
    ]
    assert sorted(titles(world)) == locked
    assert [opened(wrong, 59), opened(wrong, 1), opened(right, 59)] == [0, 2, 0]
    assert sorted(titles(world)) == locked
    assert opened(right, 1) == 2
    assert titles(world) == [
        ("now", "Thoughts of self-harm, item 9 = 2"),
        ("today", "The patient asks for a call"),
    ]
    with world.database.read("demo") as session:
        assert session.scalars(select(CareItem.refusal)).all() == [None]
        assert session.scalars(select(Checkin.refusal)).all() == [None]
    assert opened(right, 60) == 0


def test_a_symptom_worse_by_the_sources_points_is_told_and_by_less_is_not(
    world: World, phone: Phone, worker: Worker
) -> None:
    asked = form("gad-7")
    told = []
    for total in (4, 7, 8, 11, 12, 15):
        answers = tuple(min(3, max(0, total - 3 * n)) for n in range(7))
        tell(world, phone, CheckinAnswers("gad-7", asked.version, answers, "en"))
        worker.round()
        told.append([title for _, title in titles(world)])
        acknowledge_all(world)
        world.clock.now_ms += 7 * DAY_MS
    worse = [[], [], ["Score worse by 4"], ["Score worse by 7"]]
    assert told == [*worse, ["Score worse by 8"], ["Score worse by 11"]]


def test_an_answer_of_item_9_lives_as_the_instrument_says(
    world: World, phone: Phone, worker: Worker
) -> None:
    seen: list[list[tuple[str, str]]] = []
    weekly: list[int] = []
    for week, answer in enumerate((1, 1, 2, 2, 0, 1)):
        check_in(world, phone, f"week/{week}", (0,) * 8 + (answer,))
        worker.round()
        seen.append(titles(world))
        with world.database.read("demo") as session:
            lines = weekly_lines(session, "demo", now_ms=world.clock.now_ms)
        weekly.append(len(lines))
        acknowledge_all(world)
        world.clock.now_ms += 7 * DAY_MS
    said = "Thoughts of self-harm, item 9 = "
    assert seen == [
        [("today", f"{said}1")],
        [],
        [("now", f"{said}2")],
        [],
        [],
        [("now", f"{said}1")],
    ]
    assert weekly == [0, 1, 0, 1, 0, 0]


def test_a_graver_answer_before_the_first_was_seen_keeps_both_in_sight(
    world: World, phone: Phone, worker: Worker
) -> None:
    for name, answer in (("one", 2), ("two", 0), ("three", 1)):
        check_in(world, phone, name, (0,) * 8 + (answer,))
        worker.round()
        world.clock.now_ms += DAY_MS
    with world.database.read("demo") as session:
        (alert,) = open_alerts(session, "demo")
    assert (alert.urgency, alert.value) == ("now", 1)
    assert "Thoughts of self-harm, item 9 = 2" in alert.detail


def test_a_phones_clock_ahead_hides_no_later_answer(
    world: World, phone: Phone, worker: Worker
) -> None:
    asked = form("gad-7")
    for ahead_ms, each in ((2**52, 0), (400 * DAY_MS, 0), (0, 2)):
        item = CheckinAnswers("gad-7", asked.version, (each,) * 7, "en")
        tell(world, phone, item, ahead_ms=ahead_ms)
        worker.round()
        world.clock.now_ms += DAY_MS
    assert titles(world) == [("today", "Score worse by 14")]
    with world.database.read("demo") as session:
        kept = of_instrument(session, "demo", phone.bytes_of("patient_id"), "gad-7")
        told = facts_of(session, "demo", phone.bytes_of("patient_id"))
    days = [START_MS + day * DAY_MS for day in range(3)]
    assert [each.answered_ms for each in kept] == [each.at_ms for each in told] == days


def test_a_check_in_from_a_clock_ahead_counts_from_when_it_came(
    world: World, phone: Phone, worker: Worker
) -> None:
    check_in(world, phone, "one", (0,) * 9, ahead_ms=2**52)
    worker.round()
    with world.database.read("demo") as session:
        (kept,) = of_instrument(session, "demo", phone.bytes_of("patient_id"), "phq-9")
    assert kept.answered_ms == world.clock.now_ms


def test_the_pages_open_whatever_time_was_kept(world: World, phone: Phone) -> None:
    keep_before(world, phone, "one", answered_ms=2**52)
    with TestClient(create_app(world.settings, world.clock)) as pages:
        sign_in(world, pages)
        for page in ("/", f"/patients/{phone.bytes_of('patient_id').hex()}"):
            assert pages.get(page).status_code == 200


def test_what_came_first_and_was_said_later_is_not_before(
    world: World, phone: Phone, worker: Worker
) -> None:
    for days_ago, answer in ((0, 1), (2, 0), (1, 1)):
        answers = (0,) * 8 + (answer,)
        check_in(world, phone, f"{days_ago}", answers, ahead_ms=-days_ago * DAY_MS)
        worker.round()
    assert titles(world) == [("now", "Thoughts of self-harm, item 9 = 1")]
