"""A checkpoint of a state in which nothing is at its default, part by part."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from shared.dose import checkpoint
from shared.dose.ledger import LedgerState
from shared.wire import canonical
from shared.wire.errors import WireError
from tests.shared.dose.full_state import FULL, LAST, RESERVED, session, state

NAMES = [field.name for field in fields(LedgerState)]
PLAIN: list[Any] = canonical.decode(checkpoint.to_bytes(FULL))


def with_part(name: str, value: Any) -> bytes:
    """The full state's bytes with one field's value in another's place."""
    changed = list(PLAIN)
    changed[NAMES.index(name)] = value
    return canonical.encode(changed)


def refusal(data: bytes) -> str:
    with pytest.raises(WireError) as refused:
        checkpoint.from_bytes(data)
    return str(refused.value)


@pytest.mark.parametrize(
    "whole",
    [FULL, state(session=session(reserved=RESERVED)), state(session=None, last_session=LAST)],
)
def test_every_field_comes_back_as_it_was(whole: LedgerState) -> None:
    again = checkpoint.from_bytes(checkpoint.to_bytes(whole))
    assert again == whole
    assert [type(value) for value in vars(again).values()] == [
        type(value) for value in vars(whole).values()
    ]


def test_the_bytes_are_the_fields_in_their_order() -> None:
    assert PLAIN[NAMES.index("number")] == 40
    assert PLAIN[NAMES.index("apps")] == [[b"a" * 16, 4], [b"b" * 16, 6]]
    assert PLAIN[NAMES.index("gates_confirmed")] == [3]
    assert PLAIN[NAMES.index("windows")][0][0][2:] == [600, 1]


def test_the_layout_is_named_in_eight_bytes() -> None:
    assert checkpoint.LAYOUT_BYTES == len(checkpoint.layout()) == 8


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("number", True, "int"),
        ("number", None, "int"),
        ("retired", 1, "bool"),
        ("hash", "text", "bytes"),
        ("fault", b"bytes", "str"),
        ("apps", b"", "list"),
        ("apps", [1], "list"),
        ("apps", [[b"a" * 16]], "1 fields, not 2"),
        ("apps", [[b"a" * 16, 4, 5]], "3 fields, not 2"),
        ("windows", [], "0 fields, not 1"),
        ("gate_outcome", 4, "GateOutcome"),
        ("gate_outcome", True, "GateOutcome"),
        ("gate_outcome", b"", "GateOutcome"),
        ("gates_confirmed", [3, 9], "Gate"),
        ("gates_confirmed", 3, "list"),
    ],
)
def test_what_no_state_has_is_refused_by_its_field(name: str, value: Any, words: str) -> None:
    said = refusal(with_part(name, value))
    assert words in said
    assert "state" in said or name in said


def test_what_may_be_missing_may_be_missing() -> None:
    for name in ("patient_id", "session", "last_session", "clearance", "gate_outcome", "trained"):
        missing: dict[str, Any] = {name: None}
        assert checkpoint.from_bytes(with_part(name, None)) == replace(FULL, **missing)
