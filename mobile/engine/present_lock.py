"""Which verdict holds at the moment: the band's, or this phone's own while the band is away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mobile.engine import held, verdict
from mobile.presenters.lapse import ClearanceFacts
from mobile.presenters.lock import Lock, LockReason
from shared.dose.reasons import Reason, ReasonCode

if TYPE_CHECKING:
    from mobile.engine.context import Context


def lock_of(context: Context) -> Lock:
    """Return the band's verdict, or this phone's own while the band is away; a hold of this phone's
    that the band hasn't got yet locks already."""
    lock = _lock_of(context)
    if lock.is_held or not held.on_its_way(context):
        return lock
    return replace(lock, reasons=(LockReason(Reason(ReasonCode.HOLD)), *lock.reasons))


def _lock_of(context: Context) -> Lock:
    status, ledger, plan = context.status, context.ledger, context.plan
    if status is not None and context.is_linked:
        return verdict.band_lock(status, context.instants)
    if ledger is None or context.enrolment is None:
        return Lock((LockReason(Reason(ReasonCode.NOT_PROVISIONED)),), by_band=False)
    if ledger.is_part:
        return Lock((), by_band=False, unknown=True)
    return verdict.own_lock(
        None if plan is None else plan.prescription,
        context.enrolment.device_id,
        ledger.state,
        context.instants,
    )


def clearance_facts(context: Context) -> ClearanceFacts | None:
    """Until when the band takes the clinic's word: as it says itself, else as it's on record."""
    status, ledger, plan = context.status, context.ledger, context.plan
    if plan is None:
        return None
    limit_s = plan.prescription.clearance_limit_s
    if status is not None and status.clearance_ends_s is not None:
        return ClearanceFacts(status.clearance_ends_s * 1000, limit_s * 1000)
    if ledger is None or ledger.state.clearance is None:
        return None
    return ClearanceFacts(ledger.state.clearance.ends(limit_s) * 1000, limit_s * 1000)
