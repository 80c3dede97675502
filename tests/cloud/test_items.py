"""Items are answered one by one; records count once the device's own signature covers them."""

from pathlib import Path
from typing import cast

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from cloud.ingest.bodies import UpItem, encode_bytes
from cloud.ledger.models import DeliveredSession, LedgerChain, LedgerStretch
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sealing import open_sealed, seal
from shared.wire.items import session_log_context, session_log_id
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World, make_world

pytestmark = pytest.mark.both_databases


def band_of(world: World, phone: Phone) -> Band:
    return Band(world.identity, phone.bytes_of("patient_id"))


def chain_of(world: World, band: Band) -> LedgerChain:
    with world.database.read("demo") as session:
        return session.get_one(LedgerChain, ("demo", band.identity.device_id, band.epoch))


def answers(found: list[dict[str, object]]) -> list[object]:
    return [each["answer"] for each in found]


def test_a_session_is_delivered_once_its_records_are_verified(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session()
    sent = [*band.record_items(), band.head_item()]
    assert set(answers(phone.items(sent))) == {"accepted"}
    assert set(answers(phone.items(sent))) == {"duplicate"}
    chain = chain_of(world, band)
    assert (chain.verified_to, chain.verified_hash) == (band.state.number, band.state.hash)
    with world.database.read("demo") as session:
        (delivered,) = session.scalars(select(DeliveredSession)).all()
    assert (delivered.charged_pulses, delivered.planned_pulses) == (600, 600)
    assert delivered.charged_pulses == band.state.total_pulses


def test_records_without_a_head_are_kept_and_not_counted(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session()
    assert set(answers(phone.items(band.record_items()))) == {"accepted"}
    chain = chain_of(world, band)
    assert (chain.verified_to, chain.received_to) == (0, band.state.number)
    with world.database.read("demo") as session:
        assert session.scalars(select(DeliveredSession)).all() == []
    assert answers(phone.items([band.head_item()])) == ["accepted"]
    assert chain_of(world, band).verified_to == band.state.number


def test_a_gap_is_shown_until_the_missing_record_comes(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session()
    records = band.record_items()
    phone.items([*records[:3], *records[4:], band.head_item()])
    chain = chain_of(world, band)
    assert (chain.verified_to, chain.head_number) == (0, band.state.number)
    assert answers(phone.items([records[3]])) == ["accepted"]
    assert chain_of(world, band).verified_to == band.state.number


def test_a_flipped_bit_holds_up_its_stretch_until_the_right_bytes_come(
    world: World, phone: Phone
) -> None:
    band = band_of(world, phone)
    band.session(trains=2, planned=2)
    first_head, first_number = band.head_item(), band.state.number
    band.session(trains=2, planned=2)
    sent = [*band.record_items(), first_head, band.head_item()]
    broken = dict(sent[first_number + 1])
    body = broken["body"]
    assert isinstance(body, bytes)
    broken["body"] = body[:-1] + bytes([body[-1] ^ 1])
    sent[first_number + 1] = broken
    log = seal(
        b"log",
        to=PublicKey(SoftwareKey.generate().public_key.data),
        context=session_log_context(phone.bytes_of("patient_id")),
    )
    sent.append({"id": session_log_id(bytes(16)), "kind": "session_log", "body": log})
    found = phone.items(sent)
    assert set(answers(found)) == {"accepted"}
    chain = chain_of(world, band)
    assert (chain.verified_to, chain.head_number) == (first_number, band.state.number)
    again = phone.items(band.record_items(first_number + 1))
    assert answers(again).count("accepted") == 1
    assert set(answers(again)) == {"accepted", "duplicate"}
    assert chain_of(world, band).verified_to == band.state.number


def test_a_wrong_record_sent_early_is_mended_by_the_right_one(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session(trains=1, planned=1)
    records = band.record_items()
    body = records[2]["body"]
    assert isinstance(body, bytes)
    wrong = {**records[2], "body": body[:-1] + bytes([body[-1] ^ 1])}
    phone.items([*records[:2], wrong, *records[3:]])
    assert answers(phone.items([band.head_item()])) == ["accepted"]
    assert chain_of(world, band).verified_to == 0
    assert answers(phone.items([records[2]])) == ["accepted"]
    assert chain_of(world, band).verified_to == band.state.number


def test_a_second_history_is_refused_as_a_fork(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    other = Band(world.identity, phone.bytes_of("patient_id"), epoch=band.epoch)
    band.session(trains=2, planned=2)
    other.session(trains=1, planned=2)
    phone.items([*band.record_items(), band.head_item()])
    found = phone.items([*other.record_items(), other.head_item()])
    assert found[1]["answer"] == "refused"
    assert "other bytes" in str(found[1]["reason"])
    assert found[-1]["answer"] == "refused"
    assert chain_of(world, band).verified_hash == band.state.hash


def test_a_head_by_another_key_is_refused(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.identity.devices[band.device_id] = SoftwareKey.generate()
    (found,) = phone.items([band.head_item()])
    assert found["answer"] == "refused"
    assert "not the device's" in str(found["reason"])


def test_a_head_whose_parts_name_different_keys_is_refused(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    item = band.head_item()
    body = cast(bytes, item["body"])
    key_id = band.identity.devices[band.device_id].public_key.key_id
    item["body"] = body.replace(key_id, bytes(16), 1)
    (found,) = phone.items([item])
    assert found["answer"] == "refused"
    assert "not the device's" in str(found["reason"])


def test_records_of_another_device_are_refused(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    item = band.record_items()[0]
    item["id"] = str(item["id"]).replace(band.identity.device_id.hex(), "00" * 16)
    assert answers(phone.items([item])) == ["refused"]


def test_unknown_kinds_and_junk_are_refused_one_by_one(phone: Phone) -> None:
    found = phone.items(
        [
            {"id": "a", "kind": "poem", "body": b"x"},
            {"id": "b", "kind": "checkin", "body": b"x"},
            {"id": "record/xx", "kind": "record", "body": b"x"},
            {"id": "c", "kind": "gate_answers", "body": b"x"},
        ]
    )
    assert answers(found) == ["refused"] * 4
    assert all(each["reason"] for each in found)


@pytest.mark.parametrize("id_", ["record/\x00", "record/\ud800", "r\u00e9cord/1", "a b", "a\n"])
def test_an_id_of_other_signs_is_no_request(id_: str) -> None:
    with pytest.raises(ValidationError):
        UpItem(id=id_, kind="record", body=b"")


def test_an_id_is_never_used_for_another_item(phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    key = PublicKey(SoftwareKey.generate().public_key.data)
    one, two = (seal(b"x", to=key, context=session_log_context(patient_id)) for _ in range(2))
    assert answers(phone.items([{"id": "log", "kind": "session_log", "body": one}])) == ["accepted"]
    assert answers(phone.items([{"id": "log", "kind": "session_log", "body": one}])) == [
        "duplicate"
    ]
    assert answers(phone.items([{"id": "log", "kind": "session_log", "body": two}])) == ["refused"]


def test_ingest_holds_no_key_that_opens_a_session_log(world: World, phone: Phone) -> None:
    from cloud.ingest.app import KEYS

    patient_id = phone.bytes_of("patient_id")
    vault = world.identity.keys["vault-00"]
    context = session_log_context(patient_id)
    sealed = seal(b"contact 98 %", to=vault.public_key, context=context)
    phone.items([{"id": "log", "kind": "session_log", "body": sealed}])
    assert phone.client.app.state.ingest.keys.names == tuple(sorted(KEYS))  # type: ignore[attr-defined]
    for name in KEYS:
        try:
            open_sealed(sealed, key=world.identity.keys[name], context=context)
        except TrustError:
            continue
        raise AssertionError(f"the {name} key opened a session log")
    assert open_sealed(sealed, key=vault, context=context) == b"contact 98 %"


def test_each_of_several_devices_has_its_own_record(tmp_path: Path) -> None:
    world = make_world(tmp_path, devices=3, vaults=3)
    numbers = set()
    with TestClient(create_app(world.settings, world.clock)) as client:
        for name, device_id in zip("abc", world.identity.devices, strict=True):
            phone = Phone(world, client)
            assert phone.enrol(world.enrol(name, device_id=device_id)[1]).status_code == 200
            band = Band(world.identity, phone.bytes_of("patient_id"), device_id=device_id)
            band.session(trains=2)
            sent = [*band.record_items(), band.head_item()]
            assert {answer["answer"] for answer in phone.items(sent)} == {"accepted"}
            numbers.add(band.state.number)
    with world.database.read("demo") as session:
        chains = session.scalars(select(LedgerChain)).all()
    assert {chain.device_id for chain in chains} == set(world.identity.devices)
    assert {chain.verified_to for chain in chains} == numbers
    world.database.close()


def test_the_second_of_two_items_with_one_id_is_answered_for_itself(
    world: World, phone: Phone
) -> None:
    band = band_of(world, phone)
    band.session(trains=1)
    one, two = band.record_items()[1:3]
    other = {**one, "body": two["body"]}
    found = phone.items([one, other, one, {**one, "kind": "head"}])
    assert answers(found) == ["accepted", "refused", "duplicate", "refused"]
    assert found[1]["reason"] == "Another item came with this id before."
    assert answers(phone.items([other, one])) == ["refused", "refused"]
    assert answers(phone.items([one])) == ["duplicate"]


def test_a_head_under_the_id_of_another_number_is_refused(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session(trains=1)
    head = band.head_item()
    head["id"] = str(head["id"]).replace(f"/{band.state.number}/", "/1/")
    (found,) = phone.items([head])
    assert (found["answer"], found["reason"]) == (
        "refused",
        f"The head says number {band.state.number}, not 1.",
    )


def test_one_item_that_cannot_be_read_is_refused_for_itself(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    good = [
        {**each, "body": encode_bytes(cast(bytes, each["body"]))} for each in band.record_items()
    ]
    bad: list[dict[str, object]] = [
        {**good[0], "id": "b", "body": "!"},
        {**good[0], "id": "x" * 201},
        {"id": "c", "kind": "record"},
    ]
    answer = phone.post("/v1/items", {"items": [bad[0], *good, *bad[1:]]})
    assert answer.status_code == 200, answer.text
    found = answer.json()["answers"]
    assert [each["id"] for each in found] == [
        *("b", good[0]["id"], "x" * 201, "c"),
    ]
    assert answers(found) == ["refused", "accepted", "refused", "refused"]
    assert [each["reason"] is None for each in found] == [False, True, False, False]
    for body in ({"items": [{"kind": "record"}, *good]}, {"items": good, "more": 1}):
        assert phone.post("/v1/items", body).status_code == 422


def test_a_damaged_stretch_is_said_to_be_one(world: World, phone: Phone) -> None:
    band = band_of(world, phone)
    band.session(trains=1)
    sent = [*band.record_items(), band.head_item()]
    phone.items(sent)
    body = {"items": [{**e, "body": encode_bytes(cast(bytes, e["body"]))} for e in sent]}
    for wrong in (b"\xff", None):
        with world.database.write("demo") as session:
            stretch = session.scalars(select(LedgerStretch)).one()
            kept = bytes(stretch.records)
            stretch.records = wrong or kept[:1] + bytes([kept[1] ^ 1]) + kept[2:]
        answer = phone.post("/v1/items", body)
        assert (answer.status_code, answer.json()["code"]) == (503, "damaged")
        with world.database.write("demo") as session:
            session.scalars(select(LedgerStretch)).one().records = kept
    assert set(answers(phone.items(sent))) == {"duplicate"}
