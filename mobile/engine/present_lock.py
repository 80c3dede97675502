"""Which verdict holds at the moment: the band's, or this phone's own while the band is away."""

from __future__ import annotations

from mobile.engine import verdict
from mobile.engine.context import Context
from mobile.presenters.lock import Lock, LockReason
from shared.dose.reasons import Reason, ReasonCode


def lock_of(context: Context) -> Lock:
    """Return the band's verdict, or this phone's own while the band is away."""
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
