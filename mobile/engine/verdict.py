"""The lock as the person is told of it: the band's own verdict, or this phone's while it's away."""

from __future__ import annotations

from collections.abc import Iterable

from mobile.engine.instants import Instants
from mobile.presenters.lock import Lock, LockReason
from shared.dose.ledger import LedgerState
from shared.dose.lock import Case, Times, decide
from shared.dose.prescription import Prescription
from shared.dose.reasons import Reason, ReasonCode
from shared.wire.status import Status


def band_lock(status: Status, instants: Instants) -> Lock:
    """Return the band's verdict; reasons whose time has passed since it was given are left out."""
    now_ms = instants.proven_ms()
    reasons = (Reason(reason_code(line.code), line.ends_proven_ms) for line in status.reasons)
    return _lock((r for r in reasons if _lasts(r, now_ms)), instants, by_band=True)


def own_lock(
    prescription: Prescription | None, device_id: bytes, ledger: LedgerState, instants: Instants
) -> Lock:
    """Return what this phone works out from the record that it holds."""
    case = Case(
        prescription=prescription,
        device_id=device_id,
        ledger=ledger,
        times=Times(instants.proven_ms(), instants.wall_ms()),
        condition=None,
    )
    return _lock(decide(case).reasons, instants, by_band=False)


def reason_code(code: int) -> ReasonCode:
    """Return the reason of a number on the wire; one that this version doesn't know is a fault."""
    try:
        return ReasonCode(code)
    except ValueError:
        return ReasonCode.FAULT


def _lasts(reason: Reason, now_ms: int) -> bool:
    return reason.ends_proven_ms is None or reason.ends_proven_ms > now_ms


def _lock(reasons: Iterable[Reason], instants: Instants, *, by_band: bool) -> Lock:
    lines = tuple(
        LockReason(
            reason,
            None if reason.ends_proven_ms is None else instants.wall_of(reason.ends_proven_ms),
        )
        for reason in reasons
    )
    return Lock(lines, by_band=by_band)
