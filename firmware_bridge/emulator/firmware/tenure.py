"""Whose device this is from one record on, and the numbers that no reset wipes (R23).

A tenure is a page; it counts once the record that it names stands in the ledger. Epoch and numbers
go on from tenure to tenure: the chain is one, and no older transfer, assignment or enrolment of a
clinic is good again.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.trust.statements import HASH_BYTES, ID_BYTES, KEY_BYTES
from shared.wire import fields
from shared.wire.fields import wire


@dataclass(frozen=True)
class Owner:
    """Clinic and patient, as the maker's transfer, the clinic's assignment and its roots' rotations
    named them."""

    clinic_id: bytes = wire(1, maximum=32)
    clinic_root: bytes = wire(2, length=KEY_BYTES)
    recovery_root: bytes = wire(3, length=KEY_BYTES)
    demo: bool = wire(4)
    patient_id: bytes = wire(5, length=ID_BYTES)
    initials: str = wire(6, maximum=8)


@dataclass(frozen=True)
class Tenure:
    """Who owns the device from record ``from_number`` on; nobody after a reset.

    ``clinic_id`` is the last clinic's, whose numbers these are; ``rotated`` says that its roots are
    others than the transfer names.
    """

    from_number: int = wire(1, minimum=1)
    epoch: bytes = wire(2, length=ID_BYTES)
    clinic_id: bytes = wire(3, maximum=32)
    transfer_hash: bytes = wire(4, length=HASH_BYTES)
    transfer_number: int = wire(5)
    assignment_number: int = wire(6)
    enrolment_number: int = wire(7)
    rotated: bool = wire(8)
    owner: Owner | None = wire(9, default=None)


def read(data: bytes) -> Tenure:
    """Return the tenure of a page."""
    return fields.unpack(Tenure, data)


def in_force(tenures: tuple[Tenure, ...], count: int) -> Tenure | None:
    """Return the newest tenure whose record stands among the first ``count``; None where nobody
    ever owned the device."""
    begun = [tenure for tenure in tenures if tenure.from_number <= count]
    return max(begun, key=lambda tenure: tenure.from_number, default=None)
