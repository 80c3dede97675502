"""What the same bytes give each time is worked out once: parsing, folding, signatures that hold.

Phone, band and cloud read the same records, requests and certificates over and over. Only functions
of nothing but their arguments stand here, whose answers nobody changes. One schedule in fifty runs
without, and what comes of a schedule is the same either way.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cbor2

from shared.dose import ledger
from shared.dose import prescription as prescriptions
from shared.dose.ledger_state import LedgerState
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.wire import canonical, operations, records
from shared.wire.records import Record

KEPT = 2**14
_remember = functools.lru_cache(maxsize=KEPT)

_follow, _verify = ledger.follow, PublicKey.verify
_followed: dict[tuple[int, bytes], tuple[LedgerState, LedgerState]] = {}


def _follow_once(state: LedgerState, record: Record, data: bytes) -> LedgerState:
    """As `ledger.follow`; a state is known by being the same object, which it keeps alive."""
    found = _followed.get((id(state), data))
    if found is None:
        found = _followed[id(state), data] = (state, _follow(state, record, data))
    return found[1]


_dumps = cbor2.dumps
_ENCODERS = {way: cbor2.CBOREncoder(io.BytesIO(), canonical=way) for way in (False, True)}
"""To make one takes longer than to encode with it; one thread may use it again."""


def _dumps_by_the_same(value: Any, **options: Any) -> bytes:
    if options.keys() <= {"canonical"}:
        return _ENCODERS[options.get("canonical", False)].encode_to_bytes(value)
    return _dumps(value, **options)


_made: set[tuple[bytes, bytes, bytes]] = set()
"""Signatures that a key of the pool made a moment ago: to verify them says nothing new."""


def note_made(key: bytes, signature: bytes, message: bytes) -> None:
    """Remember a signature that holds, for it was just made."""
    if len(_made) >= KEPT:
        _made.clear()
    _made.add((key, signature, message))


@_remember
def _holds(key: bytes, signature: bytes, message: bytes) -> None:
    """Raise where a signature doesn't hold: that is not kept."""
    _verify(PublicKey(key), signature, message)


def _verify_once(key: PublicKey, signature: bytes, message: bytes) -> None:
    if (key.data, signature, message) not in _made:
        _holds(key.data, signature, message)


_PARSERS: tuple[tuple[Any, str], ...] = (
    (canonical, "decode"),
    (records, "decode_record"),
    (operations, "decode_request"),
    (prescriptions, "from_bytes"),
    (prescriptions, "to_bytes"),
    (sign1, "_read"),
    (ledger, "genesis"),
)
_PARSED = [(place, name, _remember(getattr(place, name))) for place, name in _PARSERS]
_INSTEAD: list[tuple[Any, str, Callable[..., Any]]] = [
    *_PARSED,
    (ledger, "follow", _follow_once),
    (PublicKey, "verify", _verify_once),
    (cbor2, "dumps", _dumps_by_the_same),
]


@contextmanager
def remembering() -> Iterator[None]:
    """Have all of it remembered for a while."""
    real = [getattr(place, name) for place, name, _ in _INSTEAD]
    for place, name, instead in _INSTEAD:
        setattr(place, name, instead)
    try:
        yield
    finally:
        for (place, name, _), former in zip(_INSTEAD, real, strict=True):
            setattr(place, name, former)


def forget() -> None:
    """Begin anew, as has to be where the product was changed meanwhile."""
    _followed.clear()
    _made.clear()
    _holds.cache_clear()
    for _, _, parsed in _PARSED:
        parsed.cache_clear()
