"""A checkpoint holds all of the ledger's state, in bytes that have one spelling."""

from __future__ import annotations

import dataclasses
from dataclasses import fields, replace
from typing import Any

import pytest

from shared.dose import checkpoint, ledger
from shared.dose.ledger import LedgerState, OpenHold, OpenSession
from shared.dose.totals import Amount, Windows
from shared.trust.statements import GateOutcome, HoldKind
from shared.wire import canonical, records
from shared.wire.errors import WireError

FULL = replace(
    ledger.genesis(b"d" * 16, b"e" * 16),
    number=7,
    windows=Windows().charge(5, Amount(30, 1)).charge(900_000, Amount(48, 0)),
    session=OpenSession(
        b"s" * 16, b"h" * 32, 600, 20, reserved=records.SliceReservedBody(1, 1, 30, 60, 2)
    ),
    holds=(OpenHold(b"i" * 16, HoldKind.SAFETY, 1, "screening", 3, 6),),
    gate_outcome=GateOutcome.POSTPONE,
    clearance=records.ClearanceBody(b"c" * 32, 1, 2, 3, 4, 5),
    last_pulse_ms=None,
    fault="pulse_count",
)


def test_a_state_comes_back_whole() -> None:
    again = checkpoint.from_bytes(checkpoint.to_bytes(FULL))
    assert again == FULL
    assert isinstance(again.gate_outcome, GateOutcome)
    assert again.windows.within(10**9, 900_000) == FULL.windows.within(10**9, 900_000)


def test_no_field_is_left_out() -> None:
    plain = canonical.decode(checkpoint.to_bytes(FULL))
    assert len(plain) == len([field for field in fields(LedgerState) if field.init])


@pytest.mark.parametrize("name", ["number", "total_pulses", "serial", "boot_count", "counter"])
def test_states_that_differ_have_other_bytes(name: str) -> None:
    changed: dict[str, Any] = {name: 99}
    other = replace(FULL, **changed)
    assert checkpoint.to_bytes(other) != checkpoint.to_bytes(FULL)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        canonical.encode(1),
        canonical.encode([]),
        checkpoint.to_bytes(FULL)[:-1],
        canonical.encode([*canonical.decode(checkpoint.to_bytes(FULL)), None]),
        canonical.encode(["7", *canonical.decode(checkpoint.to_bytes(FULL))[1:]]),
    ],
    ids=["empty", "no list", "no fields", "cut", "a field more", "another type"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        checkpoint.from_bytes(data)


def test_a_value_that_no_enum_has_is_refused() -> None:
    plain = canonical.decode(checkpoint.to_bytes(FULL))
    place = [field.name for field in fields(LedgerState) if field.init].index("gate_outcome")
    plain[place] = 99
    with pytest.raises(WireError, match="GateOutcome"):
        checkpoint.from_bytes(canonical.encode(plain))


def test_the_layout_changes_with_the_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    before = checkpoint.layout()
    wider = dataclasses.make_dataclass(
        "LedgerState", [("more", int, 0)], bases=(LedgerState,), frozen=True
    )
    wider.__module__ = LedgerState.__module__
    monkeypatch.setattr(checkpoint, "LedgerState", wider)
    checkpoint.layout.cache_clear()
    try:
        assert checkpoint.layout() != before
    finally:
        checkpoint.layout.cache_clear()
