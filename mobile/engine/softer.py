"""Softer: one step down of the output (R13), now or at the next start, where it was wished for.

The band only ever lowers it, and only within a session; each slice's record holds the output.
"""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.presenters.screening import SofterFacts
from mobile.store import Store

STEP_PERCENT_MSO = 5
"""One step, in percent of the maximum output (own figure: it can be felt, and keeps most of the
dose)."""
_SETTING = "softer-next"


def softened(percent_mso: int) -> int:
    """Return the output one step below; never none at all."""
    return max(1, percent_mso - STEP_PERCENT_MSO)


def wish(store: Store) -> None:
    """Offer a softer session at the next start."""
    store.settings.put(_SETTING, b"1")


def forget_wish(store: Store) -> None:
    """It was offered, taken or not."""
    store.settings.put(_SETTING, b"")


def is_wished(store: Store) -> bool:
    """Whether a softer session was wished for."""
    return bool(store.settings.get(_SETTING))


def present_percent(context: Context) -> int | None:
    """Return the output now, or that of the session to come; None where no plan is known."""
    status, plan, ledger = context.status, context.plan, context.ledger
    if status is not None and status.percent_mso is not None:
        return status.percent_mso
    if plan is None:
        return None
    completed = 0 if ledger is None else ledger.state.course_completed
    return plan.prescription.percent_mso(0, completed)


def facts(context: Context, *, chosen: bool) -> SofterFacts | None:
    """Return what a softer session would be, where it's wished for."""
    percent = present_percent(context)
    if percent is None or not is_wished(context.store):
        return None
    return SofterFacts(percent, softened(percent), chosen)
