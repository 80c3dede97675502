"""Somebody close, by the patient's consent: what the phone signs, and what the clinic says back.

The phone makes the invitation's code and the clinic is told only what scrypt (RFC 7914) makes of
it. Who it is stands sealed to the care key inside. Ingest reads the rest, so that taking it back
ends it in the moment in which it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shared.trust.letter_codes import GROUP_LETTERS, Code
from shared.trust.statements import ID_BYTES
from shared.wire.errors import WireError
from shared.wire.fields import wire

NAME_CHARACTERS = 60
SEALED_NAME_MAX = 512
INVITATION_MS = 7 * 86_400_000
"""So long an invitation is good (own figure, as a staff invitation's)."""
VERIFIER_BYTES = 32
_COST, _BLOCK, _LANES = 2**14, 8, 1


class Shown(IntEnum):
    """One thing that somebody close may see. Notes, messages and single answers are none."""

    SESSIONS = 1
    NEXT = 2
    ATTENTION = 3
    SCORES = 4


@dataclass(frozen=True)
class Invitation:
    """What the clinic is told of a code: the group that finds it, what it's compared with, and
    until when it's good, in Unix milliseconds."""

    code_id: str = wire(1, minimum=GROUP_LETTERS, maximum=GROUP_LETTERS)
    verifier: bytes = wire(2, length=VERIFIER_BYTES)
    until_ms: int = wire(3)


@dataclass(frozen=True)
class CaregiverWord:
    """The patient's word on somebody close: what they may see from now on, or that it has ended.

    ``said_ms`` orders the words on one person: a later one takes an earlier one's place, and none
    takes ``ended`` back. ``name`` is sealed to the care key. Audience: the clinic; signed by the
    app key.
    """

    TYPE: ClassVar[str] = "circlet/caregiver-word/v1"

    caregiver_id: bytes = wire(1, length=ID_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    said_ms: int = wire(3)
    shown: tuple[Shown, ...] = wire(4, maximum=len(Shown))
    ended: bool = wire(5)
    name: bytes = wire(6, minimum=1, maximum=SEALED_NAME_MAX)
    invitation: Invitation | None = wire(7, default=None)

    def __post_init__(self) -> None:
        if list(self.shown) != sorted(set(self.shown)):
            raise WireError("shown", "names one thing twice, or out of order")
        if self.ended and (self.shown or self.invitation is not None):
            raise WireError("ended", "shows something all the same")


@dataclass(frozen=True)
class CaregiverNews:
    """How it stands at the clinic, for each of the patient's phones.

    ``joined_ms`` is when the person came in, ``ended_ms`` when it ended; 0 for not yet.
    ``by_clinic`` says that the clinic ended it. ``pages`` is the address of the pages that an
    invitation leads to; ``name`` is empty where the process that tells can't read it.
    """

    caregiver_id: bytes = wire(1, length=ID_BYTES)
    said_ms: int = wire(2)
    shown: tuple[Shown, ...] = wire(3, maximum=len(Shown))
    pages: str = wire(4, maximum=256)
    joined_ms: int = wire(5, default=0)
    ended_ms: int = wire(6, default=0)
    by_clinic: bool = wire(7, default=False)
    name: str = wire(8, maximum=4 * NAME_CHARACTERS, default="")


def verifier_of(code: Code) -> bytes:
    """Return what a code is compared with; takes some hundredths of a second and 16 MiB."""
    salt = f"circlet/caregiver/v1/{code.clinic_id}/{code.code_id}".encode()
    slow = Scrypt(salt=salt, length=VERIFIER_BYTES, n=_COST, r=_BLOCK, p=_LANES)
    return slow.derive(code.secret.encode())


def name_context(patient_id: bytes) -> bytes:
    """Return the associated data of a name that is sealed to the care key."""
    return b"circlet/caregiver-name/v1/" + patient_id


def caregiver_item_id(caregiver_id: bytes, said_ms: int) -> str:
    """Return the item id of a word."""
    return f"caregiver/{caregiver_id.hex()}/{said_ms}"
