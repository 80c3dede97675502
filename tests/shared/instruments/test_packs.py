"""Text packs: signed by the clinic, fitting their form in every part, and honest in their label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloud.care.packs import read_pack
from cloud.errors import CloudError
from shared.care import documents
from shared.care.documents import ClinicCardSeal, SignedDocument
from shared.instruments import packs
from shared.instruments.forms import FORMS, form, phq9
from shared.instruments.packs import AnswerText, ItemText, PackError, TextPack
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from tests.shared.clinic import CLINIC_ID, NOW_S, Clinic

EXAMPLE = Path(__file__).parents[3] / "docs" / "text-packs" / "mood-in-plain-words.toml"


def pack_of(form_id: str = "phq-9", **changes: Any) -> TextPack:
    own = form(form_id)
    said: dict[str, Any] = {
        "instrument": form_id,
        "language": "de",
        "serial": 3,
        "official": True,
        "name": "Gesundheitsfragen",
        "label": "PHQ-9, official wording",
        "licence": "free to use",
        "lead": "Wie oft",
        "items": tuple(
            ItemText(
                item.id,
                f"{item.id}?",
                ()
                if all(r.text == str(r.value) for r in item.answers.responses)
                else tuple(AnswerText(v, f"Antwort {v}") for v in sorted(item.values)),
            )
            for item in own.items
        ),
    }
    return TextPack(**(said | changes))


def signed(pack: TextPack, clinic: Clinic, **changes: Any) -> SignedDocument:
    made = packs.sign(
        pack,
        clinic_id=CLINIC_ID,
        signer=clinic.online[Purpose.ENROLMENT],
        certificate=clinic.certificate(Purpose.ENROLMENT),
    )
    return replace(made, **changes)


def judged(document: SignedDocument, clinic: Clinic, *, clinic_id: bytes = CLINIC_ID) -> TextPack:
    return packs.judge(document, clinic_id=clinic_id, root=clinic.root.public_key, now_s=NOW_S)


@pytest.mark.parametrize("form_id", FORMS)
def test_a_pack_for_each_form_survives_the_wire_and_changes_words_alone(form_id: str) -> None:
    clinic = Clinic()
    document = signed(pack_of(form_id), clinic)
    wire = fields.unpack(SignedDocument, fields.pack(document))
    asked, own = packs.apply(judged(wire, clinic)), form(form_id)
    assert [i.id for i in asked.items] == [i.id for i in own.items]
    assert [i.values for i in asked.items] == [i.values for i in own.items]
    assert (asked.scoring, asked.change) == (own.scoring, own.change)
    assert asked.items[0].prompt == f"{own.items[0].id}?"
    assert (asked.language, asked.pack_serial, asked.title) == ("de", 3, "Gesundheitsfragen")


def test_with_a_pack_label_and_code_are_the_instruments() -> None:
    score = packs.apply(pack_of()).score([1] * 9)
    assert (score.label, score.code) == ("PHQ-9, official wording", "44261-6")
    own = phq9().score([1] * 9)
    assert (own.label, own.code) == ("own wording, not validated", None)


def test_a_pack_in_own_words_keeps_the_label_of_own_wording_and_no_code() -> None:
    score = packs.apply(pack_of(official=False)).score([1] * 9)
    assert (score.label, score.code) == ("own wording, not validated", None)


def test_the_safety_plan_stands_behind_the_same_item_in_any_words() -> None:
    assert packs.apply(pack_of()).needs_safety_plan([*[0] * 8, 1])


WHOLE = pack_of()
UNFIT: dict[str, tuple[TextPack, str]] = {
    "another instrument": (pack_of(instrument="y-bocs"), "instrument"),
    "an item left out": (replace(WHOLE, items=WHOLE.items[:-1]), "items"),
    "an item too many": (replace(WHOLE, items=(*WHOLE.items, ItemText("x", "y?"))), "items"),
    "another order": (replace(WHOLE, items=WHOLE.items[::-1]), "items"),
    "an answer left out": (
        replace(WHOLE, items=(replace(WHOLE.items[0], answers=()), *WHOLE.items[1:])),
        "phq9-1",
    ),
    "an answer too many": (
        replace(
            WHOLE,
            items=(
                replace(WHOLE.items[0], answers=(*WHOLE.items[0].answers, AnswerText(4, "mehr"))),
                *WHOLE.items[1:],
            ),
        ),
        "phq9-1",
    ),
    "no licence": (replace(WHOLE, licence=" "), "licence"),
    "no language": (replace(WHOLE, language="D!"), "language"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_pack_that_does_not_fit_is_refused_with_the_field_at_fault(name: str) -> None:
    pack, field = UNFIT[name]
    with pytest.raises(PackError) as refused:
        packs.apply(pack)
    assert refused.value.field == field
    with pytest.raises(PackError):
        signed(pack, Clinic())


def test_a_changed_word_an_unknown_key_and_another_clinic_are_refused() -> None:
    clinic = Clinic()
    document = signed(WHOLE, clinic)
    changed = fields.pack(replace(WHOLE, name="Another name"))
    with pytest.raises(TrustError, match="another document"):
        judged(replace(document, document=changed), clinic)
    with pytest.raises(TrustError):
        judged(document, Clinic())
    with pytest.raises(TrustError):
        judged(document, clinic, clinic_id=b"another-clinic")
    stranger = packs.sign(
        WHOLE,
        clinic_id=CLINIC_ID,
        signer=SoftwareKey.generate(),
        certificate=clinic.certificate(Purpose.ENROLMENT),
    )
    with pytest.raises(TrustError):
        judged(stranger, clinic)


def test_a_card_is_no_pack_and_a_serial_is_what_was_signed() -> None:
    clinic = Clinic()

    def sealed(kind: Any, serial: int) -> SignedDocument:
        return documents.sign(
            kind,
            fields.pack(WHOLE),
            serial=serial,
            clinic_id=CLINIC_ID,
            signer=clinic.online[Purpose.ENROLMENT],
            certificate=clinic.certificate(Purpose.ENROLMENT),
        )

    with pytest.raises(TrustError, match="clinic-card"):
        judged(sealed(ClinicCardSeal, 3), clinic)
    with pytest.raises(WireError, match="signed as 4"):
        judged(sealed(documents.TextPackSeal, 4), clinic)


def test_the_example_is_a_whole_pack_in_our_own_words() -> None:
    pack = read_pack(EXAMPLE.read_text("utf-8"))
    asked = packs.apply(pack)
    assert not asked.official
    assert asked.score([3] * 9).label == "own wording, not validated"
    assert all(a.prompt != b.prompt for a, b in zip(asked.items, phq9().items, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('licence = "The', 'lizenz = "The', "licence"),
        ('id = "phq9-4"', 'id = "phq9-5"', "items"),
        ('3 = "On nearly all"', "", "phq9-1"),
        ("serial = 1", "serial = 0", "serial"),
        ("[answers]", "[answers", "expected"),
    ],
)
def test_a_file_that_is_no_pack_says_what_is_at_fault(old: str, new: str, said: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(CloudError, match=f"(?i){said}"):
        read_pack(text.replace(old, new))
