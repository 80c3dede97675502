"""A hold is lifted by a signature over the band's own record, and followed until it is over."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from cloud.alerts.service import acknowledge, open_alerts
from cloud.clinics.certificates import add_certificate
from cloud.clinics.service import clinic_of
from cloud.dashboard.app import create_app
from cloud.holds.service import HoldState, holds_of, state_of
from cloud.ingest.bodies import decode_bytes
from cloud.ledger.models import LedgerChain
from shared.trust import staff_words
from shared.trust.certificates import judge
from shared.trust.staff_words import LiftHold
from shared.trust.statements import HoldKind, HoldSource, Purpose, Scope
from shared.wire import fields, records
from shared.wire.items import RelayedWord
from tests.cloud.passkey import SigningPasskey, read_request
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_holds import held
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import Band, World


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def certified(world: World, *scopes: Scope) -> SigningPasskey:
    passkey = SigningPasskey(world.identity, scopes=scopes or (Scope.PRESCRIBE, Scope.LIFT_HOLD))
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        add_certificate(session, clinic_of(session, "demo"), passkey.certificate, now_ms=now_ms)
    return passkey


def statements(page: str) -> list[bytes]:
    """Return what the page hands to the desk."""
    return read_request(page.partition("#request=")[2].partition('"')[0])


def asked(pages: TestClient, phone: Phone, token: str, hold: bytes) -> list[bytes]:
    """Ask for the lift of one hold; return what is to be signed."""
    patient = phone.bytes_of("patient_id").hex()
    form = {"patient_id": patient, "hold": hold.hex(), "form_token": token}
    return statements(pages.post(f"/patients/{patient}/lift", data=form).text)


def state(world: World, phone: Phone) -> HoldState:
    with world.database.read("demo") as session:
        (hold,) = holds_of(session, "demo", phone.bytes_of("patient_id"))
        return state_of(hold)


def fetched(world: World, phone: Phone) -> RelayedWord:
    """Return the word that waits for the phone, as the band's root lets it be read."""
    found = phone.get("/v1/sync?cursor=0").json()["items"]
    (body,) = (decode_bytes(each["body"]) for each in found if each["kind"] == "staff_word")
    phone.get(f"/v1/sync?cursor={found[-1]['cursor']}")
    return fields.unpack(RelayedWord, body)


def lift_on_band(world: World, band: Band, word: RelayedWord) -> None:
    """Do as the band does: judge the word, compare each hash with its record, write the lift."""
    certificate = judge(
        word.word.certificate,
        purpose=Purpose.STAFF,
        clinic_id=b"demo",
        root=world.identity.root.public_key,
        now_s=world.clock.now_ms // 1000,
    )
    lift = staff_words.verify(LiftHold, word.word, certificate)
    standing = {each.hold_id: each.record_hash for each in band.state.holds}
    for line in lift.holds:
        assert standing[line.hold_id] == line.record_hash
        band.write(records.HoldLiftedBody(bytes(32), line.hold_id))


def test_a_hold_is_lifted_by_a_signature_over_the_bands_own_record(
    world: World, pages: TestClient, phone: Phone
) -> None:
    band, hold = held(world, phone)
    passkey, token = certified(world), sign_in(world, pages)
    patient = phone.bytes_of("patient_id").hex()
    page = pages.get(f"/patients/{patient}/lift").text
    assert hold.hex() in page
    assert "no undo" in page
    data = asked(pages, phone, token, hold)
    answer = passkey.answer(data, kind=LiftHold.TYPE)
    for _ in range(2):
        given = pages.post("/desk-return", data={"answer": answer, "form_token": token})
        assert (given.status_code, given.headers["location"]) == (303, f"/patients/{patient}")
    assert state(world, phone) is HoldState.IN_FORCE
    lift_on_band(world, band, fetched(world, phone))
    way = pages.get(f"/patients/{patient}/way").text
    assert "Holds lifted" in way
    assert way.count('class="reached"') >= 2
    send(phone, band)
    assert state(world, phone) is HoldState.ENDED


def test_several_are_lifted_from_one_list(world: World, pages: TestClient, phone: Phone) -> None:
    held(world, phone)
    passkey, token = certified(world), sign_in(world, pages)
    patient = phone.bytes_of("patient_id").hex()
    listed = pages.get("/lift").text
    assert patient in listed
    form = {"whose": patient, "form_token": token}
    data = statements(pages.post("/lift", data=form).text)
    answer = passkey.answer(data, kind=LiftHold.TYPE)
    given = pages.post("/desk-return", data={"answer": answer, "form_token": token})
    assert given.status_code == 303
    assert pages.post("/lift", data={"form_token": token}).status_code == 409


def in_fours(data: bytes) -> str:
    """As the signing desk writes ids (`grouped` of bytes.js)."""
    return " ".join(re.findall("..?.?.?", data.hex()))


def test_the_page_shows_the_ids_that_the_desk_shows(
    world: World, pages: TestClient, phone: Phone
) -> None:
    band, hold = held(world, phone)
    sign_in(world, pages)
    (standing,) = band.state.holds
    for path in ("/lift", f"/patients/{phone.bytes_of('patient_id').hex()}/lift"):
        page = pages.get(path).text
        for each in (hold, standing.record_hash, world.identity.device_id):
            assert in_fours(each) in page


@pytest.mark.parametrize("source", [HoldSource.APP, HoldSource.DEVICE])
def test_a_hold_that_the_band_alone_reports_is_found_until_it_is_over(
    world: World, pages: TestClient, phone: Phone, source: HoldSource
) -> None:
    band, hold = treating(world, phone), bytes([9]) * 16
    patient = phone.bytes_of("patient_id")
    sign_in(world, pages)
    send(phone, band)
    assert patient.hex() not in pages.get("/lift").text
    band.write(records.HoldPlacedBody(hold, HoldKind.REST, source, "rest", 1))
    send(phone, band)
    with world.database.write("demo") as session:
        for alert in open_alerts(session, "demo"):
            acknowledge(session, alert, alert.alert_id, by=bytes(16), now_ms=world.clock.now_ms)
    assert in_fours(hold) in pages.get("/lift").text
    band.write(records.HoldLiftedBody(bytes(32), hold))
    send(phone, band)
    assert patient.hex() not in pages.get("/lift").text


def test_a_record_that_was_never_counted_is_looked_into(
    world: World, pages: TestClient, phone: Phone
) -> None:
    _band, hold = held(world, phone)
    sign_in(world, pages)
    with world.database.write("demo") as session:
        session.execute(update(LedgerChain).values(holds_open=None))
    assert in_fours(hold) in pages.get("/lift").text


def test_who_may_only_prescribe_lifts_nothing(
    world: World, pages: TestClient, phone: Phone
) -> None:
    _, hold = held(world, phone)
    passkey, token = certified(world, Scope.PRESCRIBE), sign_in(world, pages)
    answer = passkey.answer(asked(pages, phone, token, hold), kind=LiftHold.TYPE)
    given = pages.post("/desk-return", data={"answer": answer, "form_token": token})
    assert given.status_code == 409
    assert "Nothing was stored" in given.text
    assert all(
        each["kind"] != "staff_word" for each in phone.get("/v1/sync?cursor=0").json()["items"]
    )


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"patient_id": "00" * 16}, 404),
        ({"hold": "00" * 16}, 409),
        ({"hold": ""}, 409),
    ],
)
def test_a_lift_of_another_patient_or_of_no_hold_is_refused(
    world: World, pages: TestClient, phone: Phone, form: dict[str, str], status: int
) -> None:
    _, hold = held(world, phone)
    patient, token = phone.bytes_of("patient_id").hex(), sign_in(world, pages)
    usual = {"patient_id": patient, "hold": hold.hex(), "form_token": token}
    answer = pages.post(f"/patients/{patient}/lift", data=usual | form)
    assert answer.status_code == status
