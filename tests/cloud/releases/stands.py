"""A clinic whose maker signs images, and bands of its patients that say what they run."""

from __future__ import annotations

from starlette.testclient import TestClient

from cloud.clinics.service import clinic_of
from cloud.ingest.bodies import encode_bytes
from cloud.releases.adding import Terms, add
from cloud.releases.models import Release
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World
from tests.shared.firmware.releases import Maker

OLD, NEW = "1.0.0", "1.1.0"
TERMS = Terms(share_percent=1, least_bands=1, least_days=7, limit_percent=5)


class Patient:
    """One band with its phone; what it says is verified at once."""

    def __init__(self, world: World, ingest: TestClient, device_id: bytes) -> None:
        self.device_id, self.phone = device_id, Phone(world, ingest)
        self._world = world
        patient, code = world.enrol(f"Patient {device_id.hex()[:4]}", device_id=device_id)
        assert self.phone.enrol(code).status_code == 200
        self._band = Band(world.identity, patient.patient_id, device_id=device_id)
        self.says(OLD)

    def says(self, version: str, *, kept: bool = True) -> None:
        """The band boots with a firmware, on trial or for good."""
        proven_ms = self._band.state.proven_ms
        self._band.clock_ms = self._world.clock.now_ms
        self._band.write(
            records.BootBody(0, clock_unbroken=True, proven_ms=proven_ms, firmware=version)
        )
        self._band.write(records.FirmwareBody(version, confirmed=kept))
        self._send()

    def fails(self) -> None:
        """The band reports a fault."""
        self._band.write(records.FaultBody("stray_pulse"))
        self._send()

    def is_offered(self) -> str | None:
        """The version that the phone is told its band may have."""
        answer = self.phone.post("/v1/releases", {"device_id": encode_bytes(self.device_id)})
        assert answer.status_code == 200, answer.text
        release = answer.json()["release"]
        return None if release is None else str(release["version"])

    def _send(self) -> None:
        self.phone.items([*self._band.record_items(), self._band.head_item()])


def let_sign(world: World, maker: Maker) -> None:
    """Have the clinic's bands be this maker's."""
    with world.database.write("demo") as session:
        clinic_of(session, "demo").manufacturer_key = maker.root.public_key.data


def release(world: World, data: bytes, *serials: str, terms: Terms = TERMS) -> Release:
    """Register an image, open for these bands."""
    with world.database.write("demo") as session:
        return add(session, "demo", data, serials, terms, now_ms=world.clock.now_ms)
