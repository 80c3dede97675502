"""A ledger that begins in its midst: what a phone knows that can't have the oldest records (R28).

The chain holds as ever, from the hash before the first record on. What the records add up to is
less than the whole: whoever shows it says that it's a part, and nothing is decided by it.
"""

from __future__ import annotations

from dataclasses import replace

from shared.dose.ledger import chain_hash, follow
from shared.dose.ledger_errors import LedgerError
from shared.dose.ledger_state import LedgerState
from shared.wire import records
from shared.wire.records import Record


def behind(number: int, record_hash: bytes) -> LedgerState:
    """Return the state behind a record that isn't known itself, but its number and hash."""
    return LedgerState(number=number, hash=record_hash)


def take_part(state: LedgerState, data: bytes) -> LedgerState:
    """Return the state after a record of a part of the ledger.

    Raise WireError for bytes that are no record, LedgerError for one that isn't next. A record
    that goes back to what isn't here any more, such as the close of a session that opened before,
    only moves the chain on.
    """
    record = records.decode_record(data)
    if record.number != state.number + 1:
        raise LedgerError(record.number, f"follows {state.number}")
    if state.boot_count == 0:
        state = replace(state, boot_count=record.boot_count)
    try:
        return follow(state, record, data)
    except LedgerError:
        return _moved_on(state, record, data)


def _moved_on(state: LedgerState, record: Record, data: bytes) -> LedgerState:
    return replace(
        state,
        number=record.number,
        hash=chain_hash(state.hash, data),
        boot_count=record.boot_count,
        proven_ms=max(state.proven_ms, state.proven_at(record.uptime_ms)),
    )
