"""A patient with a signed prescription, and a band on which it is in force."""

from cloud.patients.models import Device, Patient
from cloud.patients.service import patient_of
from cloud.phones.waiting import after
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.models import Flaw
from cloud.proof.service import of_patient
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import draft
from tests.cloud.worlds import BIRTH_DATE, Band, World

DAY_MS = 86_400_000


def patient_with(world: World, phone: Phone) -> Patient:
    """Return the phone's patient."""
    with world.database.read("demo") as session:
        return patient_of(session, "demo", phone.bytes_of("patient_id"))


def prescribed(world: World, patient: Patient) -> StoredPrescription:
    """Return the patient's next prescription, taken as signed."""
    stored = draft(world, patient)
    with world.database.write("demo") as session:
        session.add(stored)
        stored.signed_ms = world.clock.now_ms
    return stored


def treating(world: World, phone: Phone) -> Band:
    """Return the patient's band with a signed prescription in force."""
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.install(prescribed(world, patient_with(world, phone)).data)
    return band


def send(phone: Phone, band: Band, first: int = 1) -> list[str]:
    """Send the band's record from ``first`` on, with a head; return the answers."""
    sent = [*band.record_items(first), band.head_item()]
    return [str(each["answer"]) for each in phone.items(sent)]


def a_day_later(world: World, band: Band) -> None:
    """Let a day pass for both."""
    world.clock.now_ms += DAY_MS
    band.pass_time(DAY_MS)


def found(world: World, patient_id: bytes) -> list[Flaw]:
    """Return what was found about the patient's bands."""
    with world.database.read("demo") as session:
        return list(of_patient(session, "demo", patient_id))


def handed_over(world: World, phone: Phone) -> Phone:
    """Give the band to another patient of the clinic; return their phone."""
    with world.database.write("demo") as session:
        session.get_one(Device, ("demo", world.identity.device_id)).patient_id = None
    second = Phone(world, phone.client)
    assert second.enrol(world.enrol("Klara Voorbeeld")[1], BIRTH_DATE).status_code == 200
    return second


def queued(world: World, patient_id: bytes, kind: str) -> list[bytes]:
    """Return the bodies of one kind that wait for the patient's phone."""
    with world.database.read("demo") as session:
        return [w.body for w in after(session, "demo", patient_id, 0) if w.kind == kind]
