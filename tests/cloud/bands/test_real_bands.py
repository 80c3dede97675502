"""Two real firmware cores, pages and ingest: the second band gives what is left, and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.ledger.models import LedgerChain
from cloud.patients.service import new_code
from shared.dose.prescription import Prescription, from_bytes
from shared.dose.reasons import ReasonCode
from shared.trust.staff_words import HandOver
from shared.wire.operations import StatusCode
from tests.cloud.bands.courses import DAY_MS, PULSES
from tests.cloud.bands.real_band import RealBand
from tests.cloud.passkey import SigningPasskey, read_request
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, take
from tests.cloud.worlds import World, make_world

SESSIONS = 2
ITBS = {
    "protocol_id": "mdd-l-dlpfc-itbs",
    "intensity_percent": "100",
    "threshold_percent": "50",
    "threshold_measured_on": "2026-03-02",
    "trains": "20",
    "course_sessions": str(SESSIONS),
    "day_window_h": "20",
    "pulses_per_day_window": "600",
}
MEASURED = {"percent": "48", "method": "twitch", "by": "N. Example", "surety": "last-word"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=2)
    yield made
    made.database.close()


class Clinician:
    """Somebody at the pages, and at the desk."""

    def __init__(
        self,
        world: World,
        pages: TestClient,
        patient_id: bytes,
        passkey: SigningPasskey | None = None,
    ) -> None:
        self._world, self._pages, self._patient_id = world, pages, patient_id
        self._passkey = passkey or certified(world)

    def send(self, path: str, **form: str) -> str:
        token = sign_in(self._world, self._pages)
        whose = {"form_token": token, "patient_id": self._patient_id.hex()}
        address = f"/patients/{self._patient_id.hex()}/{path}"
        return self._pages.post(address, data=whose | form).text

    def sign(self, page: str, kind: str = "circlet/prescription/v1") -> bytes:
        """Sign what the page hands to the desk; return it."""
        (data,) = read_request(page.partition("#request=")[2].partition('"')[0])
        take(self._world, self._passkey.answer([data], kind=kind))
        return data


def verified_to(world: World, band: RealBand) -> int:
    with world.database.read("demo") as session:
        name = ("demo", band.device_id, band.sent.epoch)
        return session.get_one(LedgerChain, name).verified_to


@pytest.mark.long
def test_another_band_gives_what_is_left_and_refuses_one_session_more(
    world: World, pages: TestClient, ingest: TestClient, tmp_path: Path
) -> None:
    old_id, new_id = world.identity.devices
    patient, code = world.enrol(device_id=old_id)
    clinician = Clinician(world, pages, patient.patient_id)
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    clinician.sign(clinician.send("prescriptions", serial="1", **ITBS))
    old = RealBand(tmp_path / "old", world, old_id, phone)
    old.set_up()
    assert old.install().status is StatusCode.OK
    old.clear()
    old.session()
    assert (old.fired, old.course) == (PULSES, (1, PULSES))
    old.send()

    clinician.sign(clinician.send("let-go"), HandOver.TYPE)
    old.retire()
    assert verified_to(world, old) == old.sent.number
    assert old.sent.retired

    form = MEASURED | {"device_id": new_id.hex(), "serial": "2"}
    shown = clinician.send("another-band", **form)
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    signed: Prescription = from_bytes(
        clinician.sign(clinician.send("another-band", **form, seen=seen))
    )
    assert signed.device_id == new_id

    with world.database.write("demo") as session:
        code = new_code(session, "demo", patient.patient_id, now_ms=world.clock.now_ms)
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    new = RealBand(tmp_path / "new", world, new_id, phone)
    new.set_up()
    refused = new.install(with_last_word=False)
    assert refused.result.code == "no_final_head", "the word of the old band is needed"
    assert new.install().status is StatusCode.OK
    assert new.course == (1, PULSES), "it counts from what the old band gave"
    new.clear()
    assert new.try_session().status is StatusCode.LOCKED
    assert ReasonCode.SESSION_INTERVAL in new.reasons, "today's session was on the old band"

    new.pass_time(DAY_MS)
    new.session()
    assert (new.fired, new.course) == (PULSES, (SESSIONS, SESSIONS * PULSES))
    new.pass_time(DAY_MS)
    assert new.try_session().status is StatusCode.LOCKED
    assert new.reasons == {ReasonCode.COURSE_DONE}, "one session more is the device's to refuse"
    assert new.fired == PULSES

    new.send()
    assert verified_to(world, new) == new.sent.number
    assert verified_to(world, old) == old.sent.number
    old.close()
    new.close()
