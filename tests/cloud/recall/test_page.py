"""The page of recalls: whose bands, NOT IN FORCE until the band says so, told, and over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.patients.models import Patient
from cloud.patients.silence import keep_telephone
from cloud.people.authority import Role
from shared.wire import records
from tests.cloud.authority.people import visitor
from tests.cloud.phone import Phone
from tests.cloud.recall.conftest import Recall
from tests.cloud.worlds import Band, World, make_world

SERIALS = ("--serials", "CB-0001", "CB-0002")
NOBODYS = "No band is recalled."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=3)
    yield made
    made.database.close()


def read(pages: TestClient, cookie: str) -> str:
    answer = pages.get("/clinic/recall", headers={"Cookie": f"circlet={cookie}"})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_recall_stands_on_the_page_until_it_is_over(
    world: World, phone: Phone, pages: TestClient, recall: Recall
) -> None:
    who = visitor(world, "P. Example", Role.PRESCRIBER)
    with world.database.write("demo") as session:
        keep_telephone(
            session.get_one(Patient, ("demo", phone.bytes_of("patient_id"))), "030 23125001"
        )
    recall(*SERIALS)
    assert NOBODYS in read(pages, who.cookie), "looking alone begins none"
    recall(*SERIALS, "--hold-by", "P. Example")
    page = read(pages, who.cookie)
    assert "NOT IN FORCE: 1 band may still treat" in page
    assert "asked, not on the phone yet" in page
    assert "Maria Sample" in page
    assert 'href="tel:03023125001"' in page
    assert "Not told" in page
    assert page.index("CB-0001</strong>") < page.index("CB-0002</strong>")
    assert "Lock it away." in page, "nobody has the second band"
    assert "CB-0003</strong>" not in page
    who_reads_none = visitor(world, "Q. Example", Role.AUDITOR)
    assert "Maria Sample" not in read(pages, who_reads_none.cookie)
    recall(*SERIALS, "--tell", "Please don't treat.", "--author", "Clinic")
    assert "Not told" not in read(pages, who.cookie)
    recall(*SERIALS, "--over")
    assert NOBODYS in read(pages, who.cookie)
    with pytest.raises(SystemExit, match="No recall of these bands goes on"):
        recall(*SERIALS, "--over")


def test_a_band_that_runs_another_firmware_is_done(
    world: World, phone: Phone, pages: TestClient, recall: Recall
) -> None:
    who = visitor(world, "P. Example", Role.PRESCRIBER)
    band = Band(world.identity, phone.bytes_of("patient_id"))
    for version in ("1.0.0", "1.1.0"):
        band.write(
            records.BootBody(
                0, clock_unbroken=True, proven_ms=band.state.proven_ms, firmware=version
            )
        )
        phone.items([*band.record_items(), band.head_item()])
        recall("--firmware", "1.0.0", "--tell", "Wait for the update.", "--author", "Clinic")
    page = read(pages, who.cookie)
    assert "Every band with firmware 1.0.0" in page
    assert "It runs another firmware" in page
    assert "NOT IN FORCE" not in page
