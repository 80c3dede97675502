"""Bands come in by their maker's word, go out of use for good, and their records stay."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.bands.delivery import read_delivery, take_in
from cloud.bands.retiring import retire, retire_by_hand
from cloud.clinics.service import clinic_of
from cloud.errors import Refused
from cloud.patients.models import Device
from cloud.patients.service import device_of, free_devices
from cloud.people.authority import Role
from cloud.root_tool.cli import main as root_tool
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Transfer
from shared.wire import fields
from shared.wire.delivery import Delivery
from tests.cloud.authority.people import visitor
from tests.cloud.phone import Phone
from tests.cloud.worlds import START_MS, Band, World, device_files, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=2)
    yield made
    made.database.close()


@pytest.fixture
def demo(tmp_path: Path) -> tuple[Path, Delivery]:
    """A demonstration by the root's tool, and another band's delivery by its maker."""
    home, band = tmp_path / "demo", tmp_path / "band"
    when = ["--now-ms", str(START_MS)]
    assert root_tool(["demo", "--out", str(home), *when]) == 0
    assert root_tool(["demo-band", "--home", str(home), "--out", str(band), *when]) == 0
    return home, read_delivery((band / "band.delivery").read_bytes())


def of_another_maker(world: World) -> Delivery:
    transfer = Transfer(b"demo", world.identity.root.public_key.data, bytes(33), 1, demo=True)
    key = SoftwareKey.generate()
    files = device_files(SoftwareKey.generate(), transfer, b"n" * 16, key, "CB-0009")
    return Delivery(files.device_id, files.name, files.certificate, files.transfer)


def delivered(world: World, number: int) -> Delivery:
    """Return what the maker delivered with one of the clinic's own bands."""
    with world.database.read("demo") as session:
        device = session.get_one(Device, ("demo", list(world.identity.devices)[number]))
        return Delivery(device.device_id, device.serial, device.certificate, device.transfer)


def taken(world: World, delivery: Delivery) -> bytes:
    with world.database.write("demo") as session:
        clinic = clinic_of(session, "demo")
        return take_in(session, clinic, delivery, now_ms=world.clock.now_ms).device_id


def read(pages: TestClient, cookie: str, path: str = "/clinic/devices") -> str:
    answer = pages.get(path, headers={"Cookie": f"circlet={cookie}"})
    assert answer.status_code == 200
    return answer.text


def test_the_makers_file_says_whose_band_it_is(demo: tuple[Path, Delivery]) -> None:
    _, delivery = demo
    assert delivery.serial == f"Circlet demo {delivery.device_id[:2].hex().upper()}"
    assert read_delivery(fields.pack(delivery)) == delivery
    with pytest.raises(Refused, match="no band's delivery"):
        read_delivery(b"x")


def test_a_band_of_another_maker_or_clinic_is_refused(
    world: World, demo: tuple[Path, Delivery]
) -> None:
    for delivery in (of_another_maker(world), demo[1]):
        with pytest.raises(Refused, match="did not sign"):
            taken(world, delivery)


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    delivery = delivered(world, 1)
    assert taken(world, delivery) == delivery.device_id


def test_a_retired_band_is_never_taken_in_or_given_again_and_its_record_still_is(
    world: World, ingest: TestClient
) -> None:
    patient, code = world.enrol()
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient.patient_id)
        with pytest.raises(Refused, match="A patient has this band"):
            retire_by_hand(session, device, "broken", now_ms=START_MS)
        retire(session, device, "broken", now_ms=START_MS)
        device_id = device.device_id
    with pytest.raises(Refused, match="taken out of use"):
        taken(world, delivered(world, 0))
    with world.database.read("demo") as session:
        assert device_id not in [each.device_id for each in free_devices(session, "demo")]
    band = Band(world.identity, patient.patient_id, device_id=device_id)
    answers = phone.items([*band.record_items(), band.head_item()])
    assert {each["answer"] for each in answers} == {"accepted"}


def test_a_free_band_goes_out_of_use_for_one_of_the_reasons_once(world: World) -> None:
    device_id = list(world.identity.devices)[1]
    with world.database.write("demo") as session:
        device = session.get_one(Device, ("demo", device_id))
        with pytest.raises(Refused, match="one of the reasons"):
            retire_by_hand(session, device, "x", now_ms=START_MS)
        retire_by_hand(session, device, "lost", now_ms=START_MS)
        with pytest.raises(Refused, match="already"):
            retire_by_hand(session, device, "lost", now_ms=START_MS)
        assert device_id not in [each.device_id for each in free_devices(session, "demo")]


def test_the_page_finds_by_serial_and_by_a_name_within_reach(
    world: World, pages: TestClient
) -> None:
    world.enrol()
    who = visitor(world, "A. Example", Role.PRESCRIBER)
    assert "CB-0002" in read(pages, who.cookie, "/clinic/devices?q=0002")
    assert "CB-0001" not in read(pages, who.cookie, "/clinic/devices?q=0002")
    assert "CB-0001" in read(pages, who.cookie, "/clinic/devices?q=maria")
    assert "No band is found" in read(pages, who.cookie, "/clinic/devices?q=nothing")
    assert "Take a band in" not in read(pages, who.cookie)


def test_the_file_has_every_band_and_nobodys_name(world: World, pages: TestClient) -> None:
    world.enrol()
    device_id = list(world.identity.devices)[1]
    with world.database.write("demo") as session:
        device = session.get_one(Device, ("demo", device_id))
        device.serial = "=1+1"
        retire(session, device, "worn", now_ms=START_MS)
    who = visitor(world, "A. Example", Role.ADMINISTRATOR)
    text = read(pages, who.cookie, "/clinic/devices.csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [each["standing"] for each in rows] == ["in use", "out of use"]
    assert [each["why"] for each in rows] == ["", "worn"]
    assert rows[1]["serial"] == "'=1+1"
    assert rows[1]["out_of_use"] == "2026-03-02T09:00:00Z"
    assert "Maria" not in text
