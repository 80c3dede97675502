"""The sizes that docs/protocol.md gives are those of the longest messages, encoded."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest

from scripts.protocol_cddl import covered, rule_name, statement_kinds
from scripts.protocol_sizes import (
    answer_bytes,
    maximum_bytes,
    record_bytes,
    request_bytes,
    statement_bytes,
)
from shared.dose.prescription import Part, Prescription
from shared.stimulation.pattern import Pattern
from shared.trust.passkey import Assertion
from shared.trust.staff_words import SignedWord
from shared.wire import canonical, records
from shared.wire.items import SignedPrescription
from shared.wire.operations import TABLE, Operation
from shared.wire.records import BODIES, RecordType
from tests.shared.wire.maps import full

NOT_BY_FORM = {Pattern, Part, Prescription, Assertion, SignedWord, SignedPrescription}
"""Their fields are bound by more than their own limits."""

BY_FORM = [kind for kind in covered() if kind not in NOT_BY_FORM]
LONGEST_AUDIENCE = bytes(32)
HEADER = canonical.encode({1: -7, 4: bytes(16)})


def longest(kind: type[Any]) -> int:
    return len(canonical.encode(full(kind)))


@pytest.mark.parametrize("kind", BY_FORM, ids=rule_name)
def test_longest_map_has_as_many_bytes_as_is_said(kind: type[Any]) -> None:
    assert maximum_bytes(kind) == longest(kind)


@pytest.mark.parametrize("kind", statement_kinds(), ids=rule_name)
def test_longest_statement_has_as_many_bytes_as_is_said(kind: type[Any]) -> None:
    payload = canonical.encode({0: kind.TYPE, 1: bytes(16), 2: LONGEST_AUDIENCE, 3: full(kind)})
    envelope = cbor2.dumps(cbor2.CBORTag(18, [HEADER, {}, payload, bytes(64)]))
    assert statement_bytes(kind) == len(envelope)


@pytest.mark.parametrize("operation", Operation, ids=lambda each: each.name.lower())
def test_longest_request_and_answer_have_as_many_bytes_as_is_said(operation: Operation) -> None:
    row = TABLE[operation]
    request = [2**32 - 1, int(operation), full(row.arguments)]
    answer = [2**32 - 1, 0, full(row.result)]
    assert request_bytes(operation) == len(canonical.encode(request))
    assert answer_bytes(operation) >= len(canonical.encode(answer))


@pytest.mark.parametrize("number", RecordType, ids=lambda each: each.name.lower())
def test_longest_record_has_as_many_bytes_as_is_said(number: RecordType) -> None:
    body = BODIES.get(number)
    most = 2**53 - 1
    line = [most, int(number), most, most, most, {} if body is None else full(body)]
    most_bytes = min(len(canonical.encode(line)), records.MAXIMUM_RECORD_BYTES)
    assert record_bytes(number) == most_bytes
