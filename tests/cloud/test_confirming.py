"""A rest is kept until somebody lifts it: asked for on its page, signed by the hold key, told by
the band's own record."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.ingest.bodies import decode_bytes
from shared.trust import sign1
from shared.trust.statements import ConfirmHold, HoldKind, HoldSource
from shared.wire import fields, records
from shared.wire.items import SignedConfirmation
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_pages import sign_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

REST = b"r" * 16


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def held(phone: Phone, band: Band, kind: HoldKind) -> None:
    """Let the app place a hold, and the record come."""
    last = band.state.number
    band.write(records.HoldPlacedBody(REST, kind, HoldSource.APP, "rest", 0))
    send(phone, band, last + 1)


def waits(phone: Phone) -> list[bytes]:
    """The confirmations that wait for the phone."""
    found = phone.get("/v1/sync?cursor=0").json()["items"]
    return [decode_bytes(each["body"]) for each in found if each["kind"] == "hold_confirmation"]


def test_a_rest_is_kept_by_the_hold_key_and_told_by_the_bands_record(
    world: World, pages: TestClient, phone: Phone
) -> None:
    band, token = treating(world, phone), sign_in(world, pages)
    send(phone, band)
    held(phone, band, HoldKind.REST)
    patient = phone.bytes_of("patient_id").hex()
    path = f"/patients/{patient}/holds/{REST.hex()}/confirm"
    for place in (f"/patients/{patient}", f"/patients/{patient}/lift"):
        assert path in pages.get(place).text
    assert "72 hours after" in pages.get(path).text
    form = {"patient_id": patient, "form_token": token}
    for _ in range(2):
        assert pages.post(path, data=form).status_code == 303
        worker_of(world).round()
    (body,) = waits(phone)
    confirmed = fields.unpack(SignedConfirmation, body)
    said = sign1.verify(
        ConfirmHold,
        confirmed.statement,
        audience=band.device_id,
        key=world.identity.keys["hold"].public_key,
    )
    assert said.hold_id == REST
    way = pages.get(f"/patients/{patient}/way").text
    assert "Until the band has it the rest can still end by itself" in way
    last = band.state.number
    band.write(records.HoldConfirmedBody(REST, sign1.name_of(confirmed.statement)))
    send(phone, band, last + 1)
    way = pages.get(f"/patients/{patient}/way").text
    assert f"record {last + 1} of the band" in way
    assert "can still end by itself" not in way
    assert path not in pages.get(f"/patients/{patient}").text


def test_what_is_no_rest_or_stands_no_more_is_not_kept(
    world: World, pages: TestClient, phone: Phone
) -> None:
    band, token = treating(world, phone), sign_in(world, pages)
    send(phone, band)
    patient = phone.bytes_of("patient_id").hex()
    path = f"/patients/{patient}/holds/{REST.hex()}/confirm"
    form = {"patient_id": patient, "form_token": token}
    assert "stand any more" in pages.get(path).text
    assert pages.post(path, data=form).status_code == 409
    held(phone, band, HoldKind.SAFETY)
    assert "nothing to keep" in pages.get(path).text
    assert pages.post(path, data=form).status_code == 409
    assert pages.post(path, data=form | {"patient_id": "00" * 16}).status_code == 404
    worker_of(world).round()
    assert waits(phone) == []
