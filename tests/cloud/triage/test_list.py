"""The list: everybody stands in one place, the counts add up, and nobody is out of a click."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.alerts.service import About, acknowledge, open_alerts
from cloud.dashboard.app import create_app
from cloud.holds.service import ask
from cloud.ledger.models import DeliveredSession
from cloud.patients.record import gather
from cloud.patients.service import all_patients, device_of
from cloud.patients.triage import why
from cloud.proof.kinds import Kind
from cloud.proof.service import Foreign, Seen, find
from cloud.times import Times
from cloud.triage.choosing import PAGE
from cloud.triage.standing import known_patients, stand, waiting
from shared.wire.records import SessionKind
from tests.cloud.response.clinic import with_cohort
from tests.cloud.triage.wards import HOUR_MS, patients_of, person_of, raised
from tests.cloud.worlds import World, somebody

LINK = re.compile(r'href="(/[^"]*)"[^>]*data-place="([\w-]+)"[^>]*>[^<]*<b>(\d+)</b>')
FLAG = Cause("red-flag/1", NOW, "Red flag: vision", 1)


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        client.cookies.set("circlet", person_of(world)[1])
        yield client


def names_on(text: str) -> list[str]:
    return re.findall(r'data-who="(Patient \d+),', text)


def test_counts_add_up_and_each_is_as_many_rows_behind_one_click(
    world: World, pages: TestClient
) -> None:
    ids = patients_of(world, 7)
    raised(world, ids[0], FLAG)
    raised(world, ids[1])
    places = {place: (href, int(count)) for href, place, count in LINK.findall(pages.get("/").text)}
    assert places.pop("all")[1] == 7 == sum(count for _href, count in places.values())
    assert {place: count for place, (_href, count) in places.items() if count} == {
        "now": 1,
        "today": 1,
        "setup": 5,
    }
    for href, count in places.values():
        assert len(names_on(pages.get(href).text)) == count
    everybody = names_on(pages.get("/?show=all").text)
    assert sorted(everybody) == sorted(f"Patient {number}" for number in range(7))


def test_the_most_urgent_comes_first_and_of_those_who_waits_longest(
    world: World, pages: TestClient
) -> None:
    ids = patients_of(world, 4)
    raised(world, ids[3])
    world.clock.now_ms += HOUR_MS
    raised(world, ids[2])
    raised(world, ids[1], FLAG)
    raised(world, ids[3], Cause("message/1", TODAY, "A message from the patient", 1))
    text = pages.get("/").text
    assert names_on(text) == ["Patient 1", "Patient 3", "Patient 2", "Patient 0"]
    row = text.partition('data-who="Patient 3,')[2].partition("</tr>")[0]
    assert re.findall(r"<strong>([^<]+)</strong> <span class=\"soft\">([^.]+)\.", row) == [
        ("Nothing heard for 3 days", "1 h ago"),
        ("A message from the patient", "Just now"),
        ("No prescription yet", "1 day ago"),
    ]


def with_a_gap_that_was_seen_to(world: World) -> None:
    """The alert is closed, the flaw of the record stands."""
    patient, _code = world.enrol()
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient.patient_id)
        about = Foreign(device, patient.patient_id)
        find(session, about, Seen(Kind.GAP, 2, 3, "Why."), now_ms=world.clock.now_ms)
        (alert,) = open_alerts(session, "demo")
        acknowledge(session, about, alert.alert_id, by=bytes(16), now_ms=world.clock.now_ms)
        ask(session, device, patient.patient_id, "clinician", somebody(session), now_ms=0)


def test_where_everybody_stands_is_what_their_reasons_say(world: World) -> None:
    with_a_gap_that_was_seen_to(world)
    ids = patients_of(world, 4)
    raised(world, ids[0], FLAG)
    raised(world, ids[1])
    with world.database.read("demo") as session:
        known = known_patients(session, "demo")
        now_ms = world.clock.now_ms
        waits = waiting(session, "demo", now_ms=now_ms)
        standing = {each.patient_id: each.place for each in stand(session, "demo", known, waits)}
        said = {
            each.patient_id: why(gather(session, each), Times("UTC"), now_ms=now_ms).urgency
            for each in all_patients(session, "demo")
        }
    assert standing == said
    assert sorted(said.values()) == ["now", "setup", "setup", "today", "today"]


def test_a_search_finds_by_any_part_of_a_name_wherever_they_stand(
    world: World, pages: TestClient
) -> None:
    patients_of(world, 12)
    assert names_on(pages.get("/?search=ient+11").text) == ["Patient 11"]
    answer = pages.get("/?search=<script>").text
    assert "<script>" not in answer
    assert "Show all 12" in answer


def test_a_long_list_is_turned_page_by_page_and_leaves_nobody_out(
    world: World, pages: TestClient
) -> None:
    patients_of(world, 2 * PAGE)
    first, second = (pages.get(f"/?show=all&page={page}").text for page in (1, 2))
    assert f"Page 2 of 2, {2 * PAGE} patients" in second
    assert len({*names_on(first), *names_on(second)}) == 2 * PAGE


def test_since_you_were_last_here_says_what_came_and_who_handled_it(
    world: World, pages: TestClient
) -> None:
    ids = patients_of(world, 3)
    assert "for the first time" in pages.get("/").text
    world.clock.now_ms += 50 * 60_000
    colleague, _cookie = person_of(world, "B. Colleague")
    alerts = [raised(world, each) for each in ids]
    with world.database.write("demo") as session:
        for patient, alert in list(zip(ids, alerts, strict=True))[:2]:
            acknowledge(
                session,
                About("demo", patient),
                alert,
                by=colleague.staff_id,
                now_ms=world.clock.now_ms,
            )
    line = "today 09:00, 3 came: 2 handled by B. Colleague, 1 is open."
    # A refresh is no visit: a page left open hides nothing.
    assert "for the first time" in pages.get("/patients/live").text
    assert line in pages.get("/").text
    world.clock.now_ms += 20 * 60_000
    assert line in pages.get("/").text
    world.clock.now_ms += 40 * 60_000
    assert "today 10:10, nothing came." in pages.get("/").text


def test_a_patients_line_counts_the_sessions_of_this_course_alone(
    world: World, pages: TestClient
) -> None:
    (patient_id,) = with_cohort(world, 1)
    assert "session 30 of 30" in pages.get("/?show=all").text
    with world.database.write("demo") as session:
        own = DeliveredSession.patient_id == patient_id
        found = session.scalars(select(DeliveredSession).where(own)).all()
        for each in found[:3]:
            each.course_id = bytes(16)
        found[3].kind = int(SessionKind.MAKE_UP)
        found[4].charged_pulses = 0
    assert "session 25 of 30" in pages.get("/?show=all").text


def test_an_empty_place_says_where_else_somebody_may_stand(world: World, pages: TestClient) -> None:
    patient, _code = world.enrol()
    held = patient.patient_id
    raised(world, held, FLAG)
    with world.database.write("demo") as session:
        device = device_of(session, "demo", held)
        ask(session, device, held, "clinician", somebody(session), now_ms=world.clock.now_ms)
    text = pages.get("/?show=held").text
    assert "Nobody stands here." in text
    assert "stands under the alert" in text
