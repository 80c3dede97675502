"""What stands in the band's verified record and can be lifted by a signature at the desk (R21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.errors import Refused
from cloud.ledger.folds import Folds
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device
from shared.dose.ledger import LedgerError, LedgerState, OpenHold
from shared.trust.staff_words import LiftHold, LiftLine
from shared.trust.statements import HoldKind
from shared.wire.errors import WireError


@dataclass(frozen=True)
class Liftable:
    """One band's holds that a person may lift; ``postponed_hash`` names a postponement if it has
    one. A record that does not hold together isn't read: what stands by it nobody knows."""

    device_id: bytes
    holds: tuple[OpenHold, ...]
    postponed_hash: bytes | None
    reads: bool = True

    @property
    def anything(self) -> bool:
        """Whether there is something to lift."""
        return bool(self.holds) or self.postponed_hash is not None

    def word(self, names: Iterable[str], *, with_postponement: bool = False) -> LiftHold:
        """Return the word that lifts the holds of these ids, in hex; raise Refused for one that
        doesn't stand, or for none at all."""
        known = {each.hold_id.hex(): each for each in self.holds}
        chosen = list(dict.fromkeys(names))
        if any(name not in known for name in chosen):
            raise Refused("One of these holds doesn't stand any more. Open the page again.")
        postponed = self.postponed_hash if with_postponement else None
        if not chosen and postponed is None:
            raise Refused("Choose at least one hold.", code="hold")
        lines = (LiftLine(known[name].hold_id, known[name].record_hash) for name in chosen)
        return LiftHold(self.device_id, tuple(lines), postponed)


def liftable(session: Session, folds: Folds, device: Device, *, now_ms: int) -> Liftable:
    """Return what stands by the band's verified record; a rest ends by itself and stands too."""
    chain = session.scalar(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == device.clinic_id, LedgerChain.device_id == device.device_id)
        .order_by(LedgerChain.received_to.desc())
        .limit(1)
    )
    if chain is None or chain.verified_to == 0:
        return Liftable(device.device_id, (), None)
    try:
        state: LedgerState = folds.state(session, chain, chain.verified_to, chain.verified_hash)
    except (LedgerError, WireError):
        return Liftable(device.device_id, (), None, reads=False)
    folds.keep(state)
    return Liftable(device.device_id, state.holds, state.postponed_hash)


def is_rest(hold: OpenHold) -> bool:
    """Whether the band ends it by itself after 72 h."""
    return hold.kind is HoldKind.REST


def perhaps_held(session: Session, clinic_id: str) -> set[bytes]:
    """Return the patients on whose band a hold stands by its verified record, whoever placed it;
    also those of whose record that was never counted. Only their records are looked into."""
    counted = or_(LedgerChain.holds_open.is_(None), LedgerChain.holds_open > 0)
    found = select(LedgerChain.patient_id).where(
        LedgerChain.clinic_id == clinic_id, LedgerChain.verified_to > 0, counted
    )
    return set(session.scalars(found))
