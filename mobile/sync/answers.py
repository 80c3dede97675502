"""What the ingest API answers, checked where it enters: every field, every length."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mobile.language import _
from mobile.store.downstream import DownItem, UnknownItem
from mobile.store.sent_again import Holding
from mobile.sync.errors import AnswerUnreadable
from shared.care.looks import LookKind
from shared.firmware.image import HASH_BYTES, MAXIMUM_IMAGE_BYTES
from shared.trust.statements import ID_BYTES, KEY_BYTES
from shared.wire.items import DownKind

LATEST_MS = 253_402_300_800_000
"""The year 10000: beyond it a date can't be written."""

_KINDS = frozenset(kind.value for kind in DownKind)
_TOLD_AT = re.compile("(?:care|checkin/[0-9a-f]+)/([0-9]{1,15})(?:/[0-9a-f]+)?")


class Verdict(StrEnum):
    """What the clinic says to one item."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True)
class ItemAnswer:
    """The answer to one item; a refusal has its reason."""

    id: str
    verdict: Verdict
    reason: str | None


@dataclass(frozen=True)
class Uploaded:
    """The answers to a batch, and when the clinic's watch last beat."""

    answers: tuple[ItemAnswer, ...]
    heartbeat_ms: int | None
    now_ms: int


@dataclass(frozen=True)
class Downloaded:
    """Items from the clinic after a cursor, also those of kinds that this app doesn't know.

    ``records`` is what the clinic has of the band's; None where it doesn't say.
    """

    items: tuple[DownItem | UnknownItem, ...]
    heartbeat_ms: int | None
    now_ms: int
    records: tuple[Holding, ...] | None = None


@dataclass(frozen=True)
class Received:
    """An item that the clinic has of this patient's phones; ``at_ms`` is when it was told, where
    its id says so, else when it came."""

    id: str
    kind: str
    at_ms: int


@dataclass(frozen=True)
class OfferedImage:
    """A firmware image that the clinic offers for the band, by its MCUboot hash."""

    image_hash: bytes
    version: str
    image_bytes: int


@dataclass(frozen=True)
class Look:
    """Somebody who looked; ``who`` is empty for the operator of the clinic's server.

    ``kind`` is None where this app doesn't know the cloud's word for it. ``caregiver_id`` is of
    somebody close, whose name only this phone knows; else it's empty.
    """

    who: str
    roles: tuple[str, ...]
    at_ms: int
    kind: LookKind | None
    caregiver_id: bytes = b""


@dataclass(frozen=True)
class SignedWord:
    """A clearance or a time token, and the certificate of the key that signed it."""

    statement: bytes
    certificate: bytes


@dataclass(frozen=True)
class Enrolled:
    """Everything that makes this phone the patient's: see the ingest API's `enrolments`."""

    phone_id: str
    clinic_id: bytes
    clinic_name: str
    patient_id: bytes
    initials: str
    device_id: bytes
    clinic_root: bytes
    enrolment: bytes
    transfer: bytes
    assignment: bytes
    certificates: tuple[bytes, ...]
    vault_certificate: bytes
    care_certificate: bytes
    device_key: bytes


def encode_bytes(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read_uploaded(body: object) -> Uploaded:
    """Return the answers to a batch."""
    answer = _map("answer", body)
    answers = tuple(_item_answer(line) for line in _list(answer, "answers"))
    return Uploaded(answers, _heartbeat(answer), _int(answer, "now_ms"))


def read_downloaded(body: object) -> Downloaded:
    """Return the items after a cursor, in order."""
    answer = _map("answer", body)
    items = sorted((_down_item(line) for line in _list(answer, "items")), key=lambda i: i.cursor)
    records = None
    if answer.get("records") is not None:
        records = tuple(_holding(line) for line in _list(answer, "records"))
    return Downloaded(tuple(items), _heartbeat(answer), _int(answer, "now_ms"), records)


def read_received(body: object) -> tuple[Received, ...]:
    """Return what came from this patient's phones."""
    answer = _map("answer", body)
    return tuple(_received(line) for line in _list(answer, "items"))


def read_looks(body: object) -> tuple[Look, ...]:
    """Return who looked at this patient's data, the newest first."""
    answer = _map("answer", body)
    return tuple(_look(line) for line in _list(answer, "looks"))


def read_release(body: object) -> OfferedImage | None:
    """Return the image that the band may have; None for none."""
    answer = _map("answer", body)
    if answer.get("release", False) is None:
        return None
    release = _map("release", answer.get("release"))
    size = release.get("image_bytes")
    if type(size) is not int or not 0 < size <= MAXIMUM_IMAGE_BYTES:
        raise AnswerUnreadable("image_bytes")
    return OfferedImage(_bytes(release, "image_hash", HASH_BYTES), _text(release, "version"), size)


def read_part(body: object) -> bytes:
    """Return some bytes of an image, one at least."""
    data = _bytes(_map("answer", body), "data")
    if not data:
        raise AnswerUnreadable("data")
    return data


def read_word(body: object, name: str) -> SignedWord:
    """Return the statement of that name with its certificate."""
    answer = _map("answer", body)
    return SignedWord(_bytes(answer, name), _bytes(answer, "certificate"))


def read_enrolled(body: object) -> Enrolled:
    """Return the enrolment."""
    answer = _map("enrolment", body)
    return Enrolled(
        phone_id=_text(answer, "phone_id"),
        clinic_id=_text(answer, "clinic_id").encode(),
        clinic_name=_text(answer, "clinic_name"),
        patient_id=_bytes(answer, "patient_id", ID_BYTES),
        initials=_text(answer, "initials"),
        device_id=_bytes(answer, "device_id", ID_BYTES),
        clinic_root=_bytes(answer, "clinic_root", KEY_BYTES),
        enrolment=_bytes(answer, "enrolment"),
        transfer=_bytes(answer, "transfer"),
        assignment=_bytes(answer, "assignment"),
        certificates=tuple(_decode("certificates", line) for line in _list(answer, "certificates")),
        vault_certificate=_bytes(answer, "vault_key"),
        care_certificate=_bytes(answer, "care_key"),
        device_key=_bytes(answer, "device_key", KEY_BYTES),
    )


def read_refusal(body: object) -> tuple[str, str, int | None]:
    """Return code, sentence and the clinic's clock of an error, as far as it has them."""
    if not isinstance(body, Mapping):
        return "unknown", _("The clinic's server refused this without saying why."), None
    code = next((body[k] for k in ("code", "error") if isinstance(body.get(k), str)), "unknown")
    names = ("sentence", "detail", "message", "error")
    sentence = next((body[k] for k in names if isinstance(body.get(k), str)), code)
    now_ms = body.get("now_ms")
    return code, sentence, now_ms if type(now_ms) is int and 0 <= now_ms < LATEST_MS else None


def _item_answer(line: object) -> ItemAnswer:
    answer = _map("answers", line)
    try:
        verdict = Verdict(_text(answer, "answer"))
    except ValueError as problem:
        raise AnswerUnreadable("answers.answer") from problem
    reason = answer.get("reason")
    return ItemAnswer(_text(answer, "id"), verdict, reason if isinstance(reason, str) else None)


def _down_item(line: object) -> DownItem | UnknownItem:
    """Return the item; one of a newer cloud's kind doesn't keep those after it from arriving."""
    item = _map("items", line)
    kind, cursor = _text(item, "kind"), _int(item, "cursor")
    item_id = str(item.get("id", cursor))
    if kind not in _KINDS:
        body = _decode("body", item["body"]) if item.get("body") else b""
        return UnknownItem(cursor, item_id, kind, body)
    return DownItem(cursor, item_id, DownKind(kind), _bytes(item, "body"))


def _holding(line: object) -> Holding:
    held = _map("records", line)
    lacks = []
    for pair in _list(held, "lacks"):
        ends = dict(zip(("first", "last"), _list({"lacks": pair}, "lacks"), strict=False))
        lacks.append((_int(ends, "first"), _int(ends, "last")))
    return Holding(
        _bytes(held, "epoch", ID_BYTES),
        _int(held, "received_to"),
        _int(held, "head_number"),
        tuple(lacks),
    )


def _received(line: object) -> Received:
    item = _map("items", line)
    item_id, kind = _text(item, "id"), _text(item, "kind")
    told = _TOLD_AT.fullmatch(item_id)
    return Received(item_id, kind, int(told[1]) if told else _int(item, "received_ms"))


def _look(line: object) -> Look:
    look = _map("looks", line)
    who = "" if look.get("who") == "" else _text(look, "who")
    roles = tuple(_text({"roles": role}, "roles") for role in _list(look, "roles"))
    try:
        kind = LookKind(_text(look, "kind"))
    except ValueError:
        kind = None
    close_by = _decode("caregiver_id", look.get("caregiver_id", ""))
    return Look(who, roles, _int(look, "at_ms"), kind, close_by)


def _heartbeat(answer: Mapping[str, Any]) -> int | None:
    return None if answer.get("heartbeat_ms") is None else _int(answer, "heartbeat_ms")


def _map(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise AnswerUnreadable(name)
    return value


def _list(answer: Mapping[str, Any], name: str) -> list[object]:
    value = answer.get(name)
    if not isinstance(value, list):
        raise AnswerUnreadable(name)
    return value


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise AnswerUnreadable(name)
    try:
        value.encode()
    except UnicodeEncodeError as problem:  # JSON can spell half a character
        raise AnswerUnreadable(name) from problem
    return value


def _int(answer: Mapping[str, Any], name: str) -> int:
    value = answer.get(name)
    if type(value) is not int or value < 0:
        raise AnswerUnreadable(name)
    return value


def _bytes(answer: Mapping[str, Any], name: str, length: int | None = None) -> bytes:
    data = _decode(name, answer.get(name))
    if not data or (length is not None and len(data) != length):
        raise AnswerUnreadable(name)
    return data


def _decode(name: str, value: object) -> bytes:
    if not isinstance(value, str):
        raise AnswerUnreadable(name)
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise AnswerUnreadable(name) from problem
