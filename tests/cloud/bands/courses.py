"""A half-done course on the first of two bands, as the clinic knows it, and who is signed in."""

from __future__ import annotations

import secrets

from starlette.testclient import TestClient

from cloud.ingest.bodies import encode_bytes
from shared.dose.prescription import Prescription, from_bytes
from shared.trust import sign1
from shared.trust.statements import LedgerHead
from shared.wire import items, records
from tests.cloud.passkey import read_request
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import Band, World

DAY_MS = 86_400_000
SESSIONS = 2
PULSES = 600
FORM = {"percent": "48", "method": "twitch", "by": "N. Example"}


class HalfDone:
    """Two whole sessions are given and verified; the second band lies in the drawer."""

    def __init__(self, world: World, pages: TestClient, ingest: TestClient) -> None:
        self.world, self.pages = world, pages
        self.old_id, self.new_id = list(world.identity.devices)[:2]
        patient, code = world.enrol()
        self.patient = patient
        self.phone = Phone(world, ingest)
        assert self.phone.enrol(code).status_code == 200
        self.signed = draft(world, patient, intensity=100)
        self.passkey = certified(world)
        take(world, self.passkey.answer([self.signed.data]))
        self.band = Band(world.identity, patient.patient_id, device_id=self.old_id)
        self.band.clock_ms = world.clock.now_ms
        self.band.install(self.signed.data)
        for _ in range(SESSIONS):
            self.band.session()
            self.pass_time(DAY_MS)
        self.send()
        self.token = sign_in(world, pages)

    @property
    def rx(self) -> Prescription:
        return from_bytes(self.signed.data)

    def pass_time(self, ms: int) -> None:
        """Let time go by for clinic and band."""
        self.world.clock.now_ms += ms
        self.band.pass_time(ms)

    def later(self, ms: int) -> None:
        """Let time go by without a word of the band; whoever was signed in signs in anew."""
        self.world.clock.now_ms += ms
        self.token = sign_in(self.world, self.pages)

    def clearance(self) -> int:
        """Ask for the old band's clearance; return the answer's status."""
        asked = {
            "device_id": encode_bytes(self.old_id),
            "nonce": encode_bytes(secrets.token_bytes(16)),
            "serial": 1,
        }
        return self.phone.post("/v1/clearances", asked).status_code

    def send(self) -> None:
        """Send the band's record and a head over it."""
        self.phone.items([*self.band.record_items(), self.band.head_item()])

    def retire(self, word: bytes = bytes(32)) -> bytes:
        """Have the band retire by a word of this hash and its last word sent; return that."""
        self.band.write(records.RetiredBody(word))
        state, nonce = self.band.state, secrets.token_bytes(16)
        head = LedgerHead(
            self.old_id, self.band.epoch, state.number, state.hash, nonce, 0, 1, retired=True
        )
        key = self.world.identity.devices[self.old_id]
        envelope = sign1.sign(head, audience=b"demo", signer=key)
        name = items.head_id(self.old_id, self.band.epoch, state.number, nonce)
        head_item = {"id": name, "kind": "head", "body": envelope}
        self.phone.items([*self.band.record_items(), head_item])
        return envelope

    @property
    def path(self) -> str:
        return f"/patients/{self.patient.patient_id.hex()}"

    def page(self, name: str = "another-band") -> str:
        return " ".join(self.pages.get(f"{self.path}/{name}").text.split())

    def post(self, name: str = "another-band", **form: str) -> str:
        usual = {
            "form_token": self.token,
            "patient_id": self.patient.patient_id.hex(),
            "serial": "2",
            "device_id": self.new_id.hex(),
        }
        answer = self.pages.post(f"{self.path}/{name}", data=usual | form)
        return " ".join(answer.text.split())

    def asked_twice(self, surety: str, **form: str) -> Prescription:
        """Look at what is left, then go to the desk; return what is to be signed there."""
        usual = FORM | {"surety": surety} | form
        shown = self.post(**usual)
        assert "#request=" not in shown
        seen = shown.partition('name="seen" value="')[2].partition('"')[0]
        assert seen, shown
        page = self.post(**usual, seen=seen)
        (self.to_sign,) = read_request(page.partition("#request=")[2].partition('"')[0])
        return from_bytes(self.to_sign)

    def replaced(self, surety: str, **form: str) -> Prescription:
        """Sign that at the desk, too."""
        made = self.asked_twice(surety, **form)
        take(self.world, self.passkey.answer([self.to_sign]))
        return made
