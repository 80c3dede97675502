"""Which firmware a band runs, by its own verified record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain
from shared.wire.errors import WireError
from shared.wire.records import BootBody, FirmwareBody, decode_record

LOOKED_BACK = 256
"""Newest verified records among which a band's firmware is looked for (own choice)."""


@dataclass(frozen=True)
class Firmware:
    """A version as the band named it; on trial, where not confirmed, it starts no session."""

    version: str
    is_confirmed: bool


def firmware_of(session: Session, chain: LedgerChain | None) -> Firmware | None:
    """Return what the newest verified records say a band runs; None where they don't say."""
    if chain is None or chain.verified_to == 0:
        return None
    for data in stretches.newest(session, chain, LOOKED_BACK):
        try:
            body = decode_record(data).body
        except WireError:
            continue
        if isinstance(body, BootBody):
            return Firmware(body.firmware, is_confirmed=True)
        if isinstance(body, FirmwareBody):
            return Firmware(body.version, body.confirmed)
    return None
