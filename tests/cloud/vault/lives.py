"""A patient of whom the clinic holds something in every table that is sealed."""

import secrets
from dataclasses import dataclass

from starlette.testclient import TestClient

from cloud.care.service import send_message
from cloud.dashboard.app import create_app
from cloud.ingest.app import create_app as create_ingest
from cloud.patients import service as patients
from cloud.people.authority import Role
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, clear, find, name_of
from shared.care.bodies import MessageOut
from shared.trust import sign1
from shared.trust.sealing import seal
from shared.trust.statements import GateAnswers, GateOutcome
from shared.wire.items import session_log_context
from tests.cloud.alerts.telling import tell
from tests.cloud.phone import Phone
from tests.cloud.test_pages import sign_in
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

NAME = "Wilhelmina Knallerbse"
WORDS = "Since Tuesday the left ear rings"
ANSWER = "We call you in the morning about the ringing"
REASON = "Spoke with Wilhelmina on the telephone"
LOG = "contact 98 percent, zebrafinch"
SAYINGS = (NAME, "Wilhelmina", "Knallerbse", "1980-05-17", WORDS, ANSWER, REASON, LOG, "WK")
TITLES = ("Thoughts of self-harm", "self-harm", "A message from the patient", "item 9", "worse/")
"""Words of alerts, and of their causes, that say what was answered."""


@dataclass
class Life:
    """Who it is, and with which phone."""

    patient_id: bytes
    phone: Phone
    item_id: str

    @property
    def name(self) -> str:
        return self.patient_id.hex()


def live(world: World, *, name: str = NAME, device_id: bytes | None = None) -> Life:
    """Let a patient be enrolled, told, asked, treated and answered, by the real ways in."""
    patient, code = world.enrol(name, device_id=device_id)
    phone = Phone(world, TestClient(create_ingest(world.settings, world.clock)))
    assert phone.enrol(code).status_code == 200
    item_id = tell(world, phone, MessageOut(WORDS, call_me=True))
    check_in(world, phone, "check-in", (1,) * 8 + (2,))
    log = seal(
        LOG.encode(),
        to=world.identity.keys["vault-00"].public_key,
        context=session_log_context(patient.patient_id),
    )
    answers = GateAnswers(
        secrets.token_bytes(16), patient.patient_id, 1, GateOutcome.PASS, 0, None, ()
    )
    signed = sign1.sign(answers, audience=phone.bytes_of("device_id"), signer=phone.app_key)
    sent = [("session_log", "log", log), ("gate_answers", "gates", signed)]
    given = phone.items([{"id": i, "kind": kind, "body": body} for kind, i, body in sent])
    assert [each["answer"] for each in given] == ["accepted"] * 2
    band = Band(world.identity, patient.patient_id, device_id=device_id or b"")
    band.session(trains=3)
    phone.items([*band.record_items(), band.head_item()])
    worker_of(world).round()
    _answer(world, patient.patient_id)
    worker_of(world).round()
    return Life(patient.patient_id, phone, item_id)


def _answer(world: World, patient_id: bytes) -> None:
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        send_message(
            session, "demo", patient_id, ANSWER, author="A. Example", actor="x", now_ms=now_ms
        )
        device = patients.device_of(session, "demo", patient_id)
        about = Chained(device.clinic_id, device.device_id, bytes(16), patient_id)
        flaw = find(session, about, Seen(Kind.GAP, 1, 2, "A gap."), now_ms=now_ms)
        clear(session, "demo", patient_id, name_of(flaw), REASON, actor="x", now_ms=now_ms)


@dataclass
class Chained:
    """A record of a device, as flaws are about it."""

    clinic_id: str
    device_id: bytes
    epoch: bytes
    patient_id: bytes


def pages_of(world: World, *roles: Role) -> TestClient:
    """Return the dashboard, somebody of these roles signed in."""
    client = TestClient(create_app(world.settings, world.clock), follow_redirects=False)
    sign_in(world, client, roles=roles or (Role.PRESCRIBER,))
    return client
