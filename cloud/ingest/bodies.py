"""JSON bodies of the phones' API; bytes travel as base64url without padding."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.dataclasses import dataclass

from cloud.releases.offering import Outcome
from shared.care.looks import LookKind
from shared.firmware.image import MAXIMUM_IMAGE_BYTES
from shared.wire.items import DownKind, UpKind


def decode_bytes(value: object) -> bytes:
    """Return the bytes of base64url text; bytes pass as they are."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("is not base64url text")
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ValueError("is not base64url text") from problem


def encode_bytes(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


BASE64URL = r"^[A-Za-z0-9_-]*$"
Base64Url = Annotated[
    bytes,
    BeforeValidator(decode_bytes, json_schema_input_type=Annotated[str, Field(pattern=BASE64URL)]),
    PlainSerializer(encode_bytes, return_type=str),
]


ITEMS_MAX = 10_000
"""How many items a request may bring."""

VISIBLE_ASCII = r"^[!-~]*$"
"""What ids and kinds are made of: no database and no log trips over it."""


class Body(BaseModel):
    """A request's body: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def schema_of(kind: type[Body]) -> dict[str, Any]:
    """Return a body's schema with what it refers to in its place: an OpenAPI document looks for
    references elsewhere than a schema that stands alone."""
    schema = kind.model_json_schema()
    return dict(_in_place(schema, schema.pop("$defs", {})))


def _in_place(part: Any, defined: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_in_place(each, defined) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _in_place(defined[part["$ref"].rpartition("/")[2]], defined)
    return {name: _in_place(value, defined) for name, value in part.items()}


class EnrolmentRequest(Body):
    """A phone asks to be enrolled."""

    code: str = Field(max_length=80)
    birth_date: date
    app_key: Base64Url
    request_key: Base64Url


class EnrolmentAnswer(Body):
    """Everything that an enrolled phone needs."""

    clinic_id: str
    clinic_name: str
    patient_id: Base64Url
    initials: str
    device_id: Base64Url
    device_name: str
    device_key: Base64Url
    enrolment: Base64Url
    certificates: list[Base64Url]
    transfer: Base64Url
    assignment: Base64Url
    clinic_root: Base64Url
    vault_key: Base64Url
    care_key: Base64Url
    phone_id: str


ItemId = Annotated[str, Field(min_length=1, max_length=200, pattern=VISIBLE_ASCII)]
ItemKind = Annotated[
    str, Field(max_length=32, pattern=VISIBLE_ASCII, description=f"One of: {', '.join(UpKind)}.")
]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", val_json_bytes="base64"))
class UpItem:
    """One item of a phone."""

    # There may be thousands in a request: the reader of JSON decodes the bytes itself.
    id: ItemId
    kind: ItemKind
    body: Annotated[bytes, WithJsonSchema({"type": "string"})]


class ItemsRequest(Body):
    """A batch of items; answered one by one."""

    items: list[UpItem] = Field(max_length=ITEMS_MAX)


class ItemAnswer(Body):
    """The answer to one item."""

    id: str
    answer: str
    reason: str | None = None


class Watch(Body):
    """Whether anybody watches: the worker's newest heartbeat, beside the cloud's time."""

    heartbeat_ms: int | None
    now_ms: int


class ItemsAnswer(Watch):
    """Answers in the items' order."""

    answers: list[ItemAnswer]


class DownItem(Body):
    """One item for a phone."""

    cursor: int
    kind: str = Field(description=f"One of: {', '.join(DownKind)}.")
    body: Base64Url


class HeldRecord(Body):
    """What the clinic has of the band's record of an epoch: nothing beyond ``received_to``, no
    signed head beyond ``head_number``, and before that none of ``lacks``, pairs of a first and a
    last number. A phone sends again what it has of the rest."""

    device_id: Base64Url
    epoch: Base64Url
    verified_to: int
    received_to: int
    head_number: int
    lacks: list[tuple[int, int]]


class SyncAnswer(Watch):
    """What was queued after the cursor, and what the clinic has of the band's records: of an epoch
    that isn't named, nothing."""

    items: list[DownItem]
    records: list[HeldRecord]


class ReceivedItem(Body):
    """An item that came from one of the patient's phones."""

    id: str
    kind: str
    received_ms: int


class ReceivedAnswer(Watch):
    """What came of late, the newest first: a new phone finds out by it what an old one never sent.

    Ledger records and heads aren't among it: the band has those.
    """

    items: list[ReceivedItem]


class LookItem(Body):
    """Somebody who looked; ``who`` is empty for the operator of the clinic's server.

    ``caregiver_id`` is of somebody close, by the patient's own consent; empty for all others.
    """

    who: str
    roles: list[str]
    caregiver_id: Base64Url
    at_ms: int
    kind: str = Field(description=f"One of: {', '.join(LookKind)}.")


class LooksAnswer(Body):
    """Who looked at the patient's data of late, the newest first."""

    looks: list[LookItem]


class ClearanceRequest(Body):
    """A device's nonce, and what the phone knows to be installed."""

    device_id: Base64Url
    nonce: Base64Url
    serial: int | None = Field(default=None, ge=0)


class ClearanceAnswer(Body):
    """The clearance over the nonce, and its key's certificate."""

    clearance: Base64Url
    certificate: Base64Url


class TimeRequest(Body):
    """A device's nonce."""

    device_id: Base64Url
    nonce: Base64Url


class TimeAnswer(Body):
    """The time over the nonce, and its key's certificate."""

    token: Base64Url
    certificate: Base64Url


class ReleaseRequest(Body):
    """A device that may have newer firmware."""

    device_id: Base64Url


class OfferedRelease(Body):
    """An image that the device may have: its hash, its version, and its size in bytes."""

    image_hash: Base64Url
    version: str
    image_bytes: int


class ReleaseAnswer(Body):
    """What the device may have; null for nothing."""

    release: OfferedRelease | None


class PartRequest(Body):
    """The image's next bytes from ``start`` on."""

    device_id: Base64Url
    image_hash: Base64Url
    start: int = Field(ge=0, le=MAXIMUM_IMAGE_BYTES)


class PartAnswer(Body):
    """So many bytes as the answer has room for."""

    data: Base64Url


class TryRequest(Body):
    """What became of a try to bring the image to the device; ``detail`` is its word for a no."""

    device_id: Base64Url
    image_hash: Base64Url
    outcome: Outcome
    detail: str = Field(default="", max_length=32, pattern=VISIBLE_ASCII)


class TryAnswer(Body):
    """It is kept."""


class Problem(Body):
    """Why not: a stable code and a sentence; the clinic's clock where a signature didn't hold."""

    code: str
    sentence: str
    now_ms: int | None = None
