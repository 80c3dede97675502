"""A sentence for the person for every error that the engine knows; None for one that it doesn't."""

from __future__ import annotations

from firmware_bridge.link import DeviceRefused, LinkError, TransferBroken
from firmware_bridge.timebase import TimebaseError
from mobile.engine.setting_up import WrongBand
from mobile.platform import KeyStoreError
from mobile.presenters.refusals import refusal_words
from mobile.store import StoreError
from mobile.sync import SyncError
from shared.dose.ledger import LedgerError
from shared.trust.errors import TrustError
from shared.wire.errors import WireError

KNOWN = (
    LinkError,
    SyncError,
    StoreError,
    KeyStoreError,
    WrongBand,
    LedgerError,
    TrustError,
    WireError,
    TimebaseError,
)
_IF_IT_STAYS = "If this stays, call your clinic."


def sentence_of(problem: Exception) -> str:
    """Return the sentence for an error that the engine expects."""
    if isinstance(problem, DeviceRefused):
        return refusal_words(problem.reason, problem.reason_codes)
    if isinstance(problem, TransferBroken):
        return f"{problem} Nothing of it was kept; it's asked for again. {_IF_IT_STAYS}"
    if isinstance(problem, LedgerError):
        return (
            f"The band's record doesn't fit together ({problem}). Nothing of it was kept; it's "
            f"asked for again. {_IF_IT_STAYS}"
        )
    if isinstance(problem, (TrustError, WireError)):
        return f"What came can't be trusted ({problem}). Nothing was changed. Call your clinic."
    return str(problem)
