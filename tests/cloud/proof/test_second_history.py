"""A second history is a fork where the band signed it; other bytes alone take nothing from it."""

from typing import cast

from sqlalchemy import select

from cloud.ledger.export import chain_of, lines_of
from cloud.patients.service import device_of, new_code
from cloud.phones.models import Phone as StoredPhone
from cloud.proof.models import Flaw
from cloud.proof.service import subject_of
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead
from shared.wire import records
from shared.wire.ledger_file import Line, LineKind
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, found, queued, send, treating
from tests.cloud.proof.test_flaws import alerts, events
from tests.cloud.worlds import BIRTH_DATE, Band, World


def of_kind(world: World, band: Band, kind: str) -> list[Flaw]:
    return [each for each in found(world, band.patient_id) if each.kind == kind]


def another(world: World, band: Band, trains: int = 1) -> Band:
    """The same band's record as it never was, from record 2 on."""
    other = Band(world.identity, band.patient_id, epoch=band.epoch)
    other.session(trains=trains, planned=3)
    return other


def verified(world: World, phone: Phone) -> Band:
    band = treating(world, phone)
    band.session()
    assert set(send(phone, band)) == {"accepted"}
    return band


def test_what_no_head_of_the_band_covers_is_no_fork_and_receipts_go_on(
    world: World, phone: Phone
) -> None:
    band = verified(world, phone)
    (first,) = queued(world, band.patient_id, "receipt")
    answers = phone.items(another(world, band).record_items(2))
    assert {each["answer"] for each in answers} == {"refused"}
    (flaw,) = found(world, band.patient_id)
    assert (flaw.kind, flaw.first, flaw.last) == ("unattested", 2, 5)
    with world.database.read("demo") as session:
        assert flaw.phone_id == session.scalars(select(StoredPhone.phone_id)).one()
    assert "Phone 1 of this patient" in flaw.detail
    assert [urgency for urgency, _ in alerts(world)] == ["today"]
    assert ("incident: unattested", subject_of(flaw)) in events(world)
    a_day_later(world, band)
    newer = band.state.number + 1
    band.session()
    assert set(send(phone, band, first=newer)) == {"accepted"}
    (second,) = queued(world, band.patient_id, "receipt")
    assert second != first


def test_each_phone_that_brings_other_bytes_is_named(world: World, phone: Phone) -> None:
    band = verified(world, phone)
    second = Phone(world, phone.client)
    with world.database.write("demo") as session:
        code = new_code(session, "demo", band.patient_id, now_ms=world.clock.now_ms)
    assert second.enrol(code, BIRTH_DATE).status_code == 200
    other = another(world, band, trains=2)
    phone.items(other.record_items(3)[:2])
    second.items(other.record_items(4))
    second.items(other.record_items(2)[:1])
    flaws = sorted(of_kind(world, band, "unattested"), key=lambda each: each.number)
    assert [(each.first, each.last) for each in flaws] == [(3, 4), (2, other.state.number)]
    assert len({each.phone_id for each in flaws}) == 2


def test_a_fork_is_found_whatever_unattested_bytes_came_before_and_keeps_its_evidence(
    world: World, phone: Phone
) -> None:
    band = verified(world, phone)
    other = another(world, band)
    phone.items(other.record_items(2))
    phone.items([other.head_item()])
    (fork,) = of_kind(world, band, "fork")
    key = PublicKey(world.identity.device.public_key.data)
    head = sign1.verify(LedgerHead, fork.evidence or b"", audience=b"demo", key=key)
    assert (head.number, head.hash) == (other.state.number, other.state.hash)
    assert (fork.theirs, fork.ours) == (head.hash, band_hash(band, head.number))
    newer = band.state.number + 1
    band.write(records.SelfTestBody(True))
    before = queued(world, band.patient_id, "receipt")
    send(phone, band, first=newer)
    assert queued(world, band.patient_id, "receipt") == before


def band_hash(band: Band, number: int) -> bytes:
    """The chain's hash at a record."""
    again = Band(band.identity, band.patient_id, epoch=band.epoch)
    for data in band.data[1:number]:
        again.take(records.decode_record(data))
    return again.state.hash


def test_records_that_the_band_signed_to_a_head_are_a_fork_from_the_first_of_them(
    world: World, phone: Phone
) -> None:
    band = verified(world, phone)
    for trains in (2, 30):
        other = another(world, band, trains=trains)
        assert (other.state.number > band.state.number) is (trains == 30)
        send(phone, other)
        (fork,) = of_kind(world, band, "fork")
        assert (fork.first, fork.last) == (2, other.state.number)
        assert fork.evidence is not None
    assert of_kind(world, band, "unattested") == []


def test_the_record_of_another_band_takes_no_receipt_from_this_one(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    foreign = {**band.record_items()[0], "id": f"record/{'07' * 16}/{'07' * 16}/1"}
    phone.items([foreign])
    assert [each.kind for each in found(world, band.patient_id)] == ["foreign_device"]
    send(phone, band)
    assert len(queued(world, band.patient_id, "receipt")) == 1


def test_the_second_head_of_a_fork_goes_into_the_file_for_the_verifier(
    world: World, phone: Phone
) -> None:
    band = verified(world, phone)
    other = another(world, band)
    second = other.head_item()
    phone.items([second])
    with world.database.read("demo") as session:
        device = device_of(session, "demo", band.patient_id)
        lines = list(lines_of(session, device, chain_of(session, device, None)))
    assert lines[-1] == Line(LineKind.HEAD, cast(bytes, second["body"]))
