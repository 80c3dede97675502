"""Reads the records that stand around a session's slices every day, in a fraction of the time.

Nine in ten of what isn't a slice are of five kinds: clearance, screening, a session's beginning and
end, the answers after it. `read` leaves any other record, and any other spelling of these, to
`shared.wire.records`: what it returns is what that returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from cloud.ledger.spelling import BOOL, CLOCK, HASH, ID, NO_ITEMS, UINT, wholes
from shared.trust.statements import GateOutcome
from shared.wire.record_types import CloseCause, RecordType, SessionKind
from shared.wire.records import (
    MAXIMUM_RECORD_BYTES,
    ClearanceBody,
    GateAnswersBody,
    Record,
    SessionClosedBody,
    SessionOpenedBody,
    SideEffectAnswersBody,
    decode_record,
)

_NUMBER = (UINT, lambda part: wholes((part,))[0])
_FLAG = (BOOL, lambda part: part == b"\xf5")
_NONE = (NO_ITEMS, lambda _: ())
_DIGEST, _NAME = (HASH, bytes), (ID, bytes)
_OUTCOME = (UINT, {bytes([each]): each for each in GateOutcome}.__getitem__)
_KIND = (UINT, {bytes([each]): each for each in SessionKind}.__getitem__)
_CAUSE = (UINT, {bytes([each]): each for each in CloseCause}.__getitem__)

_MEMBERS: dict[type[Any], tuple[Any, ...]] = {
    ClearanceBody: (_DIGEST, _NUMBER, _NUMBER, _NUMBER, _NUMBER, _NUMBER),
    GateAnswersBody: (_DIGEST, _OUTCOME, _NUMBER, _NUMBER, _NONE),
    SessionOpenedBody: (_NAME, _DIGEST, _NUMBER, _NUMBER, _DIGEST, _KIND),
    SessionClosedBody: (_NAME, _CAUSE, _FLAG, _NUMBER),
    SideEffectAnswersBody: (_DIGEST, _NAME, _FLAG),
}
"""What each body is made of: its keys are 1 and so on."""


class _Form(NamedTuple):
    """How one kind of body is spelled, and what its parts say."""

    type: RecordType
    make: Callable[..., Any]
    spelled: re.Pattern[bytes]
    meanings: tuple[Callable[[bytes], Any], ...]


def _form(body: type[Any]) -> _Form:
    members = _MEMBERS[body]
    keyed = [bytes([key]) + spelled for key, (spelled, _) in enumerate(members, start=1)]
    whole = re.compile(bytes([0xA0 + len(members)]) + b"".join(keyed))
    return _Form(body.TYPE, body, whole, tuple(meaning for _, meaning in members))


def _type_bytes(type_: int) -> bytes:
    return bytes([type_]) if type_ < 24 else bytes([0x18, type_])


_FORMS = {_type_bytes(body.TYPE): _form(body) for body in _MEMBERS}
_TYPE = b"(" + b"|".join(re.escape(each) for each in _FORMS) + b")"
_HEAD = re.compile(rb"\x86" + UINT + _TYPE + UINT + UINT + CLOCK)


def read(data: bytes) -> Record:
    """Return the record; raise WireError for anything that this version cannot read whole."""
    head = _HEAD.match(data)
    if head is None or len(data) > MAXIMUM_RECORD_BYTES:
        return decode_record(data)
    form = _FORMS[head[2]]
    found = form.spelled.fullmatch(data, head.end())
    if found is None:
        return decode_record(data)
    try:
        parts = zip(form.meanings, found.groups(), strict=True)
        body = form.make(*[meaning(part) for meaning, part in parts])
    except KeyError:  # an enumeration's number that this version doesn't know
        return decode_record(data)
    number, boot_count, uptime_ms, clock_ms = wholes(head.group(1, 3, 4, 5))
    assert number is not None
    assert boot_count is not None
    assert uptime_ms is not None
    return Record(number, form.type, boot_count, uptime_ms, clock_ms, body)
