"""QuestionnaireResponse: what a person answered, item by item, in numbers.

The words that were shown aren't in it: they are the clinic's text pack, or the product's own. An
item that the person would rather not answer is there without an answer and says so; one that
wasn't asked isn't there.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import (
    DATA_ABSENT,
    SPACE,
    Element,
    Resource,
    extension,
    identifier,
    moment,
    without_nothing,
)
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import Source
from shared.instruments.forms import FORMS, form
from shared.instruments.items import NOT_ASKED, NOT_SAID

_CANONICAL = f"{SPACE}instrument:"
_DECLINED = {"url": DATA_ABSENT, "valueCode": "asked-declined"}


@dataclass(frozen=True)
class AnswersRecord:
    """One check-in: an answer for each item of the instrument, in its order (NOT_SAID, NOT_ASKED as
    the phone has them). ``pack_serial`` is 0 where the words were the product's own."""

    item_id: str
    instrument: str
    version: int
    language: str
    pack_serial: int
    answered_ms: int
    answers: tuple[int, ...]


def _write(record: AnswersRecord, source: Source) -> Resource:
    asked = zip(form(record.instrument).items, record.answers, strict=True)
    return without_nothing(
        {
            **source.head("QuestionnaireResponse", key_of(record.item_id)),
            "language": record.language,
            "extension": [extension("pack-serial", "UnsignedInt", record.pack_serial)],
            "identifier": identifier("item", record.item_id),
            "questionnaire": f"{_CANONICAL}{record.instrument}|{record.version}",
            "status": "completed",
            "subject": source.reference("Patient"),
            "authored": moment(record.answered_ms),
            "source": source.reference("Patient"),
            "item": [_item(item.id, value) for item, value in asked if value != NOT_ASKED],
        }
    )


def _item(link_id: str, value: int) -> Resource:
    if value == NOT_SAID:
        return {"extension": [dict(_DECLINED)], "linkId": link_id}
    return {"linkId": link_id, "answer": [{"valueInteger": value}]}


def _read(element: Element) -> AnswersRecord:
    name = element.text("questionnaire")
    instrument, _bar, version = name.removeprefix(_CANONICAL).partition("|")
    if instrument not in FORMS or not version.isascii() or not version.isdigit():
        raise NotValid(element.at("questionnaire"), "names no instrument of this version")
    given = {
        each.text("linkId"): each.first("answer").whole("valueInteger")
        if each.has("answer")
        else NOT_SAID
        for each in element.each("item")
    }
    return AnswersRecord(
        item_id=element.identifier("item"),
        instrument=instrument,
        version=int(version[:10]),
        language=element.text("language"),
        pack_serial=element.extension("pack-serial").whole("valueUnsignedInt"),
        answered_ms=element.moment("authored"),
        answers=tuple(given.get(item.id, NOT_ASKED) for item in form(instrument).items),
    )


def key_of(item_id: str) -> str:
    """Return what a check-in's id is made of."""
    return item_id


ANSWERS = Mapping(
    "answers",
    "QuestionnaireResponse",
    AnswersRecord,
    lambda record: key_of(record.item_id),
    _write,
    _read,
)
