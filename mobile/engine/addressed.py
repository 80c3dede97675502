"""For which band an item from the clinic is. One for another band waits until it is this person's.

Not for judging: what an item says of itself is unchecked here, and the band has the last word.
"""

from __future__ import annotations

from mobile.store.downstream import DownItem
from shared.dose import prescription as prescriptions
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.wire import canonical, fields
from shared.wire.errors import WireError
from shared.wire.items import (
    DownKind,
    RelayedWord,
    SignedHold,
    SignedPrescription,
    SignedReceipt,
)

_DEVICE_ID = 1
"""The field that names the band in every word of staff (`shared.trust.staff_words`)."""


def is_for(item: DownItem, device_id: bytes) -> bool:
    """Return whether the item is for this band; what names none, or can't be read, is for each."""
    try:
        named = _named(item)
    except (WireError, TrustError):
        return True
    return named is None or named == device_id


def _named(item: DownItem) -> object:
    if item.kind is DownKind.PRESCRIPTION:
        signed = fields.unpack(SignedPrescription, item.body)
        return prescriptions.from_bytes(signed.prescription).device_id
    if item.kind is DownKind.STAFF_WORD:
        statement = canonical.decode(fields.unpack(RelayedWord, item.body).word.statement)
        return statement.get(_DEVICE_ID) if isinstance(statement, dict) else None
    if item.kind is DownKind.HOLD:
        return sign1.peek(fields.unpack(SignedHold, item.body).statement).audience
    if item.kind is DownKind.RECEIPT:
        return sign1.peek(fields.unpack(SignedReceipt, item.body).statement).audience
    return None
