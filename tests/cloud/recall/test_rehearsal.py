"""A recall rehearsed on a fleet of real firmware cores: find, hold, tell, replace, by what each
band does itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.holds.service import sign_asked
from cloud.ingest.bodies import decode_bytes
from cloud.patients.service import new_code
from cloud.people.authority import Role
from shared.care.from_clinic import ClinicMessage
from shared.dose.reasons import ReasonCode
from shared.trust.staff_words import HandOver
from shared.wire import fields
from shared.wire.items import DownKind
from shared.wire.operations import StatusCode
from tests.cloud.authority.people import visitor
from tests.cloud.bands.real_band import RealBand
from tests.cloud.bands.test_real_bands import ITBS, MEASURED, Clinician
from tests.cloud.passkey import SigningPasskey
from tests.cloud.phone import Phone
from tests.cloud.recall.conftest import Recall
from tests.cloud.test_prescriptions import certified
from tests.cloud.worlds import World, make_world

SERIALS = ("--serials", "CB-0001", "CB-0002")
WORDS = "Please don't treat. We bring you another band."
FLEET = 3


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=FLEET + 1, vaults=FLEET)
    yield made
    made.database.close()


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


@dataclass(frozen=True)
class Place:
    """Where the fleet is: a clinic's processes, and the passkey that signs there."""

    folder: Path
    world: World
    pages: TestClient
    ingest: TestClient
    passkey: SigningPasskey


class Treated:
    """Somebody with a band of the fleet, a plan in force on it, and a phone."""

    def __init__(self, place: Place, device_id: bytes) -> None:
        self._place = place
        patient, code = place.world.enrol(f"Patient {device_id.hex()[:4]}", device_id=device_id)
        self.patient_id = patient.patient_id
        self.clinician = Clinician(place.world, place.pages, self.patient_id, place.passkey)
        self.clinician.sign(self.clinician.send("prescriptions", serial="1", **ITBS))
        self.band = self._met(device_id, code)
        assert self.band.install().status is StatusCode.OK
        self.band.clear()
        self.band.send()

    def get_another(self, device_id: bytes) -> RealBand:
        """Go over to another band by the old one's last word; return the new one."""
        self.band.send()
        self.clinician.sign(self.clinician.send("let-go"), HandOver.TYPE)
        self.band.retire()
        form = MEASURED | {"device_id": device_id.hex(), "serial": "2"}
        shown = self.clinician.send("another-band", **form)
        seen = shown.partition('name="seen" value="')[2].partition('"')[0]
        self.clinician.sign(self.clinician.send("another-band", **form, seen=seen))
        world = self._place.world
        with world.database.write("demo") as session:
            code = new_code(session, "demo", self.patient_id, now_ms=world.clock.now_ms)
        self.band.close()
        self.band = self._met(device_id, code)
        return self.band

    def messages(self) -> list[str]:
        """What the clinic said to this phone."""
        waiting = self.band.phone.get("/v1/sync?cursor=0").json()["items"]
        return [
            fields.unpack(ClinicMessage, decode_bytes(each["body"])).text
            for each in waiting
            if each["kind"] == DownKind.MESSAGE
        ]

    def _met(self, device_id: bytes, code: str) -> RealBand:
        place = self._place
        phone = Phone(place.world, place.ingest)
        assert phone.enrol(code).status_code == 200
        band = RealBand(place.folder / device_id.hex(), place.world, device_id, phone)
        band.set_up()
        return band


@pytest.mark.long
def test_a_recall_is_found_held_told_and_replaced_on_a_fleet(
    world: World, pages: TestClient, ingest: TestClient, recall: Recall, tmp_path: Path
) -> None:
    *fleet, spare = world.identity.devices
    place = Place(tmp_path, world, pages, ingest, certified(world))
    meant, silent, other = [Treated(place, each) for each in fleet]
    reader = visitor(world, "P. Reader", Role.PRESCRIBER)

    def page() -> str:
        answer = pages.get("/clinic/recall", headers={"Cookie": f"circlet={reader.cookie}"})
        return " ".join(answer.text.split())

    # Find
    assert recall(*SERIALS).endswith("2 bands: 2 not held\n")

    # Hold: each band stops by its own decision, once its phone has met it.
    recall(*SERIALS, "--hold-by", "P. Reader")
    with world.database.write("demo") as session:
        sign_asked(session, "demo", world.identity.keys["hold"], now_ms=world.clock.now_ms)
    assert "NOT IN FORCE: 2 bands may still treat" in page()
    meant.band.take_holds()
    assert meant.band.try_session().status is StatusCode.LOCKED
    assert ReasonCode.HOLD in meant.band.reasons
    assert "NOT IN FORCE: 1 band may still treat" in page()
    silent.band.take_holds()
    assert "NOT IN FORCE" not in page()
    assert other.band.try_session().status is StatusCode.OK, "a band that isn't meant goes on"
    assert recall(*SERIALS).endswith("2 bands: 2 hold in force\n")

    # Tell
    recall(*SERIALS, "--tell", WORDS, "--author", "Your clinic")
    assert [each.messages() for each in (meant, silent, other)] == [[WORDS], [WORDS], []]
    assert "Not told" not in page()

    # Replace: the hold goes over, and a person lifts it there.
    new = meant.get_another(spare)
    assert new.install().status is StatusCode.OK
    with world.database.write("demo") as session:
        sign_asked(session, "demo", world.identity.keys["hold"], now_ms=world.clock.now_ms)
    new.take_holds()
    assert ReasonCode.HOLD in new.reasons
    assert "2 bands, 1 to see to." in page()
    assert ">CB-0004</td>" in page()
    for each in (meant, silent, other):
        each.band.close()
