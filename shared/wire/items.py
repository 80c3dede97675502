"""What phone and cloud exchange: kinds of items, their ids, and the bodies that are ours.

An item's id is made from what it is, so that the same thing sent twice is a duplicate and never
a second fact. Bodies of records, heads and prescriptions are the very bytes that were signed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.trust.passkey import Assertion
from shared.trust.staff_words import SignedWord
from shared.trust.statements import ID_BYTES, NONCE_BYTES
from shared.wire.errors import WireError
from shared.wire.fields import wire

_LEDGER_ID = re.compile(
    "(?P<kind>record|head)/(?P<device>[0-9a-f]{32})/(?P<epoch>[0-9a-f]{32})"
    "/(?P<number>[1-9][0-9]{0,9})(/(?P<nonce>[0-9a-f]{32}))?"
)


class UpKind(StrEnum):
    """Items that a phone sends."""

    RECORD = "record"
    HEAD = "head"
    SESSION_LOG = "session_log"
    CHECKIN = "checkin"
    GATE_ANSWERS = "gate_answers"
    CARE = "care"
    CAREGIVER = "caregiver"
    TIME_REQUEST = "time_request"


class DownKind(StrEnum):
    """Items that a phone is given."""

    PRESCRIPTION = "prescription"
    HOLD = "hold"
    HOLD_CONFIRMATION = "hold_confirmation"
    CERTIFICATE = "certificate"
    CLINIC_CARD = "clinic_card"
    TEXT_PACK = "text_pack"
    MESSAGE = "message"
    SEEN = "seen"
    STAFF_WORD = "staff_word"
    RECEIPT = "receipt"
    REVOCATION = "revocation"
    CAREGIVER = "caregiver"
    LAST_WORD = "last_word"


FOR_THE_BAND = frozenset(
    {
        DownKind.PRESCRIPTION,
        DownKind.HOLD,
        DownKind.HOLD_CONFIRMATION,
        DownKind.CERTIFICATE,
        DownKind.STAFF_WORD,
        DownKind.RECEIPT,
        DownKind.REVOCATION,
    }
)
"""What the band itself answers to; all else is the phone's to take in."""


@dataclass(frozen=True)
class SignedPrescription:
    """Canonical bytes, the assertion beside them, and the certificate of the staff key."""

    prescription: bytes = wire(1, minimum=1, maximum=1024)
    assertion: Assertion = wire(2)
    certificate: bytes = wire(3, minimum=1, maximum=400)


@dataclass(frozen=True)
class SignedHold:
    """COSE_Sign1 of PlaceHold by the cloud's hold key, and that key's certificate."""

    statement: bytes = wire(1, minimum=1, maximum=700)
    certificate: bytes = wire(2, minimum=1, maximum=300)


@dataclass(frozen=True)
class SignedConfirmation:
    """COSE_Sign1 of ConfirmHold by the cloud's hold key, and that key's certificate."""

    statement: bytes = wire(1, minimum=1, maximum=700)
    certificate: bytes = wire(2, minimum=1, maximum=300)


@dataclass(frozen=True)
class SignedReceipt:
    """COSE_Sign1 of Receipt by the cloud's receipt key, and that key's certificate."""

    statement: bytes = wire(1, minimum=1, maximum=700)
    certificate: bytes = wire(2, minimum=1, maximum=300)


@dataclass(frozen=True)
class SignedLastWord:
    """COSE_Sign1 of the last head of a band that retired, and that band's certificate by its maker:
    what another band asks for before it goes on with the course (R24)."""

    head: bytes = wire(1, minimum=1, maximum=700)
    certificate: bytes = wire(2, minimum=1, maximum=700)


@dataclass(frozen=True)
class RelayedWord:
    """What staff signed for the band beside prescriptions: its type, and the word itself."""

    type: str = wire(1, minimum=1, maximum=64)
    word: SignedWord = wire(2)


@dataclass(frozen=True)
class TimeRequest:
    """A band asks a prescriber to attest time that it lost (R6): its nonce, and Unix time at which
    the phone first had it. It says nothing of the person, and is sealed no more than a record."""

    device_id: bytes = wire(1, length=ID_BYTES)
    nonce: bytes = wire(2, length=NONCE_BYTES)
    asked_ms: int = wire(3)


@dataclass(frozen=True)
class CheckinBody:
    """Answers to a questionnaire, before sealing to the care key; scores are computed anew.

    ``pack_serial`` is the text pack's whose words were shown; 0 where they were the product's own.
    """

    instrument: str = wire(1, minimum=1, maximum=32)
    version: int = wire(2, minimum=1)
    patient_id: bytes = wire(3, length=ID_BYTES)
    answered_ms: int = wire(4)
    answers: tuple[int, ...] = wire(5, minimum=1, maximum=64)
    language: str = wire(6, minimum=2, maximum=8)
    pack_serial: int = wire(7, maximum=2**31, default=0)


def record_id(device_id: bytes, epoch: bytes, number: int) -> str:
    """Return the item id of a ledger record."""
    return f"record/{device_id.hex()}/{epoch.hex()}/{number}"


def head_id(device_id: bytes, epoch: bytes, number: int, nonce: bytes) -> str:
    """Return the item id of a signed head."""
    return f"head/{device_id.hex()}/{epoch.hex()}/{number}/{nonce.hex()}"


def ledger_name(item_id: str, kind: str) -> tuple[bytes, bytes, int]:
    """Return device, epoch and number of a record's or head's id, whose kind is given beside it.

    Raise WireError for any other spelling, so that one thing never has two ids.
    """
    match = _LEDGER_ID.fullmatch(item_id)
    if (
        match is None
        or match["kind"] != kind
        or (match["nonce"] is None) != (kind == UpKind.RECORD)
    ):
        raise WireError("id", f"does not name a {kind:.20}")
    number = int(match["number"])
    if number >= 2**32:
        raise WireError("id", "has a number of more than 32 bits")
    return bytes.fromhex(match["device"]), bytes.fromhex(match["epoch"]), number


def session_log_id(session_id: bytes) -> str:
    """Return the item id of a sealed session log."""
    return f"session-log/{session_id.hex()}"


def time_request_id(device_id: bytes, nonce: bytes) -> str:
    """Return the item id of a band's request for its time."""
    return f"time-request/{device_id.hex()}/{nonce.hex()}"


def care_id(at_ms: int, salt: bytes) -> str:
    """Return the item id of something told of care: when, and 16 random bytes.

    Its content isn't in it: whoever sees ids must not be able to try out what was said.
    """
    return f"care/{at_ms}/{salt.hex()}"


def care_context(patient_id: bytes) -> bytes:
    """Return the associated data of an item of care, sealed to the care key."""
    return b"circlet/care/v1/" + patient_id


def checkin_context(patient_id: bytes) -> bytes:
    """Return the associated data of a check-in sealed to the care key."""
    return b"circlet/checkin/v1/" + patient_id


def session_log_context(patient_id: bytes) -> bytes:
    """Return the associated data of a session log sealed to the patient's vault key."""
    return b"circlet/session-log/v1/" + patient_id
