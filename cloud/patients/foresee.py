"""When the next session may open: the shared lock over the verified record, to foresee only.

The band decides by itself, from its own record; this is what the clinic can know of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.ledger import stretches
from cloud.ledger.folds import Folds
from cloud.ledger.models import LedgerChain
from cloud.patients.record import TreatmentRecord
from cloud.prescriptions.service import read_prescription
from shared.dose.ledger import LedgerState, OpenHold
from shared.dose.lock import Case, Times, decide
from shared.dose.reasons import Reason, Severity
from shared.wire.records import decode_record

LOOKED_BACK = 64


@dataclass(frozen=True)
class Foresight:
    """``from_ms`` is when time alone would allow it (None: not by time), with what stands in the
    way."""

    from_ms: int | None
    reasons: tuple[Reason, ...]
    by_clinic: bool

    @property
    def last_wait(self) -> Reason | None:
        """The reason that time ends last."""
        waits = [r for r in self.reasons if r.ends_proven_ms is not None]
        return max(waits, key=lambda r: r.ends_proven_ms or 0, default=None)

    @property
    def gravest(self) -> Reason | None:
        """The reason that only people end, service before clinic before patient."""
        return max(self.reasons, key=lambda r: r.severity, default=None)


def foresee(
    session: Session, folds: Folds, record: TreatmentRecord, *, now_ms: int
) -> Foresight | None:
    """Return when the next session may open; None before anything is installed."""
    chain, stored = record.chain, record.in_force
    if chain is None or stored is None or chain.verified_to == 0:
        return None
    state = _verified(session, folds, chain)
    wall_ms = _last_wall_ms(session, record)
    proven_ms = state.proven_ms + max(0, now_ms - wall_ms if wall_ms else 0)
    verdict = decide(
        Case(
            prescription=read_prescription(stored),
            device_id=stored.device_id,
            ledger=state,
            times=Times(proven_ms, now_ms),
            condition=None,
        )
    )
    waits = [r for r in verdict.reasons if r.ends_proven_ms is not None]
    until_ms = max((r.ends_proven_ms or 0 for r in waits), default=proven_ms)
    by_clinic = any(r.severity in (Severity.CLINIC, Severity.SERVICE) for r in verdict.reasons)
    return Foresight(
        from_ms=None if by_clinic else now_ms + until_ms - proven_ms,
        reasons=verdict.reasons,
        by_clinic=by_clinic,
    )


def holds_on_band(session: Session, folds: Folds, record: TreatmentRecord) -> tuple[OpenHold, ...]:
    """Return the holds in force by the band's verified record, whoever placed them, in its order;
    up to eight, the last one with how many more joined it (R21)."""
    chain = record.chain
    if chain is None or chain.verified_to == 0:
        return ()
    return _verified(session, folds, chain).holds


def _verified(session: Session, folds: Folds, chain: LedgerChain) -> LedgerState:
    state = folds.state(session, chain, chain.verified_to, chain.verified_hash)
    folds.keep(state)
    return state


def _last_wall_ms(session: Session, record: TreatmentRecord) -> int | None:
    chain = record.chain
    if chain is None:
        return None
    for data in stretches.newest(session, chain, LOOKED_BACK):
        found = decode_record(data)
        if found.clock_ms is not None:
            return found.clock_ms
    return None
