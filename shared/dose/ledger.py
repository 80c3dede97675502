"""The ledger: a hash chain of records, and what they add up to.

``take`` leads from the state before a record to the state after it, in time and memory that do not
grow with the history. Device, phone and cloud run the same fold over the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.dose import ledger_authority, ledger_dose
from shared.dose.ledger_errors import LedgerError
from shared.dose.ledger_state import (
    APPS_MAX,
    OPEN_HOLDS_MAX,
    REVOCATIONS_MAX,
    ClosedSession,
    Course,
    EnrolledApp,
    LedgerState,
    OpenHold,
    OpenSession,
    Revoked,
)
from shared.dose.waits import begins_a_wait
from shared.wire import records
from shared.wire.records import Record, RecordType

__all__ = [
    "APPS_MAX",
    "OPEN_HOLDS_MAX",
    "REVOCATIONS_MAX",
    "ClosedSession",
    "Course",
    "EnrolledApp",
    "LedgerError",
    "LedgerState",
    "OpenHold",
    "OpenSession",
    "Revoked",
    "chain_hash",
    "fold",
    "follow",
    "genesis",
    "take",
]

Step = Callable[[LedgerState, Record, Any], LedgerState]


def genesis(device_id: bytes, epoch: bytes) -> LedgerState:
    """Return the state before record 1; its hash is over device and random epoch."""
    return LedgerState(hash=hashlib.sha256(b"circlet/ledger/v1" + device_id + epoch).digest())


def chain_hash(previous: bytes, data: bytes) -> bytes:
    """Return h(n) from h(n-1) and the bytes of record n."""
    return hashlib.sha256(previous + data).digest()


def take(state: LedgerState, data: bytes) -> LedgerState:
    """Return the state after the record in ``data``.

    Raise WireError for bytes that are no record, LedgerError for one that does not follow.
    """
    return follow(state, records.decode_record(data), data)


def follow(state: LedgerState, record: Record, data: bytes) -> LedgerState:
    """Return the state after a record that was decoded from ``data``, as ``take`` does."""
    _check_order(state, record)
    return fold(state, record, chain_hash(state.hash, data))


def _check_order(state: LedgerState, record: Record) -> None:
    if record.number != state.number + 1:
        raise LedgerError(record.number, f"follows {state.number}")
    if record.number == 1 and record.type is not RecordType.PROVISIONED:
        raise LedgerError(1, "is not `provisioned`")
    if isinstance(record.body, records.BootBody) and record.body.proven_ms < state.proven_ms:
        raise LedgerError(record.number, "goes back in time")
    if record.boot_count < state.boot_count:
        raise LedgerError(record.number, "is of an earlier boot")
    if record.boot_count > state.boot_count and record.type is not RecordType.BOOT:
        if record.number != 1:
            raise LedgerError(record.number, "is of a boot that has no record")
    elif record.type is not RecordType.BOOT and state.proven_at(record.uptime_ms) < state.proven_ms:
        raise LedgerError(record.number, "goes back in time")


def fold(state: LedgerState, record: Record, record_hash: bytes) -> LedgerState:
    """Return what the state becomes by one record; ``record_hash`` is the chain's hash there."""
    state = replace(
        state,
        number=record.number,
        hash=record_hash,
        boot_count=record.boot_count,
        proven_ms=state.proven_at(record.uptime_ms),
        wait_number=record.number if begins_a_wait(record) else state.wait_number,
    )
    step = _STEPS.get(record.type)
    return state if step is None else step(state, record, record.body)


_STEPS: dict[RecordType, Step] = {**ledger_dose.STEPS, **ledger_authority.STEPS}
