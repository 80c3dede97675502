"""The CDDL in docs/protocol.md and the codec take the same maps, and refuse the same.

Read by pycddl, which looks closely at a rule's own level only: so every rule is tried by itself.
It doesn't ask which kind of string has a `.size`; the codec does.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import cbor2
import pycddl
import pytest

import shared
from scripts.protocol_cddl import cddl, covered, rule_name, statement_kinds
from scripts.protocol_table import DOCUMENT
from scripts.vectors.keys import key_for_tests
from scripts.vectors.samples import sample
from shared.care import bodies, card, caregiver, documents, from_clinic
from shared.firmware import manifest
from shared.instruments import packs
from shared.trust import audit_chain, sealing, sign1
from shared.wire import (
    canonical,
    delivery,
    fields,
    items,
    ledger_file,
    operations,
    records,
    session_log,
)
from shared.wire.errors import WireError
from shared.wire.operations import TABLE, Answer, Operation, Refusal, Request, StatusCode
from shared.wire.records import BODIES, Record, RecordType
from tests.shared.wire.maps import bare, broken, full


def own_of(module: ModuleType) -> Iterator[type[Any]]:
    """The dataclasses that a module makes."""
    for kind in vars(module).values():
        is_own = getattr(kind, "__module__", "") == module.__name__
        if is_own and isinstance(kind, type) and dataclasses.is_dataclass(kind):
            yield kind


NOT_THE_BANDS: set[Any] = {
    *(
        kind
        for module in (bodies, card, caregiver, documents, from_clinic, packs, session_log)
        for kind in own_of(module)
    ),
    items.SignedHold,
    items.SignedConfirmation,
    items.SignedReceipt,
    items.SignedLastWord,
    items.RelayedWord,
    items.TimeRequest,
    items.CheckinBody,
    audit_chain.AuditHead,
    delivery.Delivery,
    ledger_file.Header,
    ledger_file.Start,
    sealing.Sealed,
    manifest.Manifest,
}
"""What phone and cloud exchange, the file that a verifier reads (docs/verifying.md), and what
stands in an emulated image (docs/firmware-update.md)."""


TEXT = cddl()


@cache
def schema(rule: str) -> pycddl.Schema:
    return pycddl.Schema(f"whole = {rule}\n{TEXT}")


def fits(rule: str, value: Any) -> bool:
    """Whether the rule takes this value."""
    return fits_bytes(rule, cbor2.dumps(value))


def fits_bytes(rule: str, data: bytes) -> bool:
    try:
        schema(rule).validate_cbor(data)
    except pycddl.ValidationError:
        return False
    return True


def taken(kind: type[Any], value: Any) -> bool:
    """Whether the codec takes this value."""
    try:
        fields.from_map(kind, value)
    except WireError:
        return False
    return True


def on_the_wire() -> Iterator[type[Any]]:
    """Every dataclass of `shared` that has fields on the wire."""
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        for kind in vars(importlib.import_module(module.name)).values():
            if not isinstance(kind, type) or not dataclasses.is_dataclass(kind):
                continue
            if any("wire" in field.metadata for field in dataclasses.fields(kind)):
                yield kind


def test_document_has_the_cddl() -> None:
    assert cddl() in DOCUMENT.read_text("utf-8")


def test_everything_on_the_bands_wire_has_a_rule() -> None:
    found = set(on_the_wire())
    assert len(found) > 80
    assert found - NOT_THE_BANDS - set(covered()) == set()
    assert found >= NOT_THE_BANDS


@pytest.mark.parametrize("kind", covered(), ids=rule_name)
def test_what_the_codec_takes_the_rule_takes(kind: type[Any]) -> None:
    for value in (full(kind), bare(kind)):
        assert taken(kind, value), value
        assert fits(rule_name(kind), value), value


@pytest.mark.parametrize("kind", covered(), ids=rule_name)
def test_what_is_broken_both_refuse(kind: type[Any]) -> None:
    for what, value in broken(kind):
        assert not taken(kind, value), what
        assert not fits(rule_name(kind), value), what


@pytest.mark.parametrize("operation", Operation, ids=lambda each: each.name.lower())
def test_requests_and_answers_are_as_their_rules_say(operation: Operation) -> None:
    row, name = TABLE[operation], operation.name.lower().replace("_", "-")
    for made in (full, bare):
        arguments = fields.from_map(row.arguments, made(row.arguments))
        result = fields.from_map(row.result, made(row.result))
        request = operations.encode_request(Request(2**32 - 1, operation, arguments))
        granted = operations.encode_answer(Answer(0, StatusCode.OK, result))
        assert fits_bytes(f"request-{name}", request)
        assert fits_bytes(f"answer-{name}", granted)
    refused = operations.encode_answer(Answer(7, StatusCode.LOCKED, Refusal("locked", (11, 20))))
    assert fits_bytes(f"answer-{name}", refused)
    assert not fits(f"request-{name}", [1, int(operation) + 1, made(row.arguments)])
    assert not fits(f"request-{name}", [2**32, int(operation), made(row.arguments)])
    assert not fits(f"request-{name}", [1, int(operation)])
    assert not fits(f"answer-{name}", [1, max(StatusCode) + 1, {1: "locked", 2: []}])


@pytest.mark.parametrize("number", RecordType, ids=lambda each: each.name.lower())
def test_records_are_as_their_rules_say(number: RecordType) -> None:
    body = BODIES.get(number)
    filled = None if body is None else fields.from_map(body, bare(body))
    name = f"record-{number.name.lower().replace('_', '-')}"
    data = records.encode_record(Record(1, number, 1, 0, 1_790_000_000_000, filled))
    without_clock = records.encode_record(Record(1, number, 1, 0, None, filled))
    for rule in (name, "record"):
        assert fits_bytes(rule, data)
        assert fits_bytes(rule, without_clock)
    line = canonical.decode(data)
    assert not fits(name, [*line[:1], max(RecordType) + 1, *line[2:]])
    assert not fits(name, line[:-1])
    assert not fits(name, [*line[:4], -1, line[5]])


@pytest.mark.parametrize("kind", statement_kinds(), ids=rule_name)
def test_envelopes_are_as_their_rules_say(kind: type[Any]) -> None:
    made = sample(kind, kind.TYPE)
    envelope = sign1.sign(made, audience=b"audience", signer=key_for_tests("cddl"))
    protected, _, payload, _ = canonical.decode(envelope[1:])
    assert fits_bytes("cose-sign1", envelope)
    assert fits_bytes("protected-header", protected)
    assert fits_bytes(f"statement-{rule_name(kind)}", payload)
    assert fits_bytes("statement", payload)
    said = canonical.decode(payload)
    other = f"statement-{rule_name(kind)}"
    assert not fits(other, said | {0: "circlet/other/v1"})
    assert not fits(other, said | {1: b"short"})
    assert not fits(other, said | {4: 0})


def test_envelope_of_another_form_fits_no_rule() -> None:
    assert not fits("cose-sign1", cbor2.CBORTag(17, [b"", {}, b"", bytes(64)]))
    assert not fits("cose-sign1", cbor2.CBORTag(18, [b"", {}, b"", bytes(63)]))
    assert not fits("cose-sign1", cbor2.CBORTag(18, [b"", {}, b""]))
    assert not fits("protected-header", {1: -8, 4: bytes(16)})
    assert not fits("protected-header", {1: -7})
