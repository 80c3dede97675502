"""Who placed a hold is said in the same words wherever it is named, in both languages (R21)."""

from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from cloud.adherence.facts import course_facts
from cloud.dashboard.app import create_app
from cloud.dose.models import Closure
from cloud.dose.rebuild import rebuild
from cloud.holds.service import ask, holds_of
from cloud.language import conversation
from cloud.patients.service import device_of, patient_of
from cloud.people.models import Member
from cloud.recall.acting import hold_all, member_named
from cloud.recall.criteria import Criteria, Serials
from cloud.recall.finding import find
from cloud.recall.keeping import begin
from cloud.timeline.marks import Lane
from cloud.timeline.view import timeline
from cloud.times import Times
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import Band, World, somebody

UTC = Times("UTC")
HOLD = b"h" * 16
BY_RECORD = [
    (
        (HoldKind.SAFETY, HoldSource.APP, "seizure"),
        "Placed by the patient, in the app",
        "Vom Patienten in der App gesetzt",
    ),
    (
        (HoldKind.SAFETY, HoldSource.DEVICE, "motion"),
        "Placed by the band itself, by rule R11",
        "Vom Kopfband selbst gesetzt, nach Regel R11",
    ),
    (
        (HoldKind.SAFETY, HoldSource.DEVICE, "screening:implant"),
        "Placed by the band itself, by rule R16",
        "Vom Kopfband selbst gesetzt, nach Regel R16",
    ),
    (
        (HoldKind.SAFETY, HoldSource.DEVICE, "side effect:hearing"),
        "Placed by the band itself, by rule R21",
        "Vom Kopfband selbst gesetzt, nach Regel R21",
    ),
    (
        (HoldKind.REST, HoldSource.CLOUD, "rest"),
        "Placed by the clinic's server, by itself",
        "Vom Server der Klinik selbst gesetzt",
    ),
    (
        (HoldKind.SAFETY, HoldSource.CLOUD, "clinician"),
        "Placed by a clinic, and not asked for here",
        "Von einer Klinik gesetzt und nicht hier angefordert",
    ),
]
LANGUAGES = ("en", "de")


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        sign_in(world, client)
        yield client


def holds_lane(world: World, band: Band) -> Lane:
    now_ms = world.clock.now_ms
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", band.patient_id)
        today = UTC.day(now_ms).toordinal()
        facts = course_facts(session, "demo", band.patient_id, UTC, today=today)
        lanes = timeline(session, patient, facts, UTC, now_ms=now_ms, span="course").lanes
    return next(each for each in lanes if each.id == "holds")


def asked_by(world: World) -> str:
    with world.database.read("demo") as session:
        return session.scalars(
            select(Member.name).where(Member.staff_id == somebody(session))
        ).one()


def paths(band: Band) -> tuple[str, ...]:
    patient = f"/patients/{band.patient_id.hex()}"
    return "/", "/alerts", patient, f"{patient}/see-to", f"{patient}/lift", "/lift"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("placed", "english", "german"), BY_RECORD)
def test_a_hold_that_the_clinic_did_not_ask_for(
    world: World,
    phone: Phone,
    pages: TestClient,
    placed: tuple[HoldKind, HoldSource, str],
    english: str,
    german: str,
    language: str,
) -> None:
    band = treating(world, phone)
    band.write(records.HoldPlacedBody(HOLD, *placed, 0))
    send(phone, band)
    words = {"en": english, "de": german}[language]
    pages.headers["Accept-Language"] = language
    for path in paths(band):
        assert words in unescape(pages.get(path).text), path
    with conversation(language):
        lane = holds_lane(world, band)
    assert lane.rows[0].cells[2] == words
    assert lane.marks[0].label.endswith(f". {words}")


@pytest.mark.parametrize(
    ("why", "english", "german"),
    [
        ("clinician", "Asked for by {name}", "Angefordert von {name}"),
        (
            "replaced",
            "Carried over from the band before, as {name} signed",
            "Vom vorigen Kopfband übernommen, wie von {name} unterschrieben",
        ),
        (
            "recall",
            "Asked for by {name}, for a recall by the maker",
            "Angefordert von {name}, für einen Rückruf des Herstellers",
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hold_that_somebody_at_the_clinic_asked_for(
    world: World,
    phone: Phone,
    pages: TestClient,
    why: str,
    english: str,
    german: str,
    language: str,
) -> None:
    band = treating(world, phone)
    send(phone, band)
    words = {"en": english, "de": german}[language].format(name=asked_by(world))
    pages.headers["Accept-Language"] = language
    body = placed_for(world, band, why)
    with conversation(language):
        (waits,) = holds_lane(world, band).rows
    assert waits.cells[2] == words
    last = band.state.number
    band.write(body)
    send(phone, band, last + 1)
    for path in ("/", *paths(band)[2:]):
        assert words in pages.get(path).text, path
    with conversation(language):
        lane = holds_lane(world, band)
    assert [each.cells[2] for each in lane.rows] == [words] * 2


def placed_for(world: World, band: Band, why: str) -> records.HoldPlacedBody:
    """Ask for a hold; return what the band's record says once it is in force."""
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        device = device_of(session, "demo", band.patient_id)
        if why == "recall":
            criteria = Criteria(Serials(device.serial, device.serial))
            every = find(session, "demo", criteria)
            recall = begin(session, "demo", criteria, now_ms=now_ms)
            by = member_named(session, "demo", asked_by(world))
            assert hold_all(session, recall, every, by, now_ms=now_ms) == 1
            (hold,) = holds_of(session, "demo", band.patient_id)
        else:
            hold = ask(session, device, band.patient_id, why, somebody(session), now_ms=now_ms)
    return records.HoldPlacedBody(
        hold.hold_id, HoldKind.SAFETY, HoldSource.CLOUD, hold.reason, hold.number
    )


def test_what_no_hold_is_names_the_band_and_its_rule(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    band.write(records.GateAnswersBody(bytes(32), GateOutcome.POSTPONE, 86_400, 1))
    band.write(records.FaultBody("stray_pulse"))
    send(phone, band)
    cells = {each.cells[1]: each.cells[2] for each in holds_lane(world, band).rows}
    assert cells == {
        "Postponed by a safety question": "Placed by the band itself, by rule R16",
        "A fault of the band": "Placed by the band itself",
    }


def test_a_closed_day_of_before_says_who_once_it_was_written_anew(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    band.write(records.HoldPlacedBody(HOLD, HoldKind.SAFETY, HoldSource.APP, "seizure", 0))
    send(phone, band)
    with world.database.write("demo") as session:
        session.execute(update(Closure).values(hold_source=None, hold_kind=None, hold_reason=None))
    (row,) = holds_lane(world, band).rows
    assert row.cells[1:3] == ("Hold placed in the app or by the band", "\u2013")
    with world.database.write("demo") as session:
        rebuild(session, "demo", UTC)
    (row,) = holds_lane(world, band).rows
    assert row.cells[1:3] == ("Red flag: seizure", "Placed by the patient, in the app")
