"""Sealed columns: bound to their place, never sealed twice for nothing, readable when detached."""

from collections.abc import Iterator
from datetime import date

import pytest
import structlog
from sqlalchemy import text
from starlette.testclient import TestClient

from cloud.checkins.models import Scored
from cloud.checkins.scores import keep, scored
from cloud.dashboard.app import create_app
from cloud.db import Database
from cloud.errors import SetupError
from cloud.ingest.bodies import encode_bytes
from cloud.patients.models import Patient
from cloud.patients.service import device_of
from cloud.vault.errors import KeyNotHeld
from cloud.vault.fields import ERASED, UNREADABLE
from cloud.vault.opening import open_vault
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import BLOCK_BYTES, Place, Vault
from shared.trust.sealing import seal
from shared.wire.items import session_log_context
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import BIRTH_DATE, World


def stored(world: World, patient: Patient) -> Patient:
    with world.database.read("demo") as session:
        return session.get_one(Patient, ("demo", patient.patient_id))


def test_a_row_has_its_values_and_the_database_their_seals(world: World) -> None:
    patient, _ = world.enrol("Maria Sample")
    found = stored(world, patient)
    assert (found.name, found.birth_date, found.initials) == ("Maria Sample", BIRTH_DATE, "MS")
    assert b"Maria" not in found.sealed_name


@pytest.mark.parametrize("how", ["another row", "another column", "another table"])
def test_a_value_that_was_moved_does_not_open(world: World, how: str) -> None:
    maria, _ = world.enrol("Maria Sample")
    with world.database.write("demo") as session:
        for item_id, score in (("a", 3), ("b", 20)):
            keep(
                session,
                "demo",
                maria.patient_id,
                item_id,
                instrument="phq-9",
                answered_ms=1,
                score=score,
                self_harm=0,
            )
    moves = {
        "another row": "UPDATE scores SET sealed_score ="
        " (SELECT sealed_score FROM scores WHERE item_id = 'b')",
        "another column": "UPDATE scores SET sealed_score = sealed_self_harm",
        "another table": "UPDATE scores SET sealed_score = (SELECT sealed_name FROM patients)",
    }
    with world.database.write("demo") as session:
        session.execute(text(f"{moves[how]} WHERE item_id = 'a'"))
    with world.database.read("demo") as session:
        first = session.get_one(Scored, ("demo", maria.patient_id, "a"))
        assert first.score is None
        assert session.get_one(Scored, ("demo", maria.patient_id, "b")).score == 20


def test_lengths_say_little(world: World) -> None:
    vault = open_vault(world.settings)
    patient, _ = world.enrol()
    place = Place(Owner("demo", patient.patient_id, Purpose.DATA), "t", ("demo",), "c")
    lengths = {len(vault.seal(place, b"x" * n)) for n in range(BLOCK_BYTES)}
    assert len(lengths) == 1
    for plain in (b"", b"\0", b"\x80", b"x" * 31, b"x" * 32, b"\x80\0\0"):
        assert vault.open(place, vault.seal(place, plain)) == plain


def test_what_stays_the_same_is_not_written_again(world: World) -> None:
    patient, _ = world.enrol("Maria Sample")
    before = stored(world, patient).sealed_name
    with world.database.write("demo") as session:
        session.get_one(Patient, ("demo", patient.patient_id)).name = "Maria Sample"
    assert stored(world, patient).sealed_name == before
    with world.database.write("demo") as session:
        session.get_one(Patient, ("demo", patient.patient_id)).name = "Maria Other"
    assert stored(world, patient).sealed_name != before
    assert stored(world, patient).name == "Maria Other"


def test_what_was_rolled_back_is_as_it_was(world: World) -> None:
    patient, _ = world.enrol("Maria Sample")
    with world.database.write("demo") as session:
        found = session.get_one(Patient, ("demo", patient.patient_id))
        undone = session.begin_nested()
        found.birth_date = date(1999, 1, 1)
        session.flush()
        undone.rollback()
        assert found.birth_date == BIRTH_DATE


def test_ingests_keys_open_nothing_of_who_a_patient_is(world: World) -> None:
    patient, _ = world.enrol()
    ingest = Database(world.settings.url, open_vault(world.settings, (Purpose.TRANSIT,)))
    with ingest.read("demo") as session, pytest.raises(KeyNotHeld):
        _ = session.get_one(Patient, ("demo", patient.patient_id)).name
    ingest.close()
    without = Database(world.settings.url)
    with without.read("demo") as session, pytest.raises(SetupError, match="CIRCLET_CLOUD_VAULT"):
        _ = session.get_one(Patient, ("demo", patient.patient_id)).name
    without.close()


def test_a_patient_whose_key_is_lost_stops_no_other(world: World) -> None:
    patient, _ = world.enrol()
    (lost,) = (world.settings.vault_folder / "data").rglob(f"{patient.patient_id.hex()}.wrapped")
    lost.unlink()
    found = stored(world, patient)
    assert (found.name, found.birth_date, found.is_erased) == (UNREADABLE, None, False)
    vault = Vault(open_vault(world.settings).keys)
    vault.erase("demo", patient.patient_id)
    found = stored(world, patient)
    assert (found.name, found.is_erased) == (ERASED, True)
    with world.database.read("demo") as session:
        assert scored(session, "demo", patient.patient_id) == ()


@pytest.mark.parametrize("what", ["key", "name"])
def test_one_damaged_patient_takes_nobody_elses_page_away(
    world: World, pages: TestClient, what: str
) -> None:
    patient, _ = world.enrol("Maria Sample")
    with world.database.write("demo") as session:
        device_of(session, "demo", patient.patient_id).patient_id = None
    world.enrol("Otto Zweiter")
    if what == "key":
        own = f"{patient.patient_id.hex()}.wrapped"
        (path,) = (world.settings.vault_folder / "data").rglob(own)
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    else:
        with world.database.write("demo") as session:
            told = text("UPDATE patients SET sealed_name = :name WHERE patient_id = :id")
            session.execute(told, {"name": b"\1" * 60, "id": patient.patient_id})
    sign_in(world, pages)
    with structlog.testing.capture_logs() as logs:
        page = pages.get("/")
    assert page.status_code == 200
    assert UNREADABLE in page.text
    assert "Otto Zweiter" in page.text
    if what == "name":
        assert "patients.sealed_name" in [line.get("field") for line in logs]


def test_a_lost_key_is_said_without_a_path_and_the_phone_tries_again(
    world: World, phone: Phone, pages: TestClient
) -> None:
    patient_id = phone.bytes_of("patient_id")
    folder = world.settings.vault_folder
    for lost in folder.rglob(f"{patient_id.hex()}.wrapped"):
        lost.rename(lost.with_suffix(".elsewhere"))
    item = {"id": "log", "kind": "session_log", "body": encode_bytes(sealed_log(world, phone))}
    answer = phone.post("/v1/items", {"items": [item]})
    assert (answer.status_code, answer.json()["code"]) == (503, "key_missing")
    sign_in(world, pages)
    page = pages.get(f"/patients/{patient_id.hex()}/hold")
    assert (page.status_code, UNREADABLE in pages.get("/").text) == (503, True)
    for text_ in (answer.text, page.text):
        assert str(folder) not in text_
        assert "key is missing" in text_
    for lost in folder.rglob("*.elsewhere"):
        lost.rename(lost.with_suffix(".wrapped"))
    assert phone.items([{**item, "body": sealed_log(world, phone)}])[0]["answer"] == "accepted"


def sealed_log(world: World, phone: Phone) -> bytes:
    return seal(
        b"log",
        to=world.identity.keys["vault-00"].public_key,
        context=session_log_context(phone.bytes_of("patient_id")),
    )


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client
