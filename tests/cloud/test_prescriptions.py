"""Only what the clinician's own passkey signed, over these very bytes, is stored and sent on."""

from dataclasses import replace

import pytest

from cloud.clinics.certificates import add_certificate
from cloud.clinics.service import clinic_of
from cloud.errors import CloudError, Refused
from cloud.patients.models import Patient
from cloud.patients.service import device_of
from cloud.phones.waiting import after
from cloud.prescriptions import drafts, service
from cloud.prescriptions.models import StoredPrescription
from cloud.words.models import StaffWord
from cloud.words.signing import take_answer
from shared.dose.changes import Issue, titration
from shared.dose.envelope import violations
from shared.dose.prescription import to_bytes
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.trust import sign1
from shared.trust.passkey import verify
from shared.trust.statements import Certificate, Scope
from shared.wire import fields
from shared.wire.items import SignedPrescription
from tests.cloud.passkey import SigningPasskey, read_request
from tests.cloud.worlds import START_MS, World, somebody

PROTOCOL = "mdd-l-dlpfc-itbs"


def certified(world: World) -> SigningPasskey:
    passkey = SigningPasskey(world.identity)
    with world.database.write("demo") as session:
        add_certificate(session, clinic_of(session, "demo"), passkey.certificate, now_ms=START_MS)
    return passkey


def draft(world: World, patient: Patient, intensity: int = 120) -> StoredPrescription:
    chosen = replace(
        drafts.from_entry(catalogue().entry(PROTOCOL)),
        intensity_percent=intensity,
        threshold_percent=50,
        measured_s=START_MS // 1000,
    )
    with world.database.write("demo") as session:
        recipient = service.recipient_of(
            session, patient, device_of(session, "demo", patient.patient_id)
        )
        return service.save_draft(
            session, recipient, chosen, somebody(session), now_ms=world.clock.now_ms
        )


def take(world: World, answer: str) -> tuple[StoredPrescription | StaffWord, ...]:
    with world.database.write("demo") as session:
        return take_answer(
            session,
            clinic_of(session, "demo"),
            service.read_answer(answer),
            now_ms=world.clock.now_ms,
        )


def waiting(world: World, patient: Patient) -> list[bytes]:
    with world.database.read("demo") as session:
        return [w.body for w in after(session, "demo", patient.patient_id, 0)]


def with_threshold(entry: CatalogueEntry) -> drafts.Draft:
    return replace(drafts.from_entry(entry), threshold_percent=50, measured_s=10**9)


def test_every_offered_protocol_makes_a_prescription_inside_the_envelope() -> None:
    offered = drafts.offered(catalogue())
    assert PROTOCOL in [entry.id for entry in offered]
    recipient = drafts.Recipient("demo", bytes(16), bytes(16), "MS", 1, None, None)
    outside = {
        entry.id: violations(drafts.build(with_threshold(entry), recipient, now_s=10**9))
        for entry in offered
    }
    assert outside[PROTOCOL] == ()
    assert all("home" not in violation.limit for found in outside.values() for violation in found)


def test_signed_prescription_waits_for_the_phone_with_all_that_the_band_needs(
    world: World,
) -> None:
    patient, _ = world.enrol()
    passkey, stored = certified(world), draft(world, patient)
    take(world, passkey.answer([stored.data]))
    (body,) = waiting(world, patient)
    signed = fields.unpack(SignedPrescription, body)
    certificate = sign1.verify(
        Certificate,
        signed.certificate,
        audience=b"demo",
        key=world.identity.root.public_key,
    )
    verify(
        "circlet/prescription/v1",
        signed.prescription,
        signed.assertion,
        certificate,
        Scope.PRESCRIBE,
    )
    assert signed.prescription == stored.data


def test_request_to_the_desk_holds_the_bytes_and_the_certified_credentials(world: World) -> None:
    patient, _ = world.enrol()
    certified(world)
    stored = draft(world, patient)
    with world.database.read("demo") as session:
        listed = [service.to_sign(session, stored)]
        request = service.desk_request(
            session, "demo", listed, "http://cloud.localhost:1/desk-return"
        )
    assert read_request(request) == [stored.data]


def refused(world: World, patient: Patient, answer: str) -> str:
    with pytest.raises(CloudError) as caught:
        take(world, answer)
    assert waiting(world, patient) == []
    return str(caught.value)


def test_signature_by_an_uncertified_passkey_is_refused(world: World) -> None:
    patient, _ = world.enrol()
    stored = draft(world, patient)
    words = refused(world, patient, SigningPasskey(world.identity).answer([stored.data]))
    assert "has not certified" in words


def test_signature_made_at_the_clouds_own_origin_is_refused(world: World) -> None:
    patient, _ = world.enrol()
    passkey, stored = certified(world), draft(world, patient)
    words = refused(
        world, patient, passkey.answer([stored.data], origin="http://cloud.localhost:1")
    )
    assert "another origin" in words


def test_signature_by_another_key_is_refused(world: World) -> None:
    patient, _ = world.enrol()
    certified(world)
    stored = draft(world, patient)
    words = refused(world, patient, SigningPasskey(world.identity).answer([stored.data]))
    assert "does not hold" in words


def test_signature_over_other_bytes_is_no_draft_of_ours(world: World) -> None:
    patient, _ = world.enrol()
    passkey = certified(world)
    draft(world, patient)
    assert "no draft" in refused(world, patient, passkey.answer([b"other bytes"]))


def test_junk_from_the_desk_is_refused(world: World) -> None:
    patient, _ = world.enrol()
    assert "not readable" in refused(world, patient, "AAAA")


def test_answer_handed_in_twice_is_sent_once(world: World) -> None:
    patient, _ = world.enrol()
    passkey, stored = certified(world), draft(world, patient)
    answer = passkey.answer([stored.data])
    first, again = take(world, answer), take(world, answer)
    assert [each.digest for each in first] == [each.digest for each in again]
    assert len(waiting(world, patient)) == 1
    with pytest.raises(Refused, match="already signed"):
        take(world, passkey.answer([stored.data]))


def test_second_draft_of_the_same_serial_is_refused_once_one_is_signed(world: World) -> None:
    patient, _ = world.enrol()
    passkey, one = certified(world), draft(world, patient)
    world.clock.now_ms += 60_000
    two = draft(world, patient, intensity=110)
    take(world, passkey.answer([one.data]))
    with pytest.raises(Refused, match="Draft it anew"):
        take(world, passkey.answer([two.data]))
    world.clock.now_ms += 60_000
    three = draft(world, patient, intensity=110)
    assert service.read_prescription(three).replaces_hash == one.hash
    assert service.read_prescription(three).serial == 2
    take(world, passkey.answer([three.data]))


def test_a_titration_takes_a_serial_and_is_never_what_a_new_prescription_replaces(
    world: World,
) -> None:
    patient, _ = world.enrol()
    passkey, stored = certified(world), draft(world, patient)
    take(world, passkey.answer([stored.data]))
    treatment = service.read_prescription(stored)
    issue = Issue(2, treatment.issued_s, treatment.install_by_s)
    until_s = treatment.not_before_s + 86_400
    measuring = titration(
        treatment, issue, not_before_s=treatment.not_before_s, not_after_s=until_s
    )
    with world.database.write("demo") as session:
        session.add(
            StoredPrescription(
                clinic_id=stored.clinic_id,
                prescription_id=bytes(16),
                patient_id=stored.patient_id,
                device_id=stored.device_id,
                serial=2,
                protocol_id=stored.protocol_id,
                data=to_bytes(measuring),
                digest=bytes(32),
                hash=bytes(32),
                drafted_by=stored.drafted_by,
                drafted_ms=START_MS,
                signed_ms=START_MS,
                in_force_ms=START_MS,
            )
        )
    following = service.read_prescription(draft(world, patient, intensity=110))
    assert (following.serial, following.replaces_hash) == (3, stored.hash)
    assert following.course_id == treatment.course_id
    with world.database.read("demo") as session:
        assert service.newest_in_force(session, "demo", patient.patient_id) is None


def test_draft_outside_the_envelope_is_not_even_stored(world: World) -> None:
    patient, _ = world.enrol()
    with pytest.raises(Refused, match="intensity_percent"):
        draft(world, patient, intensity=125)
