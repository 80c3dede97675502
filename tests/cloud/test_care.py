"""Care in the cloud: the clinic's card reaches every phone, what phones tell stays sealed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cloud.audit.service import newest as audit_newest
from cloud.care import cards, packs, service
from cloud.care.card_file import read_card
from cloud.care.staff_words import relay
from cloud.cli import main
from cloud.clinics.service import clinic_of
from cloud.errors import NotFound, Refused
from cloud.ingest.bodies import decode_bytes
from cloud.patients.service import new_code
from cloud.phones.revoking import revoke
from cloud.phones.waiting import after
from shared.care import bodies, documents
from shared.care.bodies import MessageOut
from shared.care.card import OpenHours
from shared.care.documents import SignedDocument
from shared.care.from_clinic import ClinicMessage, Seen
from shared.instruments import packs as text_packs
from shared.trust import certificates, challenge
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sealing import open_sealed, seal
from shared.trust.staff_words import LiftHold, LiftLine, SignedWord
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import fields
from shared.wire.items import RelayedWord, care_context, care_id
from tests.cloud.phone import Phone
from tests.cloud.worlds import START_MS, World
from tests.shared.care.cards import card
from tests.shared.clinic import DESK_ORIGIN, DESK_RP, sign_as_passkey

DEMO_CARD = Path(__file__).parents[1] / "journey" / "clinic-card.toml"
ITEM = care_id(1_772_442_000_000, bytes(16))


def told(world: World, phone: Phone, item: Any = None) -> dict[str, Any]:
    patient_id = phone.bytes_of("patient_id")
    plain = bodies.pack(
        item or MessageOut("", call_me=True), at_ms=world.clock.now_ms, patient_id=patient_id
    )
    to = world.identity.keys["care"].public_key
    return {
        "id": ITEM,
        "kind": "care",
        "body": seal(plain, to=to, context=care_context(patient_id)),
    }


def down(phone: Phone, kind: str) -> list[bytes]:
    answer = phone.get("/v1/sync?cursor=0")
    assert answer.status_code == 200, answer.text
    return [decode_bytes(each["body"]) for each in answer.json()["items"] if each["kind"] == kind]


def publish(world: World, **changes: Any) -> int:
    with world.database.write("demo") as session:
        return cards.publish(
            session,
            "demo",
            card(**changes),
            world.identity.keys["enrolment"],
            now_ms=world.clock.now_ms,
        ).serial


def read(world: World, phone: Phone, body: bytes) -> Any:
    return documents.judge_card(
        fields.unpack(SignedDocument, body),
        clinic_id=b"demo",
        root=PublicKey(phone.bytes_of("clinic_root")),
        now_s=world.clock.now_ms // 1000,
    )


# What phones tell


def test_what_is_told_is_kept_sealed_and_answered_once(world: World, phone: Phone) -> None:
    item = told(world, phone)
    assert [each["answer"] for each in phone.items([item])] == ["accepted"]
    assert [each["answer"] for each in phone.items([item])] == ["duplicate"]
    with world.database.read("demo") as session:
        (kept,) = service.items_of(session, "demo", phone.bytes_of("patient_id"))
    assert kept.body == item["body"]
    assert service.read(kept, world.identity.keys["care"])[1] == MessageOut("", call_me=True)


def test_what_is_not_sealed_is_refused(phone: Phone) -> None:
    (answer,) = phone.items([{"id": ITEM, "kind": "care", "body": b"plain"}])
    assert answer["answer"] == "refused"


def test_ingest_holds_no_key_that_opens_it(world: World, phone: Phone) -> None:
    from cloud.ingest.app import KEYS

    context = care_context(phone.bytes_of("patient_id"))
    body = told(world, phone)["body"]
    for name in KEYS:
        with pytest.raises(TrustError):
            open_sealed(body, key=world.identity.keys[name], context=context)


def test_one_patients_words_do_not_open_as_anothers(world: World, phone: Phone) -> None:
    phone.items([told(world, phone)])
    with world.database.write("demo") as session:
        (kept,) = service.items_of(session, "demo", phone.bytes_of("patient_id"))
        assert kept.body
        session.expunge(kept)
    kept.patient_id = b"o" * 16
    with pytest.raises(TrustError):
        service.read(kept, world.identity.keys["care"])


# The clinic's card


def test_a_card_comes_to_the_phones_there_are(world: World, phone: Phone) -> None:
    assert publish(world) == 1
    (body,) = down(phone, "clinic_card")
    assert read(world, phone, body) == card(serial=1)


def test_a_phone_that_is_enrolled_later_gets_the_newest(world: World, phone: Phone) -> None:
    publish(world)
    publish(world, day_number="+49 30 23125 011")
    with world.database.write("demo") as session:
        code = new_code(session, "demo", phone.bytes_of("patient_id"), now_ms=world.clock.now_ms)
    second = Phone(world, phone.client)
    assert second.enrol(code).status_code == 200
    newest = read(world, second, down(second, "clinic_card")[-1])
    assert (newest.serial, newest.day_number) == (2, "+49 30 23125 011")


def test_a_patient_who_comes_later_gets_it_too(world: World, ingest: TestClient) -> None:
    publish(world)
    late = Phone(world, ingest)
    assert late.enrol(world.enrol()[1]).status_code == 200
    (body,) = down(late, "clinic_card")
    assert read(world, late, body) == card(serial=1)


def test_the_same_card_again_is_no_new_one(world: World, phone: Phone) -> None:
    assert [publish(world), publish(world), publish(world, hours=())] == [1, 1, 2]
    assert len(down(phone, "clinic_card")) == 2


def test_a_card_whose_number_nobody_can_dial_is_not_published(world: World) -> None:
    with pytest.raises(Refused, match="day_number"):
        publish(world, day_number="see your letter")
    with pytest.raises(Refused, match="zone"):
        publish(world, zone="Europe/Atlantis")


# Messages, and what was seen


def test_a_message_comes_to_the_phone_and_is_on_the_audit_log(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    with world.database.write("demo") as session:
        message_id = service.send_message(
            session, "demo", patient_id, "Hello.", author="K.", actor="op", now_ms=7
        )
        (event,) = audit_newest(session, "demo", 1)
    assert down(phone, "message") == [fields.pack(ClinicMessage(message_id, 7, "K.", "Hello."))]
    assert (event.action, event.subject) == ("message sent", f"patient/{patient_id.hex()}")


def test_a_message_has_words_and_an_end(world: World, phone: Phone) -> None:
    for text in ("", "x" * 2_001):
        with world.database.write("demo") as session, pytest.raises(Refused, match="text"):
            service.send_message(
                session,
                "demo",
                phone.bytes_of("patient_id"),
                text,
                author="K.",
                actor="op",
                now_ms=7,
            )


def test_the_first_to_see_an_item_is_told_once(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    phone.items([told(world, phone)])
    for by, now_ms in (("K.", 7), ("M.", 8)):
        with world.database.write("demo") as session:
            service.mark_seen(session, "demo", patient_id, ITEM, by=by, actor="op", now_ms=now_ms)
    assert [fields.unpack(Seen, body) for body in down(phone, "seen")] == [Seen(ITEM, "K.", 7)]


def test_what_never_came_cannot_be_seen(world: World, phone: Phone) -> None:
    with world.database.write("demo") as session, pytest.raises(NotFound):
        service.mark_seen(
            session, "demo", phone.bytes_of("patient_id"), ITEM, by="K.", actor="op", now_ms=7
        )


# The card as a file, and the commands


def test_the_demos_card_is_read_as_it_is_written() -> None:
    read_ = read_card(DEMO_CARD.read_text("utf-8"))
    assert read_.hours[0] == OpenHours(0, 480, 720)
    assert len(read_.hours) == 8
    assert [each.name for each in read_.medicines if each.harmless] == ["Paracetamol", "Ibuprofen"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('zone = "Europe/Berlin"', ""), "zone"),
        (("asks_pregnancy = true", 'asks_pregnancy = "yes"'), "asks_pregnancy"),
        (('friday = ["8:00-14:00"]', 'friday = ["8-14"]'), "hours.friday"),
        (('friday = ["8:00-14:00"]', 'friday = ["8:00-24:01"]'), "hours.friday"),
        (('friday = ["8:00-14:00"]', 'friday = ["14:00-8:00"]'), "hours"),
        (("friday", "fryday"), "hours.fryday"),
        (("harmless = true", 'harmless = "true"'), "medicines.harmless"),
        (("every_days = 7", "every_days = 0"), "every_days"),
        (("every_days = 7", "days = 7"), "instruments"),
        (('zone = "Europe/Berlin"', 'zone = "Europe/Berlin"\nfax = "1"'), "fax"),
        (('closed_days = ["2026-12-25"', "closed_days = [25"), "closed_days"),
        (('zone = "', "zone = "), "toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(change: tuple[str, str], named: str) -> None:
    text = DEMO_CARD.read_text("utf-8")
    assert change[0] in text
    with pytest.raises(Refused) as refused:
        read_card(text.replace(*change, 1))
    assert refused.value.code == named


def test_the_commands_do_it_from_a_shell(
    world: World,
    phone: Phone,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    phone.items([told(world, phone)])
    common = ("--data", str(world.settings.data), "--identity", str(world.identity.folder))
    who = ("--patient", "Maria Sample")
    main(["publish-card", "--file", str(DEMO_CARD), *common])
    main(["send-message", "--author", "K.", "--text", "Hello.", *who, *common])
    main(["mark-seen", "--item", ITEM, "--by", "K.", *who, *common])
    main(["care-items", *who, *common])
    main(["revoke-phone", "--number", "1", *who, *common])
    main(["phones", *who, *common])
    printed = capsys.readouterr().out
    assert "card 1 of Demo clinic" in printed
    assert re.search(rf"{ITEM} .* seen by K\. .*call_me=True", printed)
    assert re.search("1  enrolled .*  revoked ", printed)
    with world.database.read("demo") as session:
        waiting = after(session, "demo", phone.bytes_of("patient_id"), 0)
    assert [each.kind for each in waiting] == ["clinic_card", "message", "seen"]
    with pytest.raises(SystemExit, match="exactly one such patient"):
        main(["send-message", "--author", "K.", "--text", "x", "--patient", "Nobody", *common])


def test_a_text_pack_reaches_the_phones_once_and_judged_as_the_clinics(
    world: World, phone: Phone
) -> None:
    example = Path(__file__).parents[2] / "docs" / "text-packs" / "mood-in-plain-words.toml"
    with world.database.write("demo") as session:
        pack = packs.read_pack(example.read_text("utf-8"))
        key, now_ms = world.identity.keys["enrolment"], world.clock.now_ms
        assert packs.publish(session, "demo", pack, key, now_ms=now_ms) == 1
    (body,) = down(phone, "text_pack")
    signed = fields.unpack(SignedDocument, body)
    root = PublicKey(phone.bytes_of("clinic_root"))
    now_s = world.clock.now_ms // 1000
    assert text_packs.judge(signed, clinic_id=b"demo", root=root, now_s=now_s) == pack
    with world.database.write("demo") as session:
        packs.queue_newest(session, "demo", phone.bytes_of("patient_id"), now_ms=1)
    assert down(phone, "text_pack") == [body]


# Phones that are lost, and words of staff


def test_a_revoked_phone_is_refused_and_a_new_one_goes_on(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    phone.items([told(world, phone)])
    with world.database.write("demo") as session:
        code = new_code(session, "demo", patient_id, now_ms=world.clock.now_ms)
        for _ in range(2):
            revoke(session, "demo", patient_id, 1, actor="op", now_ms=world.clock.now_ms)
        assert [event.action for event in audit_newest(session, "demo", 9)].count(
            "phone revoked"
        ) == 1
    refused = phone.get("/v1/sync?cursor=0")
    assert (refused.status_code, refused.json()["code"]) == (401, "phone_revoked")
    second = Phone(world, phone.client)
    assert second.enrol(code).status_code == 200
    (known,) = second.get("/v1/received").json()["items"]
    assert (known["id"], known["kind"]) == (ITEM, "care")


def test_the_list_of_what_came_is_of_the_patients_own_and_of_late(
    world: World, phone: Phone
) -> None:
    phone.items([told(world, phone)])
    assert [each["id"] for each in phone.get("/v1/received").json()["items"]] == [ITEM]
    world.clock.now_ms += 91 * 86_400_000
    assert phone.get("/v1/received").json()["items"] == []


def test_who_has_no_such_phone_is_told_so(world: World, phone: Phone) -> None:
    with world.database.write("demo") as session, pytest.raises(NotFound):
        revoke(session, "demo", phone.bytes_of("patient_id"), 7, actor="op", now_ms=1)


def signed_word(world: World, device_id: bytes, scope: Scope = Scope.LIFT_HOLD) -> bytes:
    word = LiftHold(device_id, (LiftLine(b"h" * 16, bytes(32)),))
    key, statement = SoftwareKey.generate(), fields.pack(word)
    assertion = sign_as_passkey(key, (challenge.digest(word.TYPE, statement),))
    certificate = Certificate(
        Purpose.STAFF,
        key.public_key.data,
        "A. Example",
        START_MS // 1000 - 1,
        START_MS // 1000 + 86_400,
        (scope,),
        DESK_RP,
        DESK_ORIGIN,
        False,
        b"credential",
    )
    issued = certificates.issue(certificate, clinic_id=b"demo", root=world.identity.root)
    return fields.pack(RelayedWord(word.TYPE, SignedWord(statement, assertion, issued)))


def relay_to(world: World, phone: Phone, body: bytes) -> None:
    with world.database.write("demo") as session:
        relay(
            session,
            clinic_of(session, "demo"),
            phone.bytes_of("patient_id"),
            body,
            actor="op",
            now_ms=world.clock.now_ms,
        )


def test_a_word_of_staff_waits_for_the_phone(world: World, phone: Phone) -> None:
    body = signed_word(world, world.identity.device_id)
    relay_to(world, phone, body)
    assert down(phone, "staff_word") == [body]


def test_a_word_that_the_band_would_refuse_is_found_out_here(world: World, phone: Phone) -> None:
    for body, words in (
        (signed_word(world, b"o" * 16), "another device"),
        (signed_word(world, world.identity.device_id, Scope.SUPERVISE), "may not lift_hold"),
        (b"junk", "would not be taken"),
    ):
        with pytest.raises(Refused, match=words):
            relay_to(world, phone, body)
    assert down(phone, "staff_word") == []
