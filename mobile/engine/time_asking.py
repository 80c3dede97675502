"""Asks the band for the nonce over which a prescriber attests its time, and sends it up (R6).

Only where time that it lost keeps a session from opening. The same nonce is asked about once: a
fresh one would void what is being signed. After its life, or once the band refused what was signed
over it, the phone asks anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firmware_bridge.link import StimulatorClient
from mobile.engine.ledger_copy import LedgerCopy
from mobile.store import Store
from mobile.store.outbox import OutboxItem
from shared.dose.reasons import ReasonCode
from shared.trust.statements import NONCE_BYTES, HoldKind
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.items import TimeRequest, UpKind, time_request_id
from shared.wire.operations import NONCE_LIFE_MS, NoncePurpose
from shared.wire.status import Status

ENDED_BY_PROVEN_TIME = frozenset(
    {
        ReasonCode.SESSION_INTERVAL,
        ReasonCode.DAY_WINDOW,
        ReasonCode.WEEK_WINDOW,
        ReasonCode.CEILING_24H,
        ReasonCode.CEILING_168H,
        ReasonCode.SCREENING_POSTPONED,
        ReasonCode.PHASE_INTERVAL,
        ReasonCode.PHASE_WEEK,
    }
)
DEAD_NONCE = frozenset({"nonce_unknown", "nonce_expired", "nonce_void"})
"""How a band refuses a word whose nonce is good for nothing any more."""
_SETTING = "time-asked"


@dataclass(frozen=True)
class _Asked:
    """What was asked last: over which record, with which nonce, when."""

    before_number: int = wire(1)
    nonce: bytes = wire(2, length=NONCE_BYTES)
    asked_ms: int = wire(3)


async def ask(
    store: Store,
    stimulator: StimulatorClient,
    ledger: LedgerCopy,
    status: Status,
    device_id: bytes,
    *,
    now_ms: int,
) -> None:
    """Ask once where it helps; the request stands in the outbox when this returns."""
    before = ledger.lost.before
    if before is None or not ledger.lost.is_enough or not _waits(status, ledger):
        return
    if _is_asked(store, before.number, now_ms):
        return
    nonce = await stimulator.nonce(NoncePurpose.ATTEST_TIME)
    request = TimeRequest(device_id, nonce, now_ms)
    item = OutboxItem(time_request_id(device_id, nonce), UpKind.TIME_REQUEST, fields.pack(request))
    with store.transaction():
        store.outbox.queue([item], now_ms=now_ms)
        store.settings.put(_SETTING, fields.pack(_Asked(before.number, nonce, now_ms)))


def refused(store: Store, reasons: Iterable[str]) -> None:
    """Ask anew where what was signed came too late for its nonce."""
    if not DEAD_NONCE.isdisjoint(reasons):
        store.settings.put(_SETTING, b"")


def _waits(status: Status, ledger: LedgerCopy) -> bool:
    """Whether something stands that proven time ends, a rest among it."""
    codes = {line.code for line in status.reasons}
    rests = any(hold.kind is HoldKind.REST for hold in ledger.state.holds)
    return rests or not codes.isdisjoint(ENDED_BY_PROVEN_TIME)


def _is_asked(store: Store, before_number: int, now_ms: int) -> bool:
    """Whether what was asked last is about this loss, and its nonce still lives."""
    kept = store.settings.get(_SETTING)
    if not kept:
        return False
    asked, life_ms = fields.unpack(_Asked, kept), NONCE_LIFE_MS[NoncePurpose.ATTEST_TIME]
    return asked.before_number == before_number and now_ms < asked.asked_ms + life_ms
