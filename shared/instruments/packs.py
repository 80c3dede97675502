"""Text packs: an instrument's wording from the clinic, in a signed file.

A pack changes words and nothing else: items, answers, scoring and bands stay the form's own, and
one that doesn't fit them exactly is refused. With official words, label and code of a score are
the instrument's; a pack in somebody's own words keeps the label of own wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.care import documents
from shared.care.documents import SignedDocument, TextPackSeal
from shared.instruments.forms import FORMS, form
from shared.instruments.items import Answers, Item, Response
from shared.instruments.questionnaire import Questionnaire
from shared.trust.keys import PublicKey, Signer
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

LANGUAGE_LETTERS_MAX = 8


class PackError(ValueError):
    """A pack that doesn't fit its form; ``field`` names what is at fault."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


@dataclass(frozen=True)
class AnswerText:
    """The words of one answer, by its value."""

    value: int = wire(1, maximum=253)
    text: str = wire(2, minimum=1, maximum=200)


@dataclass(frozen=True)
class ItemText:
    """The words of one item; ``answers`` where they differ from the pack's own, and what the ends
    of a scale mean."""

    id: str = wire(1, minimum=1, maximum=32)
    prompt: str = wire(2, minimum=1, maximum=800)
    answers: tuple[AnswerText, ...] = wire(3, maximum=64, default=())
    low: str = wire(4, maximum=120, default="")
    high: str = wire(5, maximum=120, default="")


@dataclass(frozen=True)
class TextPack:
    """The wording of one form in one language.

    ``name`` is how the instrument is called there, ``label`` stands beside each score, ``licence``
    says by whose leave the words are shown. ``official`` is False for words of one's own.
    """

    instrument: str = wire(1, minimum=1, maximum=32)
    language: str = wire(2, minimum=2, maximum=LANGUAGE_LETTERS_MAX)
    serial: int = wire(3, minimum=1, maximum=2**31)
    official: bool = wire(4)
    name: str = wire(5, minimum=1, maximum=120)
    label: str = wire(6, minimum=1, maximum=160)
    licence: str = wire(7, minimum=1, maximum=400)
    lead: str = wire(8, maximum=400)
    items: tuple[ItemText, ...] = wire(9, minimum=1, maximum=64)
    answers: tuple[AnswerText, ...] = wire(10, maximum=64, default=())


def sign(pack: TextPack, *, clinic_id: bytes, signer: Signer, certificate: bytes) -> SignedDocument:
    """Return the pack signed; raise PackError where it doesn't fit its form."""
    apply(pack)
    return documents.sign(
        TextPackSeal,
        fields.pack(pack),
        serial=pack.serial,
        clinic_id=clinic_id,
        signer=signer,
        certificate=certificate,
    )


def judge(signed: SignedDocument, *, clinic_id: bytes, root: PublicKey, now_s: int) -> TextPack:
    """Return the pack: TrustError where it isn't the clinic's, WireError where it can't be read,
    PackError where it doesn't fit its form."""
    seal = documents.judge(TextPackSeal, signed, clinic_id=clinic_id, root=root, now_s=now_s)
    pack = fields.unpack(TextPack, signed.document)
    if pack.serial != seal.serial:
        raise WireError("serial", f"is {pack.serial}, signed as {seal.serial}")
    apply(pack)
    return pack


def apply(pack: TextPack) -> Questionnaire:
    """Return the form in the pack's words; raise PackError unless it fits in every part."""
    if pack.instrument not in FORMS:
        raise PackError("instrument", f"{pack.instrument!r:.40} is no form of this version")
    own = form(pack.instrument)
    if not pack.licence.strip():
        raise PackError("licence", "says nothing")
    if not (pack.language.isascii() and pack.language.isalpha() and pack.language.islower()):
        raise PackError("language", f"{pack.language!r:.20} is not a code such as 'de'")
    asked, given = [item.id for item in own.items], [text.id for text in pack.items]
    if asked != given:
        odd = next((i for i in given if i not in asked), None)
        missing = next((i for i in asked if i not in given), None)
        said = f"{odd!r:.40} is none of it" if odd else f"{missing!r:.40} is missing"
        raise PackError("items", said if odd or missing else "are in another order")
    texts = {text.id: text for text in pack.items}
    return replace(
        own,
        version=pack.serial,
        title=pack.name,
        lead=pack.lead,
        items=tuple(_item(item, texts[item.id], pack) for item in own.items),
        wording_label=pack.label if pack.official else own.wording_label,
        official=pack.official,
        language=pack.language,
        pack_serial=pack.serial,
    )


def _item(item: Item, text: ItemText, pack: TextPack) -> Item:
    words = {answer.value: answer.text for answer in (text.answers or pack.answers)}
    numbers = all(one.text == str(one.value) for one in item.answers.responses)
    if not words and numbers:
        return replace(item, prompt=text.prompt, answers=_ends(item.answers, text))
    if set(words) != item.values:
        raise PackError(item.id, f"has answers {sorted(words)}, not {sorted(item.values)}")
    return replace(item, prompt=text.prompt, answers=_answers(item.answers, words, text))


def _ends(answers: Answers, text: ItemText) -> Answers:
    return replace(answers, low=text.low, high=text.high)


def _answers(answers: Answers, words: Mapping[int, str], text: ItemText) -> Answers:
    responses = tuple(Response(one.value, words[one.value]) for one in answers.responses)
    return replace(_ends(answers, text), responses=responses)
