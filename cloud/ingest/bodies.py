"""JSON bodies of the phones' API; bytes travel as base64url without padding."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

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


Base64Url = Annotated[
    bytes,
    BeforeValidator(decode_bytes, json_schema_input_type=str),
    PlainSerializer(encode_bytes, return_type=str),
]


VISIBLE_ASCII = r"^[!-~]*$"
"""What ids and kinds are made of: no database and no log trips over it."""


class Body(BaseModel):
    """A request's body: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class UpItem(Body):
    """One item of a phone."""

    id: str = Field(min_length=1, max_length=200, pattern=VISIBLE_ASCII)
    kind: str = Field(
        max_length=32, pattern=VISIBLE_ASCII, description=f"One of: {', '.join(UpKind)}."
    )
    body: Base64Url


class ItemsRequest(Body):
    """A batch of items; answered one by one."""

    items: list[UpItem] = Field(max_length=5000)


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


class SyncAnswer(Watch):
    """What was queued after the cursor."""

    items: list[DownItem]


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


class Problem(Body):
    """Why not: a stable code and a sentence; the clinic's clock where a signature didn't hold."""

    code: str
    sentence: str
    now_ms: int | None = None
