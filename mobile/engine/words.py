"""A sentence for the person for every error that the engine knows; None for one that it doesn't."""

from __future__ import annotations

from firmware_bridge.link import DeviceRefused, LinkError
from firmware_bridge.timebase import TimebaseError
from mobile.engine.link_words import IF_IT_STAYS, link_words
from mobile.engine.setting_up import WrongBand
from mobile.language import told
from mobile.platform import KeyStoreError
from mobile.presenters.clinic_words import refused_by_clinic
from mobile.presenters.distrust import (
    clock_words,
    distrust_words,
    record_words,
    unreadable_words,
)
from mobile.presenters.refusals import refusal_words
from mobile.store import StoreError
from mobile.sync import ClinicRefused, SyncError
from shared.dose.ledger import LedgerError
from shared.trust.errors import TrustError
from shared.wire.errors import WireError
from shared.wire.operations import StatusCode

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


def sentence_of(problem: Exception) -> str:
    """Return the sentence for an error that the engine expects."""
    if isinstance(problem, DeviceRefused):
        return refusal_words(problem.reason, problem.reason_codes)
    if isinstance(problem, LinkError):
        return link_words(problem)
    if isinstance(problem, LedgerError):
        return f"{record_words(problem.number)} {told(IF_IT_STAYS)}"
    if isinstance(problem, TrustError):
        return distrust_words(problem.code)
    if isinstance(problem, WireError):
        return unreadable_words(problem.field)
    if isinstance(problem, TimebaseError):
        return clock_words(problem.code)
    if isinstance(problem, ClinicRefused):
        return refused_by_clinic(problem.reason, str(problem))
    return str(problem)


def is_out_of_service(problem: Exception) -> bool:
    """Whether the band has failed: trying again won't mend it."""
    return isinstance(problem, DeviceRefused) and problem.status is StatusCode.FAULT
