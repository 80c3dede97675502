"""A receipt waits for what was verified, the newest alone; revocations wait for every phone."""

from pathlib import Path

import pytest
from sqlalchemy import update

from cloud import cli
from cloud.clinics.revocations import newest_revocation
from cloud.ingest.bodies import decode_bytes, encode_bytes
from cloud.proof.models import Flaw
from shared.trust import certificates, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import (
    Clearance,
    Purpose,
    Receipt,
    Revocation,
    RevocationKind,
)
from shared.wire import fields, records
from shared.wire.items import SignedReceipt
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, handed_over, queued, send, treating
from tests.cloud.worlds import START_MS, Band, World

NOW_S = START_MS // 1000


def receipt_of(world: World, band: Band, body: bytes) -> Receipt:
    """Read a receipt as the band would: certificate first, then the statement."""
    signed = fields.unpack(SignedReceipt, body)
    certificate = certificates.judge(
        signed.certificate,
        purpose=Purpose.RECEIPT,
        clinic_id=b"demo",
        root=world.identity.root.public_key,
        now_s=NOW_S,
    )
    key = PublicKey(certificate.public_key)
    return sign1.verify(Receipt, signed.statement, audience=band.device_id, key=key)


def test_the_newest_receipt_alone_waits_and_says_what_was_verified(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    phone.items(band.record_items())
    assert queued(world, band.patient_id, "receipt") == []
    send(phone, band)
    first = phone.get("/v1/sync?cursor=0").json()["items"]
    a_day_later(world, band)
    band.session()
    send(phone, band)
    (body,) = queued(world, band.patient_id, "receipt")
    said = receipt_of(world, band, body)
    assert (said.epoch, said.number, said.hash) == (
        *(band.epoch, band.state.number),
        band.state.hash,
    )
    again = phone.get(f"/v1/sync?cursor={first[-1]['cursor']}").json()["items"]
    assert [(each["kind"], decode_bytes(each["body"])) for each in again] == [("receipt", body)]


def test_no_receipt_while_an_incident_stands(world: World, phone: Phone) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    send(phone, band)
    assert queued(world, band.patient_id, "receipt") == []
    with world.database.write("demo") as session:
        session.execute(update(Flaw).values(ended_ms=1))
    newer = band.state.number + 1
    band.write(records.SelfTestBody(True))
    send(phone, band, first=newer)
    assert len(queued(world, band.patient_id, "receipt")) == 1


def test_a_receipt_takes_no_other_epochs_or_bands_place(world: World, phone: Phone) -> None:
    """A band that was provisioned anew has two records; either may come again at any time."""
    first, second = treating(world, phone), Band(world.identity, phone.bytes_of("patient_id"))
    send(phone, first)
    send(phone, second)
    first.write(records.SelfTestBody(True))
    send(phone, first, first=first.state.number)
    waiting = queued(world, first.patient_id, "receipt")
    said = [receipt_of(world, first, body) for body in waiting]
    assert [(each.epoch, each.number) for each in said] == [
        (second.epoch, second.state.number),
        (first.epoch, first.state.number),
    ]


def revocation(world: World, number: int, root: SoftwareKey | None = None) -> bytes:
    said = Revocation(number, bytes(16), RevocationKind.COMPROMISED, NOW_S, NOW_S)
    return sign1.sign(said, audience=b"demo", signer=root or world.identity.root)


def take_in(world: World, folder: Path, envelope: bytes) -> None:
    """Run the command on a file, as an operator does."""
    file = folder / "revocation.cose"
    file.write_bytes(envelope)
    cli.main(["add-revocation", "--file", str(file), "--data", str(world.settings.data)])


def test_a_revocation_waits_for_every_phone_and_stands_in_each_clearance(
    world: World, phone: Phone, tmp_path: Path
) -> None:
    first, second = revocation(world, 1), revocation(world, 2)
    take_in(world, tmp_path, first)
    take_in(world, tmp_path, first)
    with pytest.raises(SystemExit, match="2 comes next"):
        take_in(world, tmp_path, revocation(world, 3))
    with pytest.raises(SystemExit, match="did not sign"):
        take_in(world, tmp_path, revocation(world, 2, SoftwareKey.generate()))
    take_in(world, tmp_path, second)
    patient_id = phone.bytes_of("patient_id")
    assert queued(world, patient_id, "revocation") == [first, second]
    other = handed_over(world, phone)
    assert queued(world, other.bytes_of("patient_id"), "revocation") == [first, second]
    nonce = bytes(16)
    asked = {
        "device_id": encode_bytes(world.identity.device_id),
        "nonce": encode_bytes(nonce),
    }
    assert phone.post("/v1/clearances", asked).status_code == 403
    word = decode_bytes(other.post("/v1/clearances", asked).json()["clearance"])
    key = world.identity.keys["clearance"].public_key
    said = sign1.verify(Clearance, word, audience=world.identity.device_id, key=key)
    assert said.newest_revocation == 2
    with world.database.read("demo") as session:
        assert newest_revocation(session, "demo") == 2
