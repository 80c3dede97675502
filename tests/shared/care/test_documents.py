"""A card counts only where a key of the clinic's own, certified for this, stands for all of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from shared.care import documents
from shared.care.documents import ClinicCardSeal, SignedDocument, TextPackSeal
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from tests.shared.care.cards import card
from tests.shared.clinic import CLINIC_ID, NOW_S, Clinic

CLINIC = Clinic()


def signed(purpose: Purpose = Purpose.ENROLMENT, **changes: object) -> SignedDocument:
    return documents.sign_card(
        card(**changes),
        clinic_id=CLINIC_ID,
        signer=CLINIC.online[purpose],
        certificate=CLINIC.certificate(purpose),
    )


def judge(document: SignedDocument, **changes: object) -> object:
    given = {"clinic_id": CLINIC_ID, "root": CLINIC.root.public_key, "now_s": NOW_S}
    return documents.judge_card(document, **(given | changes))  # type: ignore[arg-type]


def refusal(document: SignedDocument, **changes: object) -> str:
    with pytest.raises(TrustError) as refused:
        judge(document, **changes)
    return refused.value.code


def test_the_clinics_own_card_is_taken() -> None:
    assert judge(signed()) == card()
    assert judge(fields.unpack(SignedDocument, fields.pack(signed()))) == card()


@pytest.mark.parametrize(
    "purpose", [each for each in CLINIC.online if each is not Purpose.ENROLMENT]
)
def test_no_other_key_of_the_clinic_may_sign_it(purpose: Purpose) -> None:
    assert refusal(signed(purpose)) == "purpose"


def test_another_clinics_card_is_not_this_ones() -> None:
    assert refusal(signed(), clinic_id=b"other") == "audience"
    assert refusal(signed(), root=SoftwareKey.generate().public_key) in ("issuer", "signature")


def test_a_card_after_its_keys_time_is_refused() -> None:
    assert refusal(signed(), now_s=NOW_S + 50 * 365 * 86_400) == "expired"


def test_a_changed_number_is_noticed() -> None:
    other = fields.pack(card(on_call_number="+49 30 23125 666"))
    assert refusal(replace(signed(), document=other)) == "digest"


def test_a_seal_of_another_kind_is_no_cards() -> None:
    pack = documents.sign(
        TextPackSeal,
        fields.pack(card()),
        serial=1,
        clinic_id=CLINIC_ID,
        signer=CLINIC.online[Purpose.ENROLMENT],
        certificate=CLINIC.certificate(Purpose.ENROLMENT),
    )
    assert refusal(pack) == "type"


def test_the_serial_is_the_signed_one() -> None:
    seal = sign1.sign(
        ClinicCardSeal(7, hashlib.sha256(signed().document).digest()),
        audience=CLINIC_ID,
        signer=CLINIC.online[Purpose.ENROLMENT],
    )
    with pytest.raises(WireError, match="serial"):
        judge(replace(signed(), seal=seal))
