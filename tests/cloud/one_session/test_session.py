"""A session's own page: why it went so, from the record alone, and what its log adds."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.ledger.models import DeliveredSession
from cloud.one_session.lanes import drawing
from cloud.one_session.record import SessionRecord, read_session, row_of
from cloud.one_session.story import ENDED, PAUSED, beats, story
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import seal
from shared.wire import fields, records
from shared.wire.items import session_log_context, session_log_id
from shared.wire.record_types import CloseCause, PauseCause
from shared.wire.session_log import LogLine, SessionLogBody
from shared.wire.status import Telemetry
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_pages import actions, sign_in
from tests.cloud.worlds import Band, World

SESSION = bytes([3]) * 16
COOL, WARM = 31, 38


@pytest.fixture
def band(world: World, phone: Phone) -> Band:
    """A session of two trains of twenty: paused for want of a beat, then ended by a warm coil."""
    made = treating(world, phone)
    made.write(records.SessionOpenedBody(SESSION, made.prescription_hash, 600, 20, bytes(32)))
    _train(made, 1)
    made.write(records.SessionPausedBody(PauseCause.BEAT_MISSED))
    made.pass_time(4000)
    made.write(records.SessionResumedBody(2))
    made.write(records.SliceReservedBody(2, 1, 30, 57, made.state.counter))
    made.write(
        records.SessionClosedBody(
            SESSION, CloseCause.OVER_TEMPERATURE, completed=False, charged_pulses=60
        )
    )
    made.write(records.SideEffectAnswersBody(bytes(32), SESSION, red_flag=False))
    return made


def _train(band: Band, train: int) -> None:
    now = band.state.proven_ms
    band.write(records.SliceReservedBody(train, 1, 30, 57, band.state.counter))
    band.write(records.SliceClosedBody(train, 1, 30, 30, now))


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        sign_in(world, client)
        yield client


def only_row(world: World, band: Band) -> DeliveredSession:
    number = next(
        n
        for n, data in enumerate(band.data, start=1)
        if isinstance(records.decode_record(data).body, records.SessionOpenedBody)
    )
    with world.database.read("demo") as session:
        row = row_of(session, "demo", band.patient_id, band.epoch, number)
    assert row is not None
    return row


def read(world: World, band: Band) -> SessionRecord:
    row = only_row(world, band)
    with world.database.read("demo") as session:
        found = read_session(session, row)
    assert found is not None
    return found


def page(pages: TestClient, world: World, band: Band) -> str:
    row = only_row(world, band)
    address = f"/patients/{band.patient_id.hex()}/sessions/{row.epoch.hex()}/{row.opened_number}"
    answer = pages.get(address)
    assert answer.status_code == 200
    return answer.text


def send_log(world: World, phone: Phone, band: Band, key: SoftwareKey | None = None) -> None:
    begun = world.clock.now_ms
    samples = [
        LogLine(begun + 1000 * n, sample=Telemetry(n, COOL + n, 80, n != 3, True, 30))
        for n in range(8)
    ]
    events = [LogLine(begun, event="stimulating"), LogLine(begun + 2000, event="link lost")]
    body = SessionLogBody(1, SESSION, (*events, *samples))
    vault = (key or world.identity.keys["vault-00"]).public_key
    sealed = seal(fields.pack(body), to=vault, context=session_log_context(band.patient_id))
    phone.items([{"id": session_log_id(SESSION), "kind": "session_log", "body": sealed}])


def test_story_is_told_from_the_record_pulse_by_pulse(
    world: World, phone: Phone, band: Band
) -> None:
    send(phone, band)
    found = read(world, band)
    assert story(found) == (
        "60 of 600 pulses were given, in 2 of 20 trains.",
        "After 0 min 03 s it paused for 0 min 05 s: the band no longer heard the phone's beat."
        " Then it went on.",
        "The coil grew too warm, so the band ended it.",
        "540 pulses were not given and are not charged.",
    )
    assert beats(found).startswith("Once the band no longer heard")
    assert [(one.train, one.charged, one.commanded) for one in found.slices] == [
        (1, 30, 30),
        (2, 30, None),
    ]
    assert (found.answered, found.red_flag) == (True, False)
    assert sum(one.charged for one in found.slices) == only_row(world, band).charged_pulses


def test_each_cause_has_its_sentence() -> None:
    assert set(PAUSED) == set(PauseCause)
    assert set(ENDED) == set(CloseCause)


def test_page_says_why_and_that_no_log_came(
    world: World, phone: Phone, band: Band, pages: TestClient
) -> None:
    send(phone, band)
    text = page(pages, world, band)
    assert "Maria Sample, 45" in text
    assert "The coil grew too warm" in text
    assert "No log of this session." in text
    assert actions(world)[0] == "read a patient"


def test_log_adds_temperature_contact_and_what_was_seen_and_is_written_down(
    world: World, phone: Phone, band: Band, pages: TestClient
) -> None:
    send(phone, band)
    send_log(world, phone, band)
    text = page(pages, world, band)
    assert actions(world)[0] == "opened session logs"
    assert "no-log" not in text
    assert f"{WARM} °C" in text
    assert "no contact" in text
    assert "Phone and band lost each other" in text


def test_log_of_another_key_or_session_is_not_shown_and_the_record_stays(
    world: World, phone: Phone, band: Band, pages: TestClient
) -> None:
    send(phone, band)
    send_log(world, phone, band, SoftwareKey.generate())
    text = page(pages, world, band)
    assert "The log of this session does not open." in text
    assert "The coil grew too warm" in text


def test_session_that_still_goes_on_is_not_told_as_ended(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    band.write(records.SessionOpenedBody(SESSION, band.prescription_hash, 600, 20, bytes(32)))
    _train(band, 1)
    send(phone, band)
    found = read(world, band)
    assert found.cause is None
    assert story(found)[-1] == "The record does not hold its end yet."
    assert drawing(found, None).lanes[0].rows[0].cells == ("1", "1", "30", "30", "30", "57")


def test_rest_that_was_made_up_is_named_and_its_page_is_its_own(
    world: World, phone: Phone, pages: TestClient
) -> None:
    band = treating(world, phone)
    band.session(trains=14)
    rest = bytes([4]) * 16
    band.pass_time(3_600_000)
    band.write(
        records.SessionOpenedBody(
            rest, band.prescription_hash, 180, 6, bytes(32), records.SessionKind.MAKE_UP
        )
    )
    for train in range(1, 7):
        _train(band, train)
    band.write(
        records.SessionClosedBody(rest, CloseCause.COMPLETED, completed=True, charged_pulses=180)
    )
    send(phone, band)
    text = page(pages, world, band)
    assert "The rest was made up on" in text
    assert "with 180 pulses" in text
    assert read(world, band).trains == 14


@pytest.mark.parametrize("number", ["9999", "0", "x", "-1", "1" * 40])
def test_session_that_never_was_is_answered_so(
    world: World, phone: Phone, band: Band, pages: TestClient, number: str
) -> None:
    send(phone, band)
    at = f"/patients/{band.patient_id.hex()}/sessions/{band.epoch.hex()}/{number}"
    answer = pages.get(at, headers={"Accept": "text/html"})
    assert answer.status_code == 404
