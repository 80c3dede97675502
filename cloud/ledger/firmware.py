"""Which firmware a band runs and how it did with it, by its own verified record.

Kept as records come (`Firmwares.note`), so that pages and recalls ask for a row and read no record.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import FirmwareStint, LedgerChain
from shared.wire.records import BootBody, FaultBody, FirmwareBody, Record

_SAYS = (BootBody, FirmwareBody, FaultBody)


@dataclass(frozen=True)
class Firmware:
    """A version as the band named it; on trial, where not confirmed, it starts no session."""

    version: str
    is_confirmed: bool


def firmware_of(chain: LedgerChain | None) -> Firmware | None:
    """Return what a band's verified record says it runs; None where it doesn't say."""
    if chain is None or chain.firmware is None:
        return None
    return Firmware(chain.firmware, is_confirmed=bool(chain.firmware_kept))


class Firmwares:
    """The stints of one chain, in the caller's transaction."""

    def __init__(self, session: Session, chain: LedgerChain) -> None:
        self._session, self._chain = session, chain
        self._stints: dict[str, FirmwareStint] | None = None

    def note(self, record: Record, received_ms: int) -> None:
        """Take in what one verified record says of the firmware, in the order of the records."""
        body = record.body
        if not isinstance(body, _SAYS):
            return
        at_ms = record.clock_ms or received_ms
        if isinstance(body, BootBody):
            # A trial says so in the record that follows.
            self._runs(body.firmware, at_ms, is_kept=True)
        elif isinstance(body, FirmwareBody):
            self._runs(body.version, at_ms, is_kept=body.confirmed)
        elif self._chain.firmware is not None:
            self._stint(self._chain.firmware, at_ms).fault_ms = at_ms

    def _runs(self, version: str, at_ms: int, *, is_kept: bool) -> None:
        chain = self._chain
        if chain.firmware is not None and chain.firmware != version:
            last = self._stint(chain.firmware, at_ms)
            last.until_ms = at_ms
            if not chain.firmware_kept:
                last.failed_ms = at_ms
        stint = self._stint(version, at_ms)
        stint.until_ms = None
        if not is_kept:
            stint.kept_ms = None
        elif stint.kept_ms is None:
            stint.kept_ms = at_ms
        chain.firmware, chain.firmware_kept = version, is_kept

    def _stint(self, version: str, at_ms: int) -> FirmwareStint:
        if self._stints is None:
            self._stints = _stints_of(self._session, self._chain)
        found = self._stints.get(version)
        if found is not None:
            return found
        chain = self._chain
        made = FirmwareStint(
            clinic_id=chain.clinic_id,
            device_id=chain.device_id,
            epoch=chain.epoch,
            version=version,
            since_ms=at_ms,
        )
        self._session.add(made)
        self._stints[version] = made
        return made


def _stints_of(session: Session, chain: LedgerChain) -> dict[str, FirmwareStint]:
    found = session.scalars(
        select(FirmwareStint).where(
            FirmwareStint.clinic_id == chain.clinic_id,
            FirmwareStint.device_id == chain.device_id,
            FirmwareStint.epoch == chain.epoch,
        )
    )
    return {each.version: each for each in found}
