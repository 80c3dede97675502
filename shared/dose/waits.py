"""Which records begin a wait: a loss before one shortens no wait behind it (R4 to R6, R8)."""

from __future__ import annotations

from shared.trust.statements import GateOutcome
from shared.wire import records
from shared.wire.records import Record, RecordType

_BEGINS_A_WAIT = frozenset(
    {
        RecordType.SESSION_OPENED,
        RecordType.SLICE_RESERVED,
        RecordType.SLICE_CLOSED,
        RecordType.SESSION_PAUSED,
        RecordType.SESSION_RESUMED,
        RecordType.SESSION_CLOSED,
        RecordType.HOLD_PLACED,
        RecordType.POSTPONED,
        RecordType.THRESHOLD_MEASURED,
        RecordType.PROVISIONED,
    }
)


def begins_a_wait(record: Record) -> bool:
    """Return whether a lock, a window or a hold's own end may be reckoned from this record on."""
    body = record.body
    if isinstance(body, records.GateAnswersBody):
        return body.outcome is GateOutcome.POSTPONE
    if isinstance(body, records.PrescriptionInstalledBody):
        return body.opening is not None
    return record.type in _BEGINS_A_WAIT
